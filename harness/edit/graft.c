/* graft.c - payloads put into a tree. */
#include "harness/edit/graft.h"

#include <string.h>

/* The payload of that type whose octets after the generic header are body, unfolded when they have
 * the shape of its type; NULL when they have not. Decoding replaces the children of a node, so it
 * works below one that is thrown away. */
static struct node *unfold(struct message *m, uint8_t type, struct span body)
{
    uint8_t head[HDR_LEN] = { 0 };
    struct node above = { .shape = &shape_hdr, .head = head };
    uint8_t *text = arena_take(m->arena, body.len + PAYLOAD_HDR_LEN);
    if (text == NULL)
        return NULL;
    text[0] = text[1] = 0;
    put_u16(text + 2, (uint16_t)(body.len + PAYLOAD_HDR_LEN));
    if (body.len > 0)
        memcpy(text + PAYLOAD_HDR_LEN, body.p, body.len);
    if (chain_decode(m, &above, type, span_of(text, body.len + PAYLOAD_HDR_LEN), NULL) != ERR_OK)
        return NULL;
    struct node *n = above.child;
    node_remove(&above, n);
    n->set &= ~(1u << PL_NEXT); /* it will stand before another one */
    return n;
}

struct node *graft_payload(struct message *m, struct node *parent, uint8_t type, struct span body)
{
    bool sealed = type == PAYLOAD_SK || type == PAYLOAD_SKF;
    if (body.len > UINT16_MAX - PAYLOAD_HDR_LEN)
        return NULL;
    struct node *n = sealed ? NULL : unfold(m, type, body);
    if (n != NULL) {
        node_insert(parent, n, NULL);
        return n;
    }
    n = payload_add(m, parent, sealed ? type : 0);
    if (n == NULL)
        return NULL;
    n->type = type;
    unsigned data = type == PAYLOAD_SK ? SK_DATA : type == PAYLOAD_SKF ? SKF_DATA : UNKNOWN_DATA;
    return node_set_bytes(m, n, data, body) == ERR_OK ? n : NULL;
}

enum err graft_double(struct message *m, const struct path_ref *ref)
{
    struct node *n = node_clone(m, ref->node);
    if (n == NULL)
        return ERR_SPACE;
    n->set &= ~(1u << PL_NEXT);
    node_insert(ref->parent, n, ref->node->next);
    return ERR_OK;
}

const char *graft_notation(const char *word)
{
    return strcmp(word, "Ni") == 0 || strcmp(word, "Nr") == 0     ? "Nonce"
           : strcmp(word, "KEi") == 0 || strcmp(word, "KEr") == 0 ? "KE"
                                                                  : word;
}

enum err graft_find(const struct message *m, const char *notation, struct path_ref *out,
                    struct path_fault *why)
{
    enum err rc = path_find(m, graft_notation(notation), out, why);
    if (rc == ERR_OK && (out->field != PATH_NODE || out->parent == NULL))
        rc = ERR_NO_PATH;
    return rc;
}
