/* raw.c - ESP packets on a raw socket. The kernel makes the IP header on the way out and, for
 * IPv4, leaves it in front on the way in. */
#define _GNU_SOURCE 1
#include "harness/net/raw.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define PROTO_ESP 50

static socklen_t raw_address(const struct addr *a, struct sockaddr_storage *out)
{
    memset(out, 0, sizeof *out);
    if (a->family == 6) {
        struct sockaddr_in6 *s = (struct sockaddr_in6 *)out;
        s->sin6_family = AF_INET6;
        memcpy(&s->sin6_addr, a->ip, 16);
        return sizeof *s;
    }
    struct sockaddr_in *s = (struct sockaddr_in *)out;
    s->sin_family = AF_INET;
    memcpy(&s->sin_addr, a->ip, 4);
    return sizeof *s;
}

int raw_open(const struct addr *local)
{
    struct sockaddr_storage ss;
    socklen_t len = raw_address(local, &ss);
    int fd = socket(ss.ss_family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, PROTO_ESP);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&ss, len) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

bool raw_send(int fd, const struct addr *remote, struct span packet)
{
    struct sockaddr_storage ss;
    socklen_t len = raw_address(remote, &ss);
    return fd >= 0 && sendto(fd, packet.p, packet.len, MSG_DONTWAIT | MSG_NOSIGNAL,
                             (struct sockaddr *)&ss, len) >= 0;
}

bool raw_recv(int fd, bool v6, uint8_t *buf, size_t cap, struct ike_dgram *d)
{
    struct sockaddr_storage from;
    socklen_t from_len = sizeof from;
    ssize_t n = recvfrom(fd, buf, cap, MSG_DONTWAIT, (struct sockaddr *)&from, &from_len);
    if (n < 0)
        return false;
    struct span packet = span_of(buf, (size_t)n);
    if (v6) {
        d->remote.family = 6;
        memcpy(d->remote.ip, &((struct sockaddr_in6 *)&from)->sin6_addr, 16);
    } else {
        size_t header = n > 0 ? (size_t)(buf[0] & 15) * 4 : 0;
        packet = span_part(packet, header, packet.len);
        d->remote.family = 4;
        memcpy(d->remote.ip, &((struct sockaddr_in *)&from)->sin_addr, 4);
    }
    d->p = packet.p;
    d->len = packet.len;
    return true;
}
