/* prober.c - a lock-step prober. */
#define _GNU_SOURCE 1
#include "harness/net/prober.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define DATAGRAM 65536u
#define PATIENCE 100000 /* us until a request is given up */
#define PORT     500u

static usec_t clock_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (usec_t)ts.tv_sec * USEC_PER_S + (usec_t)ts.tv_nsec / 1000;
}

static int connected(const struct addr *remote)
{
    const struct timeval patience = { .tv_usec = PATIENCE };
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    in_port_t port = htons(remote->port != 0 ? remote->port : PORT);
    v4.sin_port = v6.sin6_port = port;
    memcpy(&v4.sin_addr, remote->ip, 4);
    memcpy(&v6.sin6_addr, remote->ip, 16);
    bool six = remote->family == 6;
    int fd = socket(six ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
        connect(fd, six ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4,
                six ? sizeof v6 : sizeof v4) == 0)
        return fd;
    close(fd);
    return -1;
}

enum err prober_run(const struct addr *remote, struct span request, usec_t us, struct prober *out)
{
    static uint8_t ask[DATAGRAM], answer[DATAGRAM];
    *out = (struct prober){ 0 };
    if (request.len < 8 || request.len > sizeof ask)
        return ERR_SPACE;
    int fd = connected(remote);
    if (fd < 0)
        return ERR_STATE;
    memcpy(ask, request.p, request.len);
    usec_t began = clock_us();
    uint64_t spi = get_u64(ask) ^ began << 24;
    do {
        put_u64(ask, ++spi);
        if (send(fd, ask, request.len, 0) < 0) {
            close(fd);
            return ERR_STATE;
        }
        ssize_t n;
        do
            n = recv(fd, answer, sizeof answer, 0);
        while (n >= 8 && memcmp(answer, ask, 8) != 0); /* a late one */
        if (n >= 8)
            out->answered++;
        else
            out->lost++;
        out->took_us = clock_us() - began;
    } while (out->took_us < us);
    close(fd);
    return ERR_OK;
}
