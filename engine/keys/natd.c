/* natd.c - the NAT detection hash (RFC 7296 2.23). */
#include "engine/base/addr.h"
#include "engine/keys/keys.h"

enum err natd_hash(uint64_t spi_i, uint64_t spi_r, const struct addr *a, uint8_t out[20])
{
    uint8_t head[16], port[2];
    put_u64(head, spi_i);
    put_u64(head + 8, spi_r);
    put_u16(port, a->port);
    const struct span in[] = { span_of(head, sizeof head), span_of(a->ip, addr_len(a)),
                               span_of(port, sizeof port) };
    return sha1_run(in, 3, out);
}
