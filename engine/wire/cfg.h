/* cfg.h - the forms that values of configuration attributes have (RFC 7296 3.15.1). */
#ifndef ENGINE_WIRE_CFG_H
#define ENGINE_WIRE_CFG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cfg_form {
    CFG_FORM_OPAQUE, /* of attributes that RFC 7296 does not define */
    CFG_FORM_IP4,
    CFG_FORM_IP6,
    CFG_FORM_IP4_MASK,   /* address, netmask */
    CFG_FORM_IP6_PREFIX, /* address, prefix length in one octet */
    CFG_FORM_TEXT,
    CFG_FORM_TYPES, /* two octets each */
};

enum cfg_form cfg_form(uint16_t type);

/* Octets of every value of that form; 0 where they vary. */
size_t cfg_form_len(enum cfg_form form);

/* May a value of this attribute have that many octets? None is always right: it asks, or
 * acknowledges. */
bool cfg_length_right(uint16_t type, size_t len);

#endif
