/* capture.c - link, IP and UDP headers off, TCP put in order, octets to the caller. */
#define _GNU_SOURCE 1
#include "harness/evidence/capture.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "harness/evidence/tcp.h"

/* The IP packet inside a frame of that link type; empty when it carries none. */
static struct span link_strip(int link, struct span f)
{
    uint16_t type;
    switch (link) {
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
        return f;
    case DLT_NULL:
    case DLT_LOOP:
        return span_part(f, 4, f.len);
    case DLT_LINUX_SLL:
        return span_part(f, 16, f.len);
    case DLT_LINUX_SLL2:
        return span_part(f, 20, f.len);
    case DLT_EN10MB:
        if (f.len < 14)
            return (struct span){ 0 };
        type = get_u16(f.p + 12);
        f = span_part(f, 14, f.len);
        for (int tags = 0; (type == 0x8100 || type == 0x88a8) && f.len >= 4 && tags < 4; tags++) {
            type = get_u16(f.p + 2);
            f = span_part(f, 4, f.len);
        }
        return type == 0x0800 || type == 0x86dd ? f : (struct span){ 0 };
    default:
        return (struct span){ 0 };
    }
}

/* Addresses and protocol into d; the payload, empty when this is no whole IP packet. */
static struct span ip_strip(struct span p, struct ike_dgram *d)
{
    if (p.len >= 20 && p.p[0] >> 4 == 4) {
        size_t header = (size_t)(p.p[0] & 15) * 4, total = get_u16(p.p + 2);
        bool fragment = (get_u16(p.p + 6) & 0x3fff) != 0;
        if (total == 0) /* taken before the network card cut it into packets */
            total = p.len;
        if (header < 20 || total < header || fragment)
            return (struct span){ 0 };
        d->protocol = p.p[9];
        d->local.family = d->remote.family = 4;
        memcpy(d->local.ip, p.p + 12, 4);
        memcpy(d->remote.ip, p.p + 16, 4);
        return span_part(span_part(p, 0, total), header, p.len);
    }
    if (p.len >= 40 && p.p[0] >> 4 == 6) {
        d->protocol = p.p[6];
        d->local.family = d->remote.family = 6;
        memcpy(d->local.ip, p.p + 8, 16);
        memcpy(d->remote.ip, p.p + 24, 16);
        return span_part(p, 40, get_u16(p.p + 4));
    }
    return (struct span){ 0 };
}

/* The octets behind the headers into d; false when it is neither UDP nor ESP. */
static bool body_strip(struct span body, struct ike_dgram *d)
{
    if (d->protocol == 17) {
        if (body.len < 8 || get_u16(body.p + 4) < 8)
            return false;
        d->local.port = get_u16(body.p);
        d->remote.port = get_u16(body.p + 2);
        body = span_part(body, 8, (size_t)get_u16(body.p + 4) - 8);
    } else if (d->protocol != 50) {
        return false;
    }
    d->p = body.p;
    d->len = body.len;
    return true;
}

static void one_frame(int link, const struct pcap_pkthdr *h, const uint8_t *frame, struct tcp *tcp,
                      capture_datagram *each, void *ctx)
{
    struct ike_dgram d = { 0 };
    uint64_t t_us = (uint64_t)h->ts.tv_sec * 1000000u + (uint64_t)h->ts.tv_usec;
    struct span body = ip_strip(link_strip(link, span_of(frame, h->caplen)), &d);
    if (d.protocol == TCP_PROTOCOL)
        tcp_segment(tcp, t_us, &d, body);
    else if (body_strip(body, &d))
        each(ctx, t_us, &d, NULL);
}

/* What an IP packet says of its length; 0 when it is none. */
static size_t ip_total(struct span p)
{
    if (p.len >= 20 && p.p[0] >> 4 == 4)
        return get_u16(p.p + 2);
    if (p.len >= 40 && p.p[0] >> 4 == 6)
        return 40u + get_u16(p.p + 4);
    return 0;
}

bool capture_frame(struct span frame, struct ike_dgram *d)
{
    struct span ip = frame;
    *d = (struct ike_dgram){ 0 };
    if (ip_total(ip) != ip.len) /* (a short frame of Ethernet is padded) */
        ip = link_strip(DLT_EN10MB, frame);
    size_t total = ip_total(ip);
    return total > 0 && total <= ip.len && body_strip(ip_strip(ip, d), d);
}

bool capture_read(const char *path, capture_datagram *each, void *ctx, char *why, size_t cap)
{
    char error[PCAP_ERRBUF_SIZE] = "";
    struct pcap_pkthdr *h;
    const uint8_t *frame;
    pcap_t *p = pcap_open_offline(path, error);
    int rc;
    if (p == NULL) {
        bool named = strncmp(error, path, strlen(path)) == 0; /* when there is no such file */
        snprintf(why, cap, "%s%s%s", named ? "" : path, named ? "" : ": ", error);
        return false;
    }
    int link = pcap_datalink(p);
    struct tcp *tcp = tcp_new(each, ctx);
    if (tcp == NULL) {
        snprintf(why, cap, "%s: out of memory", path);
        pcap_close(p);
        return false;
    }
    while ((rc = pcap_next_ex(p, &h, &frame)) == 1)
        one_frame(link, h, frame, tcp, each, ctx);
    tcp_free(tcp);
    if (rc != PCAP_ERROR_BREAK)
        snprintf(why, cap, "%s: %s", path, pcap_geterr(p));
    pcap_close(p);
    return rc == PCAP_ERROR_BREAK;
}
