/* addr.c - addresses as text. */
#include "engine/base/addr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool addr_same_host(const struct addr *a, const struct addr *b)
{
    return a->family == b->family && memcmp(a->ip, b->ip, addr_len(a)) == 0;
}

bool addr_eq(const struct addr *a, const struct addr *b)
{
    return addr_same_host(a, b) && a->port == b->port;
}

static void text_v6(const uint8_t *ip, char *buf, size_t cap)
{
    unsigned g[8];
    int best = -1, best_len = 1;
    for (int i = 0; i < 8; i++)
        g[i] = (unsigned)ip[2 * i] << 8 | ip[2 * i + 1];
    for (int i = 0; i < 8; i++) {
        int n = 0;
        while (i + n < 8 && g[i + n] == 0)
            n++;
        if (n > best_len) {
            best = i;
            best_len = n;
        }
    }
    size_t at = 0;
    buf[0] = '\0';
    for (int i = 0; i < 8; i++) {
        if (i == best) {
            at += (size_t)snprintf(buf + at, cap - at, "::");
            i += best_len - 1;
        } else {
            bool sep = i > 0 && i != best + best_len;
            if (best < 0)
                sep = i > 0;
            at += (size_t)snprintf(buf + at, cap - at, "%s%x", sep ? ":" : "", g[i]);
        }
    }
}

void addr_text(const struct addr *a, char *buf, size_t cap)
{
    char ip[48] = "any";
    if (a->family == 4)
        snprintf(ip, sizeof ip, "%u.%u.%u.%u", a->ip[0], a->ip[1], a->ip[2], a->ip[3]);
    else if (a->family == 6)
        text_v6(a->ip, ip, sizeof ip);
    if (a->port == 0)
        snprintf(buf, cap, "%s", ip);
    else
        snprintf(buf, cap, a->family == 6 ? "[%s]:%u" : "%s:%u", ip, (unsigned)a->port);
}

static bool parse_num(const char **s, unsigned max, int base, unsigned *out)
{
    char *end;
    if (!((**s >= '0' && **s <= '9') ||
          (base == 16 && ((**s >= 'a' && **s <= 'f') || (**s >= 'A' && **s <= 'F')))))
        return false;
    unsigned long v = strtoul(*s, &end, base);
    if (v > max)
        return false;
    *s = end;
    *out = (unsigned)v;
    return true;
}

static bool parse_v4(const char **s, uint8_t *ip)
{
    for (int i = 0; i < 4; i++) {
        unsigned v;
        if ((i > 0 && *(*s)++ != '.') || !parse_num(s, 255, 10, &v))
            return false;
        ip[i] = (uint8_t)v;
    }
    return true;
}

static bool parse_v6(const char **s, uint8_t *ip)
{
    uint8_t head[16] = { 0 }, tail[16] = { 0 };
    int n = 0, gap = -1;
    while (n < 8) {
        unsigned v;
        if ((*s)[0] == ':' && (*s)[1] == ':' && gap < 0) {
            gap = n;
            *s += 2;
        } else if (n > 0 && gap != n && **s == ':') {
            (*s)++;
        } else if (n > 0 && gap != n) {
            break;
        }
        if (!parse_num(s, 0xffff, 16, &v))
            break;
        uint8_t *g = gap < 0 ? head + 2 * n : tail + 2 * (n - gap);
        g[0] = (uint8_t)(v >> 8);
        g[1] = (uint8_t)v;
        n++;
    }
    if (gap < 0 && n != 8)
        return false;
    memcpy(ip, head, 16);
    if (gap >= 0 && n > gap)
        memcpy(ip + 16 - 2 * (n - gap), tail, (size_t)(2 * (n - gap)));
    return true;
}

bool addr_parse(const char *text, struct addr *out)
{
    struct addr a = { 0 };
    const char *s = text;
    unsigned port = 0;
    bool bracket = *s == '[';
    if (bracket)
        s++;
    a.family = !bracket && strchr(s, '.') != NULL && strchr(s, ':') == strrchr(s, ':') ? 4 : 6;
    if (!(a.family == 4 ? parse_v4(&s, a.ip) : parse_v6(&s, a.ip)))
        return false;
    if (bracket && *s++ != ']')
        return false;
    if (*s == ':' && (bracket || a.family == 4)) {
        s++;
        if (!parse_num(&s, 65535, 10, &port))
            return false;
    }
    if (*s != '\0')
        return false;
    a.port = (uint16_t)port;
    *out = a;
    return true;
}
