/* addr.h - an IP address and port without the socket headers. */
#ifndef ENGINE_BASE_ADDR_H
#define ENGINE_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct addr {
    uint8_t family; /* 0 unspecified, 4 or 6 */
    uint8_t ip[16]; /* network order; the first 4 for IPv4 */
    uint16_t port;  /* host order, 0 = any */
};

static inline size_t addr_len(const struct addr *a)
{
    return a->family == 4 ? 4 : a->family == 6 ? 16 : 0;
}

/* Same address and port. */
bool addr_eq(const struct addr *a, const struct addr *b);
/* Same address, whatever the port. */
bool addr_same_host(const struct addr *a, const struct addr *b);
/* "192.0.2.1:500" or "[2001:db8::1]:500" (RFC 5952 form) into buf, always terminated. */
void addr_text(const struct addr *a, char *buf, size_t cap);
/* Reads "192.0.2.1", "192.0.2.1:500", "2001:db8::1", "[2001:db8::1]:500"; false if malformed. */
bool addr_parse(const char *text, struct addr *out);

#endif
