/* transport.h - what carries datagrams between peers, behind a small table: open, send, recv,
 * close. mem.c needs no kernel at all, udp.c has sockets, raw.c carries ESP without UDP. */
#ifndef HARNESS_NET_TRANSPORT_H
#define HARNESS_NET_TRANSPORT_H

#include "engine/base/clock.h"
#include "engine/engine.h"

struct pollfd;

/* How the ports that an engine knows (500, 4500) map to those of the sockets. */
struct port_map {
    uint16_t local_base;  /* 500 -> base, 4500 -> base + 4000; 0 = as they are */
    uint16_t remote_base; /* the same for the other end */
};

/* No address in particular: 0.0.0.0, :: or none at all. */
static inline bool addr_is_any(const struct addr *a)
{
    static const uint8_t zero[16];
    return memcmp(a->ip, zero, addr_len(a)) == 0;
}

struct arrival {
    void *owner;        /* who opened the address it came to */
    struct ike_dgram d; /* octets borrowed until the next call into the transport */
};

enum sent { SENT, SENT_LOST, SENT_FAILED };

struct transport;
struct transport_ops {
    /* Opens an address (addr_is_any: all) for owner. The same address again is no error. */
    enum err (*open)(struct transport *t, void *owner, const struct addr *local,
                     const struct port_map *map, struct fault *why);
    enum sent (*send)(struct transport *t, void *owner, const struct ike_dgram *d, usec_t now);
    /* One datagram that is there by now; false when there is none. */
    bool (*recv)(struct transport *t, usec_t now, struct arrival *out);
    /* NULL owner: everything and the transport itself. */
    void (*close)(struct transport *t, void *owner);
    /* When the next datagram arrives if that is known, else TIME_NEVER. */
    usec_t (*due)(const struct transport *t);
    /* Descriptors to wait for; how many there are. */
    size_t (*fds)(const struct transport *t, struct pollfd *out, size_t cap);
};
struct transport {
    const struct transport_ops *ops;
    int sys_error; /* errno of the last failure, 0 = none */
};

/* What a direction of the virtual link does to datagrams, in percent and microseconds. */
struct link {
    double loss, dup, reorder;
    uint64_t delay_us, jitter_us;
};

/* The virtual link; dice come from seed alone. NULL when out of memory. */
struct transport *mem_new(uint64_t seed, const struct link *link);
/* owner NULL: all directions without a link of their own; else datagrams from owner. */
bool mem_set_link(struct transport *t, void *owner, const struct link *link);
struct link mem_get_link(const struct transport *t, void *owner);

struct transport *udp_new(void);
/* The address from which this machine would send to remote; false when there is no way. */
bool udp_source(const struct addr *remote, struct addr *local);

#endif
