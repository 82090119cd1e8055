/* secrets.c - rows of Wireshark's key tables, checked with tshark 4.0. */
#define _GNU_SOURCE 1
#include "harness/evidence/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct alg_name {
    uint16_t id, key_bits; /* key_bits 0: any */
    const char *name;
};

static const struct alg_name ikev2_encr[] = {
    { ENCR_3DES, 0, "3DES [RFC2451]" },
    { ENCR_NULL, 0, "NULL [RFC2410]" },
    { ENCR_AES_CBC, 128, "AES-CBC-128 [RFC3602]" },
    { ENCR_AES_CBC, 192, "AES-CBC-192 [RFC3602]" },
    { ENCR_AES_CBC, 256, "AES-CBC-256 [RFC3602]" },
    { ENCR_AES_CTR, 128, "AES-CTR-128 [RFC5930]" },
    { ENCR_AES_CTR, 192, "AES-CTR-192 [RFC5930]" },
    { ENCR_AES_CTR, 256, "AES-CTR-256 [RFC5930]" },
    { ENCR_AES_CCM_8, 128, "AES-CCM-128 with 8 octet ICV [RFC5282]" },
    { ENCR_AES_CCM_8, 192, "AES-CCM-192 with 8 octet ICV [RFC5282]" },
    { ENCR_AES_CCM_8, 256, "AES-CCM-256 with 8 octet ICV [RFC5282]" },
    { ENCR_AES_CCM_12, 128, "AES-CCM-128 with 12 octet ICV [RFC5282]" },
    { ENCR_AES_CCM_12, 192, "AES-CCM-192 with 12 octet ICV [RFC5282]" },
    { ENCR_AES_CCM_12, 256, "AES-CCM-256 with 12 octet ICV [RFC5282]" },
    { ENCR_AES_CCM_16, 128, "AES-CCM-128 with 16 octet ICV [RFC5282]" },
    { ENCR_AES_CCM_16, 192, "AES-CCM-192 with 16 octet ICV [RFC5282]" },
    { ENCR_AES_CCM_16, 256, "AES-CCM-256 with 16 octet ICV [RFC5282]" },
    { ENCR_AES_GCM_8, 128, "AES-GCM-128 with 8 octet ICV [RFC5282]" },
    { ENCR_AES_GCM_8, 192, "AES-GCM-192 with 8 octet ICV [RFC5282]" },
    { ENCR_AES_GCM_8, 256, "AES-GCM-256 with 8 octet ICV [RFC5282]" },
    { ENCR_AES_GCM_12, 128, "AES-GCM-128 with 12 octet ICV [RFC5282]" },
    { ENCR_AES_GCM_12, 192, "AES-GCM-192 with 12 octet ICV [RFC5282]" },
    { ENCR_AES_GCM_12, 256, "AES-GCM-256 with 12 octet ICV [RFC5282]" },
    { ENCR_AES_GCM_16, 128, "AES-GCM-128 with 16 octet ICV [RFC5282]" },
    { ENCR_AES_GCM_16, 192, "AES-GCM-192 with 16 octet ICV [RFC5282]" },
    { ENCR_AES_GCM_16, 256, "AES-GCM-256 with 16 octet ICV [RFC5282]" },
    { 0 },
};

static const struct alg_name ikev2_integ[] = {
    { AUTH_HMAC_MD5_96, 0, "HMAC_MD5_96 [RFC2403]" },
    { AUTH_HMAC_SHA1_96, 0, "HMAC_SHA1_96 [RFC2404]" },
    { AUTH_HMAC_MD5_128, 0, "HMAC_MD5_128 [RFC4595]" },
    { AUTH_HMAC_SHA1_160, 0, "HMAC_SHA1_160 [RFC4595]" },
    { AUTH_HMAC_SHA2_256_128, 0, "HMAC_SHA2_256_128 [RFC4868]" },
    { AUTH_HMAC_SHA2_384_192, 0, "HMAC_SHA2_384_192 [RFC4868]" },
    { AUTH_HMAC_SHA2_512_256, 0, "HMAC_SHA2_512_256 [RFC4868]" },
    { AUTH_AES_XCBC_96, 0, "ANY 96-bits of Authentication [No Checking]" },
    { AUTH_AES_CMAC_96, 0, "ANY 96-bits of Authentication [No Checking]" },
    { 0 },
};

static const struct alg_name esp_encr[] = {
    { ENCR_NULL, 0, "NULL" },
    { ENCR_3DES, 0, "TripleDES-CBC [RFC2451]" },
    { ENCR_AES_CBC, 0, "AES-CBC [RFC3602]" },
    { ENCR_AES_CTR, 0, "AES-CTR [RFC3686]" },
    { ENCR_AES_GCM_8, 0, "AES-GCM with 8 octet ICV [RFC4106]" },
    { ENCR_AES_GCM_12, 0, "AES-GCM with 12 octet ICV [RFC4106]" },
    { ENCR_AES_GCM_16, 0, "AES-GCM with 16 octet ICV [RFC4106]" },
    { 0 },
};

static const struct alg_name esp_integ[] = {
    { AUTH_HMAC_MD5_96, 0, "HMAC-MD5-96 [RFC2403]" },
    { AUTH_HMAC_SHA1_96, 0, "HMAC-SHA-1-96 [RFC2404]" },
    { AUTH_HMAC_SHA2_256_128, 0, "HMAC-SHA-256-128 [RFC4868]" },
    { AUTH_HMAC_SHA2_384_192, 0, "HMAC-SHA-384-192 [RFC4868]" },
    { AUTH_HMAC_SHA2_512_256, 0, "HMAC-SHA-512-256 [RFC4868]" },
    { AUTH_AES_XCBC_96, 0, "ANY 96 bit authentication [no checking]" },
    { AUTH_AES_CMAC_96, 0, "ANY 96 bit authentication [no checking]" },
    { 0 },
};

/* Where the ICV is there and its key is not: the first suite with an ICV of that length. */
static const struct alg_name ikev2_unchecked[] = {
    { AUTH_HMAC_SHA1_96, 0, "ANY 96-bits of Authentication [No Checking]" },
    { 0 },
};
static const struct alg_name esp_unchecked[] = {
    { AUTH_HMAC_SHA1_96, 0, "ANY 96 bit authentication [no checking]" },
    { AUTH_HMAC_SHA2_256_128, 0, "ANY 128 bit authentication [no checking]" },
    { AUTH_HMAC_SHA2_384_192, 0, "ANY 192 bit authentication [no checking]" },
    { AUTH_HMAC_SHA2_512_256, 0, "ANY 256 bit authentication [no checking]" },
    { 0 },
};

static const char *find(const struct alg_name *row, uint16_t id, uint16_t key_bits)
{
    for (; row->name != NULL; row++)
        if (row->id == id && (row->key_bits == 0 || row->key_bits == key_bits))
            return row->name;
    return NULL;
}

const char *ikev2_encr_name(const struct suite *s)
{
    return find(ikev2_encr, s->encr, s->key_bits);
}

const char *ikev2_integ_name(const struct suite *s)
{
    return s->aead ? "NONE [RFC4306]" : find(ikev2_integ, s->integ, 0);
}

const char *esp_encr_name(const struct suite *s)
{
    return find(esp_encr, s->encr, s->key_bits);
}

const char *esp_integ_name(const struct suite *s)
{
    return s->aead || s->integ == AUTH_NONE ? "NULL" : find(esp_integ, s->integ, 0);
}

/* The suite of that cipher whose keys are as long as these. */
static bool suite_for(const struct alg_name *ciphers, const char *encr, uint16_t integ,
                      size_t key_len, struct suite *out)
{
    static const uint16_t all_bits[] = { 0, 128, 192, 256 };
    for (const struct alg_name *row = ciphers; row->name != NULL; row++) {
        if (strcmp(row->name, encr) != 0)
            continue;
        for (size_t i = 0; i < sizeof all_bits / sizeof all_bits[0]; i++)
            if ((row->key_bits == 0 || row->key_bits == all_bits[i]) &&
                suite_init(out, row->id, all_bits[i], integ) == ERR_OK &&
                out->encr_key_len == key_len)
                return true;
    }
    return false;
}

static const struct alg_name *by_name(const struct alg_name *row, const char *name)
{
    while (row->name != NULL && strcmp(row->name, name) != 0)
        row++;
    return row->name != NULL ? row : NULL;
}

bool secrets_suite(bool esp, const char *encr, const char *integ, size_t encr_key_len,
                   struct suite *out, bool *unchecked)
{
    const struct alg_name *row = by_name(esp ? esp_unchecked : ikev2_unchecked, integ);
    *unchecked = row != NULL;
    if (row == NULL)
        row = by_name(esp ? esp_integ : ikev2_integ, integ);
    if (row == NULL && strcmp(integ, esp ? "NULL" : "NONE [RFC4306]") != 0)
        return false;
    return suite_for(esp ? esp_encr : ikev2_encr, encr, row != NULL ? row->id : AUTH_NONE,
                     encr_key_len, out);
}

/* --- files
 * ------------------------------------------------------------------------------------------------
 */

static FILE *open_secret(const char *dir, const char *name)
{
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", dir, name) >= sizeof path) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return NULL;
    (void)fchmod(fd, 0600); /* also when the file was there before */
    FILE *f = fdopen(fd, "w");
    if (f == NULL)
        close(fd);
    return f;
}

static bool close_secret(FILE *f)
{
    bool ok = ferror(f) == 0;
    return fclose(f) == 0 && ok;
}

static void put_hex(FILE *f, const struct secret *s)
{
    for (size_t i = 0; i < s->len; i++)
        fprintf(f, "%02x", s->b[i]);
}

static bool suite_of(const struct ike_proposal *p, struct suite *out)
{
    uint16_t encr = 0, bits = 0, integ = AUTH_NONE;
    for (unsigned i = 0; i < p->num; i++) {
        if (p->t[i].type == TRANSFORM_ENCR) {
            encr = p->t[i].id;
            bits = p->t[i].key_bits;
        } else if (p->t[i].type == TRANSFORM_INTEG) {
            integ = p->t[i].id;
        }
    }
    return encr != 0 && suite_init(out, encr, bits, integ) == ERR_OK;
}

static void ike_row(FILE *f, const struct ike_sa_info *info, const struct ike_keys *k)
{
    struct suite s;
    if (k == NULL || k->ei.len == 0 || !suite_of(&info->chosen, &s))
        return;
    const char *encr = ikev2_encr_name(&s), *integ = ikev2_integ_name(&s);
    if (encr == NULL || integ == NULL)
        return;
    fprintf(f, "%016llx,%016llx,", (unsigned long long)info->spi_i,
            (unsigned long long)info->spi_r);
    put_hex(f, &k->ei);
    fputc(',', f);
    put_hex(f, &k->er);
    fprintf(f, ",\"%s\",", encr);
    if (!s.aead)
        put_hex(f, &k->ai);
    fputc(',', f);
    if (!s.aead)
        put_hex(f, &k->ar);
    fprintf(f, ",\"%s\"\n", integ);
}

static void esp_row(FILE *f, const char *ip, uint32_t spi, const struct ike_child_keys_info *c,
                    const struct secret *encr_key, const struct secret *integ_key)
{
    const char *encr = esp_encr_name(&c->suite), *integ = esp_integ_name(&c->suite);
    if (encr == NULL || integ == NULL || spi == 0)
        return;
    if (c->esn) { /* tshark 4.0 does not know the high half that the ICV covers */
        if (c->suite.aead)
            return;
        integ = esp_unchecked[c->suite.icv_len == 12   ? 0
                              : c->suite.icv_len == 16 ? 1
                              : c->suite.icv_len == 24 ? 2
                                                       : 3]
                    .name;
    }
    fprintf(f, "\"%s\",\"*\",\"*\",\"0x%08x\",\"%s\",\"%s", ip, spi, encr,
            encr_key->len > 0 ? "0x" : "");
    put_hex(f, encr_key);
    fprintf(f, "\",\"%s\",\"%s", integ, integ_key->len > 0 ? "0x" : "");
    put_hex(f, integ_key);
    fputs("\"\n", f);
}

static bool write_ike(const struct ike_engine *e, const char *dir)
{
    FILE *f = open_secret(dir, "ikev2_decryption_table");
    struct ike_sa_info info;
    if (f == NULL)
        return false;
    for (size_t i = 0; ike_sa_at(e, i, &info); i++)
        ike_row(f, &info, ike_sa_keys(e, info.id));
    return close_secret(f);
}

static bool write_esp(const struct ike_engine *e, const char *dir)
{
    FILE *f = open_secret(dir, "esp_sa");
    struct ike_sa_info info;
    struct ike_child_keys_info c;
    if (f == NULL)
        return false;
    for (size_t i = 0; ike_sa_at(e, i, &info); i++) {
        const char *ip = info.local.family == 6 ? "IPv6" : "IPv4";
        for (size_t k = 0; ike_child_keys_at(e, info.id, k, &c); k++) {
            esp_row(f, ip, c.spi_in, &c, &c.encr_in, &c.integ_in);
            esp_row(f, ip, c.spi_out, &c, &c.encr_out, &c.integ_out);
            wipe(&c, sizeof c);
        }
    }
    return close_secret(f);
}

static bool write_preferences(const char *dir)
{
    FILE *f = open_secret(dir, "preferences");
    if (f == NULL)
        return false;
    fputs("# ikespec: open our captures with their keys\n"
          "esp.enable_encryption_decode: TRUE\n"
          "esp.enable_authentication_check: TRUE\n"
          "ip.defragment: TRUE\n",
          f);
    return close_secret(f);
}

bool secrets_write(const struct ike_engine *e, const char *dir)
{
    return write_ike(e, dir) && write_esp(e, dir) && write_preferences(dir);
}
