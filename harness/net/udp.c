/* udp.c - real datagrams: two UDP sockets for each address of a peer, for the ports that its
 * engine knows as 500 and 4500, mapped to other ones where we may not have those. There a third
 * port stands in for IP protocol 50, which only root may send. */
#define _GNU_SOURCE 1
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/net/raw.h"
#include "harness/net/transport.h"

#define UDP_PLACES 32u
#define UDP_MAX    65535u

enum { PORT_IKE, PORT_NATT, PORT_RAW, NUM_PORTS };

struct place {
    void *owner;
    struct addr addr; /* addr_is_any: all of this machine */
    struct port_map map;
    int fd[NUM_PORTS]; /* -1 = not open */
};

struct udp {
    struct transport base;
    struct place place[UDP_PLACES];
    size_t num_places;
    size_t turn; /* which socket is asked first, so that none starves */
    uint8_t buf[UDP_MAX];
};

static const uint16_t engine_port[NUM_PORTS] = { IKE_PORT, IKE_PORT_NATT, 0 };

#define ESP_PORT_OFFSET 50u /* base + 50 carries ESP packets between mapped peers */

static uint16_t map_port(uint16_t port, uint16_t base)
{
    if (base == 0 || (port != IKE_PORT && port != IKE_PORT_NATT))
        return port;
    return (uint16_t)(port == IKE_PORT ? base : base + (IKE_PORT_NATT - IKE_PORT));
}

static uint16_t unmap_port(uint16_t port, uint16_t base)
{
    if (base != 0 && port == base)
        return IKE_PORT;
    if (base != 0 && port == (uint16_t)(base + (IKE_PORT_NATT - IKE_PORT)))
        return IKE_PORT_NATT;
    return port;
}

/* Returns its length. */
static socklen_t to_sockaddr(const struct addr *a, uint16_t port, struct sockaddr_storage *out)
{
    memset(out, 0, sizeof *out);
    if (a->family == 6) {
        struct sockaddr_in6 *s = (struct sockaddr_in6 *)out;
        s->sin6_family = AF_INET6;
        s->sin6_port = htons(port);
        memcpy(&s->sin6_addr, a->ip, 16);
        return sizeof *s;
    }
    struct sockaddr_in *s = (struct sockaddr_in *)out;
    s->sin_family = AF_INET;
    s->sin_port = htons(port);
    memcpy(&s->sin_addr, a->ip, 4);
    return sizeof *s;
}

static struct addr from_sockaddr(const struct sockaddr_storage *s)
{
    struct addr a = { 0 };
    if (s->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)s;
        a.family = 6;
        memcpy(a.ip, &in6->sin6_addr, 16);
        a.port = ntohs(in6->sin6_port);
    } else {
        const struct sockaddr_in *in = (const struct sockaddr_in *)s;
        a.family = 4;
        memcpy(a.ip, &in->sin_addr, 4);
        a.port = ntohs(in->sin_port);
    }
    return a;
}

static int open_socket(struct udp *u, const struct addr *local, uint16_t port)
{
    struct sockaddr_storage ss;
    socklen_t len = to_sockaddr(local, port, &ss);
    int family = local->family == 6 ? AF_INET6 : AF_INET, on = 1;
    int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        goto failed;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (family == AF_INET6) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
    } else {
        (void)setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    }
    if (bind(fd, (struct sockaddr *)&ss, len) == 0)
        return fd;
failed:
    u->base.sys_error = errno;
    if (fd >= 0)
        close(fd);
    return -1;
}

static void close_place(struct place *p)
{
    for (int i = 0; i < NUM_PORTS; i++)
        if (p->fd[i] >= 0)
            close(p->fd[i]);
}

static bool same_sockets(const struct place *p, const struct addr *local,
                         const struct port_map *map)
{
    return addr_same_host(&p->addr, local) && p->map.local_base == map->local_base;
}

static enum err udp_open(struct transport *t, void *owner, const struct addr *local,
                         const struct port_map *map, struct fault *why)
{
    struct udp *u = (struct udp *)t;
    for (size_t i = 0; i < u->num_places; i++)
        if (same_sockets(&u->place[i], local, map))
            return u->place[i].owner == owner ? ERR_OK
                                              : fault_set(why, ERR_DUPLICATE, 0, "local", REQ_NONE);
    if (u->num_places == UDP_PLACES)
        return fault_set(why, ERR_SPACE, 0, "local", REQ_NONE);
    struct place p = { .owner = owner, .addr = *local, .map = *map };
    p.addr.port = 0;
    p.fd[PORT_IKE] = open_socket(u, local, map_port(IKE_PORT, map->local_base));
    p.fd[PORT_NATT] = open_socket(u, local, map_port(IKE_PORT_NATT, map->local_base));
    p.fd[PORT_RAW] = map->local_base == 0
                         ? raw_open(local)
                         : open_socket(u, local, map->local_base + ESP_PORT_OFFSET);
    if (p.fd[PORT_IKE] < 0 || p.fd[PORT_NATT] < 0) {
        close_place(&p);
        return fault_set(why, ERR_CONFIG, 0, "local", REQ_NONE);
    }
    u->place[u->num_places++] = p;
    return ERR_OK;
}

static struct place *place_for(struct udp *u, const void *owner, const struct addr *local)
{
    struct place *any = NULL;
    for (size_t i = 0; i < u->num_places; i++) {
        struct place *p = &u->place[i];
        if (p->owner != owner)
            continue;
        if (addr_same_host(&p->addr, local))
            return p;
        if (any == NULL || addr_is_any(&p->addr))
            any = p;
    }
    return any;
}

/* On a socket bound to any address the source must be named, or the answer comes from another
 * address than the request went to. */
static void name_source(struct msghdr *msg, const struct addr *local)
{
    struct cmsghdr *c = CMSG_FIRSTHDR(msg);
    if (local->family == 6) {
        struct in6_pktinfo info = { .ipi6_ifindex = 0 };
        memcpy(&info.ipi6_addr, local->ip, 16);
        c->cmsg_level = IPPROTO_IPV6;
        c->cmsg_type = IPV6_PKTINFO;
        c->cmsg_len = CMSG_LEN(sizeof info);
        memcpy(CMSG_DATA(c), &info, sizeof info);
        msg->msg_controllen = CMSG_SPACE(sizeof info);
    } else {
        struct in_pktinfo info = { .ipi_ifindex = 0 };
        memcpy(&info.ipi_spec_dst, local->ip, 4);
        c->cmsg_level = IPPROTO_IP;
        c->cmsg_type = IP_PKTINFO;
        c->cmsg_len = CMSG_LEN(sizeof info);
        memcpy(CMSG_DATA(c), &info, sizeof info);
        msg->msg_controllen = CMSG_SPACE(sizeof info);
    }
}

/* The socket for d and the port it goes to; -1 when there is no way: there is none for another port of ours. */
static int choose_socket(const struct place *p, const struct ike_dgram *d, uint16_t *port)
{
    *port = map_port(d->remote.port, p->map.remote_base);
    if (d->protocol != 50 && d->local.port == IKE_PORT_NATT)
        return p->fd[PORT_NATT];
    if (d->protocol != 50)
        return d->local.port == IKE_PORT || d->local.port == 0 ? p->fd[PORT_IKE] : -1;
    *port = (uint16_t)(p->map.remote_base + ESP_PORT_OFFSET);
    return p->map.remote_base != 0 ? p->fd[PORT_RAW] : -1;
}

static enum sent udp_send(struct transport *t, void *owner, const struct ike_dgram *d, usec_t now)
{
    struct udp *u = (struct udp *)t;
    struct place *p = place_for(u, owner, &d->local);
    struct sockaddr_storage to;
    uint16_t port;
    union {
        struct cmsghdr align;
        uint8_t room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    } control = { 0 };
    (void)now;
    if (p == NULL || d->remote.family == 0)
        return SENT_FAILED;
    if (d->protocol == 50 && p->map.local_base == 0)
        return raw_send(p->fd[PORT_RAW], &d->remote, span_of(d->p, d->len)) ? SENT : SENT_FAILED;
    int fd = choose_socket(p, d, &port);
    struct iovec iov = { .iov_base = (void *)(uintptr_t)d->p, .iov_len = d->len };
    struct msghdr msg = { .msg_name = &to, .msg_iov = &iov, .msg_iovlen = 1 };
    msg.msg_namelen = to_sockaddr(&d->remote, port, &to);
    if (addr_is_any(&p->addr) && !addr_is_any(&d->local)) {
        msg.msg_control = control.room;
        msg.msg_controllen = sizeof control.room;
        name_source(&msg, &d->local);
    }
    if (fd >= 0 && d->local.family == 4) {
        int off = d->no_checksum; /* RFC 3948 2.1 */
        (void)setsockopt(fd, SOL_SOCKET, SO_NO_CHECK, &off, sizeof off);
    }
    if (fd >= 0 && sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
        return SENT;
    u->base.sys_error = errno;
    return SENT_FAILED;
}

/* The address that the datagram came to. */
static void read_destination(struct msghdr *msg, struct addr *local)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            local->family = 4;
            memcpy(local->ip, &info.ipi_addr, 4);
        } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            local->family = 6;
            memcpy(local->ip, &info.ipi6_addr, 16);
        }
    }
}

static bool recv_udp(struct udp *u, struct place *p, int which, struct arrival *out)
{
    struct sockaddr_storage from;
    union {
        struct cmsghdr align;
        uint8_t room[CMSG_SPACE(sizeof(struct in6_pktinfo)) + 64];
    } control;
    struct iovec iov = { .iov_base = u->buf, .iov_len = sizeof u->buf };
    struct msghdr msg = { .msg_name = &from,
                          .msg_namelen = sizeof from,
                          .msg_iov = &iov,
                          .msg_iovlen = 1,
                          .msg_control = control.room,
                          .msg_controllen = sizeof control.room };
    ssize_t n;
    do
        n = recvmsg(p->fd[which], &msg, MSG_DONTWAIT);
    while (n < 0 && errno == ECONNREFUSED); /* an ICMP error of an earlier datagram */
    if (n < 0)
        return false;
    struct ike_dgram d = { .local = p->addr, .p = u->buf, .len = (size_t)n };
    d.protocol = which == PORT_RAW ? 50 : 17;
    read_destination(&msg, &d.local);
    d.local.port = engine_port[which];
    d.remote = from_sockaddr(&from);
    d.remote.port = which == PORT_RAW ? 0 : unmap_port(d.remote.port, p->map.remote_base);
    *out = (struct arrival){ .owner = p->owner, .d = d };
    return true;
}

static bool recv_raw(struct udp *u, struct place *p, struct arrival *out)
{
    struct ike_dgram d = { .protocol = 50 };
    if (!raw_recv(p->fd[PORT_RAW], p->addr.family == 6, u->buf, sizeof u->buf, &d))
        return false;
    d.local = p->addr;
    *out = (struct arrival){ .owner = p->owner, .d = d };
    return true;
}

static bool udp_recv(struct transport *t, usec_t now, struct arrival *out)
{
    struct udp *u = (struct udp *)t;
    size_t num = u->num_places * NUM_PORTS;
    (void)now;
    for (size_t i = 0; i < num; i++) {
        size_t k = (u->turn + i) % num;
        struct place *p = &u->place[k / NUM_PORTS];
        int which = (int)(k % NUM_PORTS);
        if (p->fd[which] < 0)
            continue;
        bool raw = which == PORT_RAW && p->map.local_base == 0;
        if (raw ? recv_raw(u, p, out) : recv_udp(u, p, which, out)) {
            u->turn = (k + 1) % num;
            return true;
        }
    }
    return false;
}

static void udp_close(struct transport *t, void *owner)
{
    struct udp *u = (struct udp *)t;
    size_t kept = 0;
    for (size_t i = 0; i < u->num_places; i++) {
        if (owner == NULL || u->place[i].owner == owner)
            close_place(&u->place[i]);
        else
            u->place[kept++] = u->place[i];
    }
    u->num_places = kept;
    if (owner == NULL)
        free(u);
}

static usec_t udp_due(const struct transport *t)
{
    (void)t;
    return TIME_NEVER;
}

static size_t udp_fds(const struct transport *t, struct pollfd *out, size_t cap)
{
    const struct udp *u = (const struct udp *)t;
    size_t n = 0;
    for (size_t i = 0; i < u->num_places; i++)
        for (int k = 0; k < NUM_PORTS; k++)
            if (u->place[i].fd[k] >= 0 && n < cap)
                out[n++] = (struct pollfd){ .fd = u->place[i].fd[k], .events = POLLIN };
    return n;
}

bool udp_source(const struct addr *remote, struct addr *local)
{
    struct sockaddr_storage ss;
    socklen_t len = to_sockaddr(remote, IKE_PORT, &ss);
    int fd = socket(remote->family == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    /* Connecting a datagram socket sends nothing; it only asks the routing table. */
    bool ok = fd >= 0 && connect(fd, (struct sockaddr *)&ss, len) == 0;
    len = sizeof ss;
    ok = ok && getsockname(fd, (struct sockaddr *)&ss, &len) == 0;
    if (ok) {
        struct addr source = from_sockaddr(&ss);
        source.port = local->port;
        *local = source;
    }
    if (fd >= 0)
        close(fd);
    return ok;
}

static const struct transport_ops udp_ops = {
    .open = udp_open,
    .send = udp_send,
    .recv = udp_recv,
    .close = udp_close,
    .due = udp_due,
    .fds = udp_fds,
};

struct transport *udp_new(void)
{
    struct udp *u = calloc(1, sizeof *u);
    if (u != NULL)
        u->base.ops = &udp_ops;
    return u != NULL ? &u->base : NULL;
}
