/* path.c - "KE.group" to node and field, and back. */
#include "engine/wire/path.h"

#include "engine/base/addr.h"
#include "engine/wire/print.h"
#include "engine/wire/text.h"

#define MAX_PATH  256
#define MAX_DEPTH 12

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool same(const char *a, const char *b)
{
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

/* --- steps ----------------------------------------------------------------------------------- */

struct step {
    char name[64]; /* "" when it is a bare number */
    char key[64];  /* inside (), "" if none */
    bool has_index, is_number;
    unsigned index;   /* from 0 */
    size_t at, len;   /* in the path */
    const char *rest; /* after the dot, "" at the end */
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool name_char(char c)
{
    return digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || c == '-';
}

/* Digits up to a limit that no message reaches. */
static bool read_index(const char **s, unsigned *out)
{
    unsigned v = 0;
    if (!digit(**s))
        return false;
    for (; digit(**s); (*s)++)
        v = v > 99999 ? v : v * 10 + (unsigned)(**s - '0');
    *out = v;
    return true;
}

static bool read_word(const char **s, char *out, size_t cap)
{
    size_t n = 0;
    for (; name_char(**s); (*s)++) {
        if (n + 1 >= cap)
            return false;
        out[n++] = **s;
    }
    out[n] = '\0';
    return n > 0;
}

static bool read_step(const char *path, const char *at, struct step *st)
{
    const char *s = at;
    *st = (struct step){ .at = (size_t)(at - path) };
    if (!read_word(&s, st->name, sizeof st->name))
        return false;
    const char *num = st->name;
    if (digit(*num) && read_index(&num, &st->index) && *num == '\0') {
        st->is_number = true;
        if (st->index == 0)
            return false;
        st->index--;
    }
    if (*s == '(' && !st->is_number) {
        s++;
        if (!read_word(&s, st->key, sizeof st->key) || *s++ != ')')
            return false;
    }
    if (*s == '[' && !st->is_number) {
        s++;
        if (!read_index(&s, &st->index) || *s++ != ']')
            return false;
        st->has_index = true;
    }
    st->len = (size_t)(s - at);
    if (*s != '\0' && (*s != '.' || s[1] == '\0'))
        return false;
    st->rest = *s == '.' ? s + 1 : s;
    return true;
}

/* --- children -------------------------------------------------------------------------------- */

static const struct shape *child_shape(const struct node *n)
{
    for (unsigned i = 0; i < n->shape->num_fields; i++)
        if (n->shape->fields[i].kind == F_LIST)
            return n->shape->fields[i].child;
    return NULL;
}

static bool holds_payloads(const struct node *n)
{
    return n->shape == &shape_hdr || n->shape == &shape_sk || n->shape == &shape_skf;
}

/* The payload type that a name stands for; -1 if none. */
static int payload_type(const char *name)
{
    static const struct {
        const char *name;
        uint8_t type;
    } alias[] = {
        { "NOTIFY", PAYLOAD_NOTIFY }, { "DELETE", PAYLOAD_DELETE }, { "VID", PAYLOAD_VID },
        { "NO", PAYLOAD_NONCE },      { "ENCR", PAYLOAD_SK },
    };
    for (size_t i = 0; i < sizeof alias / sizeof alias[0]; i++)
        if (same(alias[i].name, name))
            return alias[i].type;
    int64_t v = digit(name[0]) ? -1 : name_num(&names_payload, name);
    return v > 0 && v < 256 ? (int)v : -1;
}

static int64_t key_number(const struct names *r, const char *key)
{
    if (r == &names_transform && (same(key, "DH") || same(key, "D-H")))
        return TRANSFORM_KE;
    return name_num(r, key);
}

static struct node *nth(struct node *n, unsigned index, bool (*fits)(const struct node *, int64_t),
                        int64_t arg)
{
    for (; n != NULL; n = n->next)
        if (fits(n, arg) && index-- == 0)
            return n;
    return NULL;
}

static bool fits_any(const struct node *n, int64_t arg)
{
    (void)arg;
    return n != NULL;
}

static bool fits_type(const struct node *n, int64_t type)
{
    return n->type == type;
}

static bool fits_notify(const struct node *n, int64_t type)
{
    return n->type == PAYLOAD_NOTIFY && (int64_t)node_num(n, NOTIFY_TYPE) == type;
}

static bool fits_key(const struct node *n, int64_t key)
{
    return n->shape->key >= 0 && (int64_t)node_num(n, (unsigned)n->shape->key) == key;
}

static struct node *find_payload(const struct node *parent, const struct step *st)
{
    if (st->is_number)
        return nth(parent->child, st->index, fits_any, 0);
    if (same(st->name, "payload")) {
        int64_t type = st->key[0] != '\0' ? name_num(&names_payload, st->key) : -1;
        return nth(parent->child, st->index, fits_type, type);
    }
    int type = payload_type(st->name);
    if (type < 0)
        return NULL;
    if (type == PAYLOAD_NOTIFY && st->key[0] != '\0')
        return nth(parent->child, st->index, fits_notify, name_num(&names_notify, st->key));
    return st->key[0] == '\0' ? nth(parent->child, st->index, fits_type, type) : NULL;
}

/* A child by place, by kind and key, or by key alone. A kind without key or index, as the
 * "transform" of "transform.ENCR", only says what the next step looks among: *again. */
static struct node *find_child(const struct node *n, const struct step *st, bool *again)
{
    const struct shape *kid = child_shape(n);
    *again = false;
    if (holds_payloads(n))
        return find_payload(n, st);
    if (kid == NULL)
        return NULL;
    if (st->is_number)
        return nth(n->child, st->index, fits_any, 0);
    const struct names *names = kid->key >= 0 ? kid->fields[kid->key].names : NULL;
    if (same(st->name, kid->name)) {
        if (st->key[0] != '\0') {
            int64_t key = kid->key >= 0 ? key_number(names, st->key) : -1;
            return key >= 0 ? nth(n->child, st->index, fits_key, key) : NULL;
        }
        struct node *first = nth(n->child, st->index, fits_any, 0);
        *again = !st->has_index && st->rest[0] != '\0';
        return first;
    }
    int64_t key = names != NULL && st->key[0] == '\0' ? key_number(names, st->name) : -1;
    return key >= 0 ? nth(n->child, st->index, fits_key, key) : NULL;
}

/* --- finding --------------------------------------------------------------------------------- */

static enum err no_path(struct path_fault *why, const struct message *m, const struct node *parent,
                        size_t at, size_t len)
{
    if (why != NULL)
        *why = (struct path_fault){
            .code = ERR_NO_PATH, .at = at, .len = len, .m = m, .parent = parent
        };
    return ERR_NO_PATH;
}

static int field_index(const struct node *n, const char *name)
{
    if (n->shape == &shape_transform && same(name, "keylen"))
        return PATH_KEYLEN;
    for (unsigned i = 0; i < n->shape->num_fields; i++)
        if (n->shape->fields[i].kind != F_LIST && same(n->shape->fields[i].name, name))
            return (int)i;
    return PATH_NODE;
}

static bool kid_of(const struct node *parent, const char *path, const char *at, struct node **out)
{
    struct step st;
    bool again;
    if (!read_step(path, at, &st))
        return false;
    *out = find_child(parent, &st, &again);
    return *out != NULL;
}

/* The first step: HDR, or a payload inside before one outside; SK itself is always outside. */
static struct node *first_node(const struct message *m, const struct step *st, struct node **parent)
{
    struct node *inner = msg_payloads(m);
    *parent = NULL;
    if (same(st->name, "HDR"))
        return m->hdr;
    int type = payload_type(st->name);
    if (type == PAYLOAD_SK || type == PAYLOAD_SKF)
        inner = m->hdr;
    struct node *n = find_payload(inner, st);
    *parent = inner;
    if (n == NULL && inner != m->hdr) {
        *parent = m->hdr;
        n = find_payload(m->hdr, st);
    }
    return n;
}

enum err path_find(const struct message *m, const char *path, struct path_ref *out,
                   struct path_fault *why)
{
    struct step st;
    *out = (struct path_ref){ .field = PATH_NODE };
    if (m->hdr == NULL)
        return no_path(why, m, NULL, 0, strlen(path));
    if (!read_step(path, path, &st))
        return no_path(why, m, NULL, 0, strlen(path));
    out->node = first_node(m, &st, &out->parent);
    if (out->node == NULL)
        return no_path(why, m, NULL, st.at, st.len);
    const char *at = st.rest;
    for (unsigned depth = 0; *at != '\0'; depth++) {
        struct node *n = out->node, *kid;
        int field = field_index(n, at); /* names with a dot (flags.R) end the path */
        if (field != PATH_NODE) {
            out->field = field;
            return ERR_OK;
        }
        bool again;
        if (depth > MAX_DEPTH || !read_step(path, at, &st))
            return no_path(why, m, n, (size_t)(at - path), strlen(at));
        kid = find_child(n, &st, &again);
        if (kid == NULL)
            return no_path(why, m, n, st.at, st.len);
        out->parent = n;
        out->node = kid;
        at = st.rest;
        if (again && kid_of(n, path, at, &out->node)) {
            if (!read_step(path, at, &st))
                return no_path(why, m, n, (size_t)(at - path), strlen(at));
            at = st.rest;
        } else if (again) {
            out->node = kid;
        }
    }
    return ERR_OK;
}

bool path_has(const struct message *m, const char *path)
{
    struct path_ref ref;
    if (path_find(m, path, &ref, NULL) != ERR_OK)
        return false;
    return ref.field != PATH_KEYLEN || transform_key_bits(ref.node) != 0;
}

enum err path_get(const struct message *m, const char *path, char *buf, size_t cap,
                  struct path_fault *why)
{
    struct path_ref ref;
    enum err e = path_find(m, path, &ref, why);
    if (e != ERR_OK)
        return e;
    size_t len;
    uint64_t v;
    if (ref.field == PATH_KEYLEN) {
        struct text t = text_init(buf, cap);
        text_fmt(&t, "%u", transform_key_bits(ref.node));
        len = t.len;
    } else if (ref.field >= 0 && ref.node->owned && node_derived(ref.node, (unsigned)ref.field) &&
               node_value(ref.parent, ref.node, (unsigned)ref.field, &v)) {
        len = print_number(ref.node, (unsigned)ref.field, v, buf, cap);
    } else if (ref.field >= 0) {
        len = print_field(ref.node, (unsigned)ref.field, PRINT_ALL, buf, cap);
    } else if (ref.node->type != 0) {
        len = print_payload(ref.node, buf, cap);
    } else {
        struct text t = text_init(buf, cap);
        text_str(&t, ref.node->shape->name);
        len = t.len;
    }
    if (len < cap)
        return ERR_OK;
    if (why != NULL)
        *why = (struct path_fault){ .code = ERR_SPACE, .m = m, .len = strlen(path) };
    return ERR_SPACE;
}

/* --- setting --------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    c = lower(c);
    return digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decimal or 0x, up to 64 bits. */
static bool read_number(const char *s, uint64_t *out)
{
    uint64_t v = 0;
    unsigned base = s[0] == '0' && lower(s[1]) == 'x' ? 16 : 10;
    if (base == 16)
        s += 2;
    if (*s == '\0')
        return false;
    for (; *s != '\0'; s++) {
        int d = hex_digit(*s);
        if (d < 0 || (unsigned)d >= base || v > (UINT64_MAX - (unsigned)d) / base)
            return false;
        v = v * base + (unsigned)d;
    }
    *out = v;
    return true;
}

/* Hex digits in pairs, with spaces and colons between pairs, into the arena. */
static enum err read_hex(struct arena *a, const char *s, struct span *out)
{
    uint8_t *p = arena_take(a, strlen(s) / 2 + 1);
    size_t n = 0;
    if (p == NULL)
        return ERR_SPACE;
    while (*s != '\0') {
        if (*s == ' ' || *s == ':') {
            s++;
            continue;
        }
        int hi = hex_digit(s[0]), lo = hi >= 0 ? hex_digit(s[1]) : -1;
        if (lo < 0)
            return ERR_VALUE;
        p[n++] = (uint8_t)(hi << 4 | lo);
        s += 2;
    }
    *out = span_of(p, n);
    return ERR_OK;
}

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static enum err set_bytes(struct message *m, struct node *n, unsigned field, const char *value)
{
    struct span v = { 0 };
    struct addr a;
    enum err e = ERR_OK;
    if (begins(value, "str:"))
        v = span_str(value + 4);
    else if (begins(value, "hex:"))
        e = read_hex(m->arena, value + 4, &v);
    else if (value[0] == '0' && lower(value[1]) == 'x')
        e = read_hex(m->arena, value + 2, &v);
    else if (addr_parse(begins(value, "ip:") ? value + 3 : value, &a) && a.port == 0)
        v = span_of(a.ip, addr_len(&a));
    else
        e = value[0] == '\0' ? ERR_OK : ERR_VALUE;
    return e == ERR_OK ? node_set_bytes(m, n, field, v) : e;
}

static enum err set_number(struct message *m, struct node *n, unsigned field, const char *value)
{
    uint64_t v;
    if (same(value, "auto") && n->shape->fields[field].derive != D_NONE) {
        node_unset(n, field);
        return ERR_OK;
    }
    int64_t named = node_names(n, field) != NULL ? name_num(node_names(n, field), value) : -1;
    if (named >= 0)
        v = (uint64_t)named;
    else if (!read_number(value, &v))
        return ERR_VALUE;
    return node_set_num(m, n, field, v);
}

static enum err set_keylen(struct message *m, struct node *transform, const char *value)
{
    uint64_t v;
    if (!read_number(value, &v) || v > UINT16_MAX)
        return ERR_VALUE;
    struct node *a = transform->child;
    while (a != NULL && node_num(a, ATTR_TYPE) != ATTRIBUTE_KEY_LENGTH)
        a = a->next;
    if (a == NULL)
        a = child_add(m, transform, &shape_attribute);
    if (a == NULL)
        return ERR_SPACE;
    enum err e = node_set_num(m, a, ATTR_AF, 1);
    if (e == ERR_OK)
        e = node_set_num(m, a, ATTR_TYPE, ATTRIBUTE_KEY_LENGTH);
    if (e == ERR_OK)
        e = node_set_bytes(m, a, ATTR_DATA, (struct span){ 0 });
    return e == ERR_OK ? node_set_num(m, a, ATTR_VALUE, v) : e;
}

enum err path_set(struct message *m, const char *path, const char *value, struct path_fault *why)
{
    struct path_ref ref;
    enum err e = path_find(m, path, &ref, why);
    if (e != ERR_OK)
        return e;
    if (ref.field == PATH_NODE)
        return no_path(why, m, ref.node, strlen(path), 0);
    if (ref.field == PATH_KEYLEN)
        e = set_keylen(m, ref.node, value);
    else if (ref.node->shape->fields[ref.field].kind <= F_ZERO)
        e = set_number(m, ref.node, (unsigned)ref.field, value);
    else
        e = set_bytes(m, ref.node, (unsigned)ref.field, value);
    if (e != ERR_OK && why != NULL)
        *why = (struct path_fault){ .code = e,
                                    .len = strlen(path),
                                    .m = m,
                                    .node = ref.node,
                                    .in_value = true,
                                    .values = ref.field >= 0
                                                  ? node_names(ref.node, (unsigned)ref.field)
                                                  : NULL };
    return e;
}

/* --- what would have been right --------------------------------------------------------------- */

/* Edit distance of two short words, case-insensitive. */
static unsigned distance(const char *a, size_t a_len, const char *b)
{
    unsigned row[65];
    size_t b_len = strlen(b);
    if (a_len > 64 || b_len > 64)
        return 64;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= a_len; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_len; j++) {
            unsigned cost = diagonal + (lower(a[i - 1]) != lower(b[j - 1]));
            diagonal = row[j];
            if (row[j] + 1 < cost)
                cost = row[j] + 1;
            if (row[j - 1] + 1 < cost)
                cost = row[j - 1] + 1;
            row[j] = cost;
        }
    }
    return row[b_len];
}

struct found {
    const char **out;
    size_t cap, num;
    const char *word;
    size_t word_len;
    unsigned best[64];
};

/* Keeps out sorted by distance; what does not fit falls off the end. */
static void offer(struct found *f, const char *name)
{
    unsigned d = distance(f->word, f->word_len, name);
    size_t at = f->num;
    for (size_t i = 0; i < f->num; i++)
        if (strcmp(f->out[i], name) == 0)
            return;
    if (f->num < f->cap)
        f->num++;
    else if (f->num == 0 || f->best[f->num - 1] <= d)
        return;
    else
        at--;
    for (; at > 0 && f->best[at - 1] > d; at--) {
        f->best[at] = f->best[at - 1];
        f->out[at] = f->out[at - 1];
    }
    f->best[at] = d;
    f->out[at] = name;
}

static void offer_names(struct found *f, const struct names *r)
{
    for (size_t i = 0; r != NULL && i < r->num_rows; i++)
        offer(f, r->rows[i].name);
}

static void offer_payloads(struct found *f, const struct node *parent)
{
    for (const struct node *n = parent->child; n != NULL; n = n->next) {
        const char *name = name_of(&names_payload, n->type);
        offer(f, name != NULL ? name : "payload");
    }
}

static void offer_node(struct found *f, const struct node *n)
{
    for (unsigned i = 0; i < n->shape->num_fields; i++)
        if (n->shape->fields[i].kind != F_LIST)
            offer(f, n->shape->fields[i].name);
    if (n->shape == &shape_transform)
        offer(f, "keylen");
    if (holds_payloads(n))
        offer_payloads(f, n);
    const struct shape *kid = child_shape(n);
    if (kid != NULL)
        offer(f, kid->name);
    for (const struct node *c = n->child; c != NULL && kid != NULL && kid->key >= 0; c = c->next) {
        const char *name =
            name_of(kid->fields[kid->key].names, (uint32_t)node_num(c, (unsigned)kid->key));
        if (name != NULL)
            offer(f, name);
    }
}

static size_t allowed(const struct path_fault *why, const char *word, size_t word_len,
                      const char **out, size_t cap)
{
    struct found f = { .out = out, .cap = cap < 64 ? cap : 64, .word = word, .word_len = word_len };
    if (why->in_value) {
        offer_names(&f, why->values);
    } else if (why->parent != NULL) {
        offer_node(&f, why->parent);
    } else {
        offer(&f, "HDR");
        if (why->m != NULL && why->m->hdr != NULL) {
            offer_payloads(&f, msg_payloads(why->m));
            offer_payloads(&f, why->m->hdr);
        }
    }
    return f.num;
}

static size_t word_len(const char *s)
{
    size_t n = 0;
    while (name_char(s[n]))
        n++;
    return n;
}

size_t path_allowed(const struct path_fault *why, const char *path, const char **out, size_t cap)
{
    size_t len = strlen(path);
    const char *word = path + (why->at < len ? why->at : len);
    if (why->in_value)
        word = "";
    return allowed(why, word, word_len(word), out, cap);
}

void path_fault_text(const struct path_fault *why, const char *path, const char *value, char *buf,
                     size_t cap)
{
    struct text t = text_init(buf, cap);
    const char *names[12];
    if (why->in_value && value != NULL) {
        text_quoted(&t, span_str(value), 60);
        text_fmt(&t, " is no value for ");
        text_quoted(&t, span_str(path), 100);
        text_fmt(&t, ": %s", err_text(why->code));
    } else {
        text_quoted(&t, span_str(path), 100);
        text_fmt(&t, ", character %zu: %s", why->at + 1, err_text(why->code));
    }
    if (why->code == ERR_SPACE)
        return;
    const char *word = why->in_value && value != NULL ? value : path;
    size_t len = strlen(word), at = why->in_value ? 0 : why->at < len ? why->at : len;
    size_t n = allowed(why, word + at, word_len(word + at), names, 12);
    for (size_t i = 0; i < n; i++)
        text_fmt(&t, "%s%s", i == 0 ? "; allowed: " : " ", names[i]);
    if (n == 12)
        text_str(&t, " ...");
}

/* --- listing --------------------------------------------------------------------------------- */

struct walk {
    const struct message *m;
    path_visit *visit;
    void *ctx;
    char path[MAX_PATH];
};

static void list_node(struct walk *w, struct node *n, size_t len, unsigned depth);

/* Text of one payload step, with [i] when earlier siblings have the same name. */
static void payload_step(struct text *t, const struct node *parent, const struct node *n)
{
    unsigned same_name = 0;
    const char *name = name_of(&names_payload, n->type);
    if (name == NULL || n->type == PAYLOAD_NONE)
        text_fmt(t, "payload(%u)", n->type);
    else
        text_str(t, name);
    bool notify = n->type == PAYLOAD_NOTIFY;
    if (notify) {
        const char *type = name_of(&names_notify, (uint32_t)node_num(n, NOTIFY_TYPE));
        if (type != NULL)
            text_fmt(t, "(%s)", type);
        else
            text_fmt(t, "(%u)", (unsigned)node_num(n, NOTIFY_TYPE));
    }
    for (const struct node *c = parent->child; c != NULL && c != n; c = c->next)
        same_name +=
            c->type == n->type && (!notify || node_num(c, NOTIFY_TYPE) == node_num(n, NOTIFY_TYPE));
    if (same_name > 0)
        text_fmt(t, "[%u]", same_name);
}

/* What is inside goes without prefix, except where another SK would be found first. */
static void list_inside(struct walk *w, struct node *sk, size_t len, unsigned depth)
{
    char prefix[MAX_PATH];
    memcpy(prefix, w->path, len);
    for (struct node *c = sk->child; c != NULL; c = c->next) {
        bool bare = sk == msg_sk(w->m) && c->type != PAYLOAD_SK && c->type != PAYLOAD_SKF;
        struct text t = { .p = w->path, .cap = sizeof w->path, .len = bare ? 0 : len };
        memcpy(w->path, prefix, t.len);
        if (!bare)
            text_char(&t, '.');
        payload_step(&t, sk, c);
        if (t.len < sizeof w->path)
            list_node(w, c, t.len, depth + 1);
    }
}

static void list_node(struct walk *w, struct node *n, size_t len, unsigned depth)
{
    if (depth > MAX_DEPTH)
        return;
    for (unsigned i = 0; i < n->shape->num_fields; i++) {
        struct text t = { .p = w->path, .cap = sizeof w->path, .len = len };
        if (n->shape->fields[i].kind == F_LIST)
            continue;
        text_fmt(&t, ".%s", n->shape->fields[i].name);
        if (t.len < sizeof w->path)
            w->visit(w->ctx, w->path, n, i);
    }
    if (n->type == PAYLOAD_SK || n->type == PAYLOAD_SKF) {
        list_inside(w, n, len, depth);
        return;
    }
    if (n == w->m->hdr) /* path_list() goes on with the payloads */
        return;
    unsigned index = 0;
    for (struct node *c = n->child; c != NULL; c = c->next) {
        struct text t = { .p = w->path, .cap = sizeof w->path, .len = len };
        text_fmt(&t, ".%s[%u]", c->shape->name, index++);
        if (t.len < sizeof w->path)
            list_node(w, c, t.len, depth + 1);
    }
}

void path_list(const struct message *m, path_visit *visit, void *ctx)
{
    struct walk w = { .m = m, .visit = visit, .ctx = ctx };
    if (m->hdr == NULL)
        return;
    struct text t = text_init(w.path, sizeof w.path);
    text_str(&t, "HDR");
    list_node(&w, m->hdr, t.len, 0);
    bool inner = msg_payloads(m) != m->hdr;
    for (struct node *n = m->hdr->child; n != NULL; n = n->next) {
        /* beside an opened SK, what is outside needs the prefix */
        bool sk = n->type == PAYLOAD_SK || n->type == PAYLOAD_SKF;
        t = text_init(w.path, sizeof w.path);
        text_str(&t, inner && !sk ? "HDR." : "");
        payload_step(&t, m->hdr, n);
        list_node(&w, n, t.len, 1);
    }
}
