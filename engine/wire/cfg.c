/* cfg.c - which form the value of which configuration attribute has. */
#include "engine/wire/cfg.h"

#include "engine/wire/registry.h"

/* RFC 7296 3.15.1, the table of lengths */
static const struct {
    uint16_t type;
    enum cfg_form form;
} forms[] = {
    { CFG_ATTR_INTERNAL_IP4_ADDRESS, CFG_FORM_IP4 },
    { CFG_ATTR_INTERNAL_IP4_NETMASK, CFG_FORM_IP4 },
    { CFG_ATTR_INTERNAL_IP4_DNS, CFG_FORM_IP4 },
    { CFG_ATTR_INTERNAL_IP4_NBNS, CFG_FORM_IP4 },
    { CFG_ATTR_INTERNAL_IP4_DHCP, CFG_FORM_IP4 },
    { CFG_ATTR_APPLICATION_VERSION, CFG_FORM_TEXT },
    { CFG_ATTR_INTERNAL_IP6_ADDRESS, CFG_FORM_IP6_PREFIX },
    { CFG_ATTR_INTERNAL_IP6_DNS, CFG_FORM_IP6 },
    { CFG_ATTR_INTERNAL_IP6_DHCP, CFG_FORM_IP6 },
    { CFG_ATTR_INTERNAL_IP4_SUBNET, CFG_FORM_IP4_MASK },
    { CFG_ATTR_SUPPORTED_ATTRIBUTES, CFG_FORM_TYPES },
    { CFG_ATTR_INTERNAL_IP6_SUBNET, CFG_FORM_IP6_PREFIX },
};

enum cfg_form cfg_form(uint16_t type)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (forms[i].type == type)
            return forms[i].form;
    return CFG_FORM_OPAQUE;
}

size_t cfg_form_len(enum cfg_form form)
{
    static const uint8_t len[] = { [CFG_FORM_IP4] = 4,
                                   [CFG_FORM_IP6] = 16,
                                   [CFG_FORM_IP4_MASK] = 8,
                                   [CFG_FORM_IP6_PREFIX] = 17,
                                   [CFG_FORM_TYPES] = 0 };
    return len[form];
}

bool cfg_length_right(uint16_t type, size_t len)
{
    enum cfg_form form = cfg_form(type);
    size_t want = cfg_form_len(form);
    return len == 0 || (want != 0 ? len == want : form != CFG_FORM_TYPES || len % 2 == 0);
}
