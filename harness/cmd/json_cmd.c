/* json_cmd.c - ::ike::json: JSON text (RFC 8259) becomes Tcl values by a table that says what must
 * be where. A run's results.json is some 10 MB in a million values; each is looked at once, here.
 *
 *   read TEXT SHAPES PATTERNS TYPE ROOT     the value; reports/json.tcl says what shapes and types
 * are keys TEXT                               the keys of the outermost object
 *
 * What is not as the table has it fails with the errorCode {JSON AT WHAT}: AT is the place, such as
 * ROOT.cases[3].rev. A missing key, an unknown one and one that comes twice are mistakes. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/cmd/app.h"

enum {
    MAX_DEPTH = 64, /* of nesting */
    MAX_ROWS = 64,  /* of a shape */
};

/* --- the table, once read -----------------------------------------------------------------------
 */

enum kind {
    IS_STR,
    IS_LIKE,
    IS_ENUM,
    IS_INT,
    IS_CONST,
    IS_BOOL,
    IS_LIST,
    IS_MAP,
    IS_OBJECT,
    IS_MAYBE
};
static const char *const kind_words[] = { "str",  "like", "enum", "int",    "const",
                                          "bool", "list", "map",  "object", "maybe" };
struct layout;
struct type {
    struct type *made_before; /* all that were made, to give them back */
    enum kind kind;
    Tcl_Obj *arg;         /* IS_LIKE: the pattern's name; IS_CONST: the text; IS_ENUM: the words */
    Tcl_Obj *pattern;     /* IS_LIKE */
    struct type *key;     /* IS_MAP */
    struct type *item;    /* IS_LIST, IS_MAP */
    struct layout *shape; /* IS_OBJECT, IS_MAYBE */
};
struct layout {
    struct layout *made_before;
    Tcl_Obj *name;
    int num;
    struct {
        Tcl_Obj *key;
        struct type *type;
    } rows[MAX_ROWS];
};

struct json {
    Tcl_Interp *ip;
    const char *text, *p, *end;
    Tcl_Obj *shapes, *patterns; /* dicts */
    struct type *types;
    struct layout *known;
    const char *root;
    int depth;
    struct {
        Tcl_Obj *key; /* NULL: an element */
        long n;
    } path[MAX_DEPTH];
};

static Tcl_Obj *element(struct json *j, Tcl_Obj *list, int i)
{
    Tcl_Obj *one = NULL;
    return Tcl_ListObjIndex(j->ip, list, i, &one) == TCL_OK ? one : NULL;
}

static Tcl_Obj *entry(struct json *j, Tcl_Obj *dict, Tcl_Obj *key)
{
    Tcl_Obj *one = NULL;
    return Tcl_DictObjGet(j->ip, dict, key, &one) == TCL_OK ? one : NULL;
}

/* NULL: the table itself is wrong, which is our mistake. */
static struct type *type_read(struct json *j, Tcl_Obj *spec);

static struct layout *shape_read(struct json *j, Tcl_Obj *name)
{
    for (struct layout *s = j->known; s != NULL; s = s->made_before)
        if (strcmp(Tcl_GetString(s->name), Tcl_GetString(name)) == 0)
            return s;
    Tcl_Obj *rows = entry(j, j->shapes, name);
    int num = 0;
    if (rows == NULL || Tcl_ListObjLength(j->ip, rows, &num) != TCL_OK || num > MAX_ROWS)
        return NULL;
    struct layout *s = (struct layout *)Tcl_Alloc(sizeof *s);
    *s = (struct layout){ .made_before = j->known, .name = name };
    j->known = s;
    for (; s->num < num; s->num++) {
        Tcl_Obj *row = element(j, rows, s->num);
        Tcl_Obj *key = element(j, row, 0), *spec = element(j, row, 1);
        if (key == NULL || spec == NULL)
            return NULL;
        s->rows[s->num].key = key;
        s->rows[s->num].type = type_read(j, spec);
        if (s->rows[s->num].type == NULL)
            return NULL;
    }
    return s;
}

static struct type *type_read(struct json *j, Tcl_Obj *spec)
{
    int kind;
    Tcl_Obj *word = element(j, spec, 0), *arg = element(j, spec, 1), *more = element(j, spec, 2);
    if (word == NULL || Tcl_GetIndexFromObjStruct(j->ip, word, kind_words, sizeof kind_words[0],
                                                  "type", TCL_EXACT, &kind) != TCL_OK)
        return NULL;
    struct type *t = (struct type *)Tcl_Alloc(sizeof *t);
    *t = (struct type){ .made_before = j->types, .kind = (enum kind)kind, .arg = arg };
    j->types = t;
    switch (t->kind) {
    case IS_STR:
    case IS_INT:
    case IS_BOOL:
        return t;
    case IS_CONST:
        return arg != NULL ? t : NULL;
    case IS_ENUM:
        t->arg = spec;
        return t;
    case IS_LIKE:
        t->pattern = arg != NULL ? entry(j, j->patterns, arg) : NULL;
        return t->pattern != NULL ? t : NULL;
    case IS_LIST:
        t->item = arg != NULL ? type_read(j, arg) : NULL;
        return t->item != NULL ? t : NULL;
    case IS_MAP:
        t->key = arg != NULL ? type_read(j, arg) : NULL;
        t->item = more != NULL ? type_read(j, more) : NULL;
        return t->key != NULL && t->item != NULL ? t : NULL;
    case IS_OBJECT:
    case IS_MAYBE:
        t->shape = arg != NULL ? shape_read(j, arg) : NULL;
        return t->shape != NULL ? t : NULL;
    }
    return NULL;
}

/* --- what is wrong ------------------------------------------------------------------------------
 */

/* Always NULL, so that a reader can return it. The first mistake is the one kept. */
static Tcl_Obj *wrong_at(struct json *j, const char *more, Tcl_Obj *what)
{
    Tcl_Obj *at = Tcl_NewStringObj(j->root, -1);
    for (int i = 0; i < j->depth; i++) {
        if (j->path[i].key == NULL) {
            Tcl_AppendPrintfToObj(at, "[%ld]", j->path[i].n);
        } else {
            Tcl_AppendToObj(at, ".", 1);
            Tcl_AppendObjToObj(at, j->path[i].key);
        }
    }
    Tcl_AppendToObj(at, more, -1);
    Tcl_Obj *code[3] = { Tcl_NewStringObj("JSON", -1), at, what };
    Tcl_Obj *text = Tcl_DuplicateObj(at);
    Tcl_AppendToObj(text, ": ", 2);
    Tcl_AppendObjToObj(text, what);
    Tcl_SetObjErrorCode(j->ip, Tcl_NewListObj(3, code));
    Tcl_SetObjResult(j->ip, text);
    return NULL;
}

static Tcl_Obj *wrong(struct json *j, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static Tcl_Obj *wrong(struct json *j, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return wrong_at(j, "", Tcl_NewStringObj(text, -1));
}

/* 'VALUE' and what follows; MORE goes to the place. Takes the value over. */
static Tcl_Obj *refused(struct json *j, const char *more, Tcl_Obj *value, const char *before,
                        Tcl_Obj *after)
{
    Tcl_Obj *what = Tcl_NewStringObj("'", 1);
    Tcl_AppendObjToObj(what, value);
    Tcl_AppendStringsToObj(what, "' ", before, (char *)NULL);
    if (after != NULL)
        Tcl_AppendObjToObj(what, after);
    Tcl_IncrRefCount(value);
    Tcl_DecrRefCount(value);
    return wrong_at(j, more, what);
}

/* The text ends its being JSON here. The place is a line and a column, for there is no other. */
static Tcl_Obj *no_json(struct json *j, const char *why)
{
    long line = 1, column = 1;
    for (const char *p = j->text; p < j->p; p++) {
        column = *p == '\n' ? 1 : column + 1;
        line += *p == '\n';
    }
    j->depth = 0;
    return wrong(j, "not JSON: line %ld column %ld: %s", line, column, why);
}

/* --- words of JSON ------------------------------------------------------------------------------
 */

/* The next octet that is no white space, not taken; 0 at the end. */
static char peek(struct json *j)
{
    while (j->p < j->end && (*j->p == ' ' || *j->p == '\n' || *j->p == '\r' || *j->p == '\t'))
        j->p++;
    return j->p < j->end ? *j->p : '\0';
}

static bool take(struct json *j, char c)
{
    if (peek(j) != c || j->p == j->end)
        return false;
    j->p++;
    return true;
}

static bool word(struct json *j, const char *w)
{
    size_t n = strlen(w);
    if ((size_t)(j->end - j->p) < n || memcmp(j->p, w, n) != 0)
        return false;
    j->p += n;
    return true;
}

/* A \u of four digits, from the first digit; -1 when it is none. */
static int hex4(const char *p, const char *end)
{
    int v = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        if (!isxdigit((unsigned char)p[i]))
            return -1;
        v = v << 4 | (isdigit((unsigned char)p[i]) ? p[i] - '0' : (p[i] | 32) - 'a' + 10);
    }
    return v;
}

/* A code unit in Tcl's own form: zero has two octets, halves of pairs stand alone. */
static int unit_put(char *to, int v)
{
    if (v != 0 && v < 0x80) {
        to[0] = (char)v;
        return 1;
    }
    if (v < 0x800) {
        to[0] = (char)(0xc0 | v >> 6);
        to[1] = (char)(0x80 | (v & 63));
        return 2;
    }
    to[0] = (char)(0xe0 | v >> 12);
    to[1] = (char)(0x80 | (v >> 6 & 63));
    to[2] = (char)(0x80 | (v & 63));
    return 3;
}

/* A string, its opening quote not yet taken. */
static Tcl_Obj *string(struct json *j)
{
    static const char *const letters = "\"\\/bfnrt", *const meant = "\"\\/\b\f\n\r\t";
    const char *from = ++j->p;
    Tcl_Obj *out = NULL;
    const char *why = "a string without its end";
    for (; j->p < j->end; j->p++) {
        unsigned char c = (unsigned char)*j->p;
        if (c == '"') {
            if (out == NULL)
                out = Tcl_NewObj();
            Tcl_AppendToObj(out, from, (int)(j->p - from));
            j->p++;
            return out;
        }
        if (c < 0x20) {
            why = "a control character in a string";
            break;
        }
        if (c != '\\')
            continue;
        if (out == NULL)
            out = Tcl_NewObj();
        Tcl_AppendToObj(out, from, (int)(j->p - from));
        char unit[4];
        int len = 1, v = 0;
        const char *letter = ++j->p < j->end && *j->p != '\0' ? strchr(letters, *j->p) : NULL;
        if (letter != NULL) {
            unit[0] = meant[letter - letters];
        } else if (j->p < j->end && *j->p == 'u' && (v = hex4(j->p + 1, j->end)) >= 0) {
            len = unit_put(unit, v);
            j->p += 4;
        } else {
            why = "an unknown escape in a string";
            break;
        }
        Tcl_AppendToObj(out, unit, len);
        from = j->p + 1;
    }
    if (out != NULL)
        Tcl_DecrRefCount(out);
    return no_json(j, why);
}

/* The octets of a number, 0 when it is none. */
static int number(struct json *j)
{
    const char *from = j->p, *p = from, *end = j->end;
#define DIGITS                                                                                     \
    while (p < end && isdigit((unsigned char)*p))                                                  \
    p++
    if (p < end && *p == '-')
        p++;
    if (p == end || !isdigit((unsigned char)*p))
        return 0;
    if (*p == '0')
        p++;
    else
        DIGITS;
    if (p + 1 < end && *p == '.' && isdigit((unsigned char)p[1])) {
        p++;
        DIGITS;
    }
    if (p < end && (*p | 32) == 'e') {
        const char *q = p + 1;
        if (q < end && (*q == '+' || *q == '-'))
            q++;
        if (q < end && isdigit((unsigned char)*q)) {
            p = q;
            DIGITS;
        }
    }
#undef DIGITS
    j->p = p;
    return (int)(p - from);
}

static bool deeper(struct json *j, Tcl_Obj *key)
{
    if (j->depth == MAX_DEPTH) {
        (void)no_json(j, "nested too deeply");
        return false;
    }
    j->path[j->depth].key = key;
    j->path[j->depth].n = -1;
    j->depth++;
    return true;
}

/* The key of a member and its colon. Its owner gives it back. */
static Tcl_Obj *member(struct json *j)
{
    if (peek(j) != '"')
        return no_json(j, "a key should come here");
    Tcl_Obj *key = string(j);
    if (key == NULL)
        return NULL;
    Tcl_IncrRefCount(key);
    if (take(j, ':'))
        return key;
    (void)no_json(j, "a colon should come here");
    Tcl_DecrRefCount(key);
    return NULL;
}

/* After a member or an element: 1 another one comes, 0 that was the last, -1 neither. */
static int more(struct json *j, char close)
{
    if (take(j, close))
        return 0;
    if (take(j, ','))
        return 1;
    (void)no_json(j,
                  close == ']' ? "a comma or ] should come here" : "a comma or } should come here");
    return -1;
}

/* --- values that nobody asked for ---------------------------------------------------------------
 */

/* Passes over a value of any kind; KEYS, when not NULL, gets the keys of an object. */
static bool skip(struct json *j, Tcl_Obj *keys)
{
    char c = peek(j);
    if (c == '{' || c == '[') {
        char close = c == '{' ? '}' : ']';
        int on = 1;
        j->p++;
        if (take(j, close))
            return true;
        if (!deeper(j, NULL))
            return false;
        while (on == 1) {
            if (c == '{') {
                Tcl_Obj *key = member(j);
                if (key == NULL)
                    return false;
                if (keys != NULL)
                    Tcl_ListObjAppendElement(NULL, keys, key);
                Tcl_DecrRefCount(key);
            }
            if (!skip(j, NULL))
                return false;
            on = more(j, close);
        }
        j->depth--;
        return on == 0;
    }
    if (c == '"') {
        Tcl_Obj *s = string(j);
        if (s == NULL)
            return false;
        Tcl_IncrRefCount(s);
        Tcl_DecrRefCount(s);
        return true;
    }
    if (word(j, "true") || word(j, "false") || word(j, "null") || number(j) > 0)
        return true;
    (void)no_json(j, "a value should come here");
    return false;
}

/* --- values by the table ------------------------------------------------------------------------
 */

static Tcl_Obj *value(struct json *j, const struct type *t);

/* A text held against its type; MORE is for the place. Gives it back, or one like it. */
static Tcl_Obj *text_as(struct json *j, const struct type *t, Tcl_Obj *v, const char *where)
{
    if (t->kind == IS_LIKE) {
        Tcl_RegExp re = Tcl_GetRegExpFromObj(j->ip, t->pattern, TCL_REG_ADVANCED);
        if (re != NULL && Tcl_RegExpExecObj(j->ip, re, v, 0, 0, 0) == 1)
            return v;
        return refused(j, where, v, "is not a valid ", t->arg);
    }
    if (t->kind == IS_ENUM) {
        int num = 0, len, own;
        const char *text = Tcl_GetStringFromObj(v, &len);
        (void)Tcl_ListObjLength(NULL, t->arg, &num);
        Tcl_Obj *all = Tcl_NewObj();
        for (int i = 1; i < num; i++) {
            Tcl_Obj *w = element(j, t->arg, i);
            const char *s = Tcl_GetStringFromObj(w, &own);
            if (own == len && memcmp(s, text, (size_t)len) == 0) {
                Tcl_DecrRefCount(all);
                Tcl_IncrRefCount(v);
                Tcl_DecrRefCount(v);
                return w;
            }
            Tcl_AppendStringsToObj(all, i > 1 ? ", " : "", s, (char *)NULL);
        }
        (void)refused(j, where, v, "is none of: ", all);
        Tcl_DecrRefCount(all);
        return NULL;
    }
    return v;
}

static Tcl_Obj *array(struct json *j, const struct type *t)
{
    if (peek(j) != '[')
        return wrong(j, "should be an array");
    Tcl_Obj *out = Tcl_NewListObj(0, NULL);
    j->p++;
    if (take(j, ']'))
        return out;
    int on = deeper(j, NULL) ? 1 : -1;
    while (on == 1) {
        j->path[j->depth - 1].n++;
        Tcl_Obj *one = value(j, t->item);
        if (one != NULL)
            Tcl_ListObjAppendElement(NULL, out, one);
        on = one != NULL ? more(j, ']') : -1;
    }
    if (on != 0) {
        Tcl_DecrRefCount(out);
        return NULL;
    }
    j->depth--;
    return out;
}

static Tcl_Obj *map(struct json *j, const struct type *t)
{
    if (peek(j) != '{')
        return wrong(j, "should be an object");
    Tcl_Obj *out = Tcl_NewDictObj();
    j->p++;
    if (take(j, '}'))
        return out;
    int on = 1;
    while (on == 1) {
        Tcl_Obj *had = NULL, *one = NULL, *key = member(j);
        on = -1;
        if (key == NULL)
            break;
        (void)Tcl_DictObjGet(NULL, out, key, &had);
        if (had != NULL) {
            (void)wrong(j, "key '%.300s' appears twice", Tcl_GetString(key));
        } else if (text_as(j, t->key, key, " key") != NULL && deeper(j, key)) {
            one = value(j, t->item);
            if (one != NULL) {
                j->depth--;
                (void)Tcl_DictObjPut(NULL, out, key, one);
                on = more(j, '}');
            }
        }
        Tcl_DecrRefCount(key);
    }
    if (on == 0)
        return out;
    Tcl_DecrRefCount(out);
    return NULL;
}

/* The row of the key; most files have the order of the table, so it is most often the next. */
static int row_of(const struct layout *s, Tcl_Obj *key, int next)
{
    const char *k = Tcl_GetString(key);
    for (int i = 0; i < s->num; i++) {
        int at = (next + i) % s->num;
        if (strcmp(Tcl_GetString(s->rows[at].key), k) == 0)
            return at;
    }
    return -1;
}

/* Members into HAVE by rows, their values counted once; unknown ones: the first key. */
static bool members(struct json *j, const struct layout *s, Tcl_Obj **have, Tcl_Obj **unknown)
{
    int on = take(j, '}') ? 0 : 1, next = 0;
    while (on == 1) {
        Tcl_Obj *key = member(j);
        if (key == NULL)
            return false;
        int at = row_of(s, key, next);
        bool good = true;
        if (at < 0) {
            good = skip(j, NULL);
            if (good && *unknown == NULL) {
                *unknown = key;
                Tcl_IncrRefCount(key);
            }
        } else if (have[at] != NULL) {
            (void)wrong(j, "key '%s' appears twice", Tcl_GetString(key));
            good = false;
        } else {
            good = deeper(j, s->rows[at].key);
            have[at] = good ? value(j, s->rows[at].type) : NULL;
            good = have[at] != NULL;
            if (good) {
                Tcl_IncrRefCount(have[at]);
                j->depth--;
                next = at + 1;
            }
        }
        Tcl_DecrRefCount(key);
        if (!good)
            return false;
        on = more(j, '}');
    }
    return on == 0;
}

static Tcl_Obj *object(struct json *j, const struct layout *s)
{
    Tcl_Obj *have[MAX_ROWS] = { NULL }, *unknown = NULL, *out = NULL;
    if (peek(j) != '{')
        return wrong(j, "should be an object");
    j->p++;
    bool good = members(j, s, have, &unknown);
    for (int i = 0; good && i < s->num; i++) {
        if (have[i] == NULL) {
            (void)wrong(j, "'%s' is missing", Tcl_GetString(s->rows[i].key));
            good = false;
        }
    }
    if (good && unknown != NULL) {
        (void)wrong(j, "unknown key '%.300s'", Tcl_GetString(unknown));
        good = false;
    }
    if (good) {
        out = Tcl_NewDictObj();
        for (int i = 0; i < s->num; i++)
            (void)Tcl_DictObjPut(NULL, out, s->rows[i].key, have[i]);
    }
    for (int i = 0; i < s->num; i++)
        if (have[i] != NULL)
            Tcl_DecrRefCount(have[i]);
    if (unknown != NULL)
        Tcl_DecrRefCount(unknown);
    return out;
}

/* The whole number that the N octets before us are: no leading zeros, and few enough for 64 bits.
 */
static Tcl_Obj *whole(struct json *j, const struct type *t, int n)
{
    const char *s = j->p - n;
    Tcl_Obj *text = Tcl_NewStringObj(s, n);
    if (t->kind == IS_CONST) {
        if (strcmp(Tcl_GetString(text), Tcl_GetString(t->arg)) == 0)
            return text;
        return refused(j, "", text, "should be ", t->arg);
    }
    int digits = n - (*s == '-');
    bool plain = digits <= 18 && !(n > 1 && *s == '-' && s[1] == '0');
    for (int i = n - digits; i < n; i++)
        plain = plain && isdigit((unsigned char)s[i]);
    if (!plain)
        return refused(j, "", text, "is not a whole number", NULL);
    Tcl_WideInt v = strtoll(Tcl_GetString(text), NULL, 10);
    Tcl_DecrRefCount(text);
    return Tcl_NewWideIntObj(v);
}

static Tcl_Obj *value(struct json *j, const struct type *t)
{
    char c = peek(j);
    int n;
    switch (t->kind) {
    case IS_LIST:
        return array(j, t);
    case IS_MAP:
        return map(j, t);
    case IS_MAYBE:
        if (word(j, "null"))
            return Tcl_NewObj();
        return object(j, t->shape);
    case IS_OBJECT:
        return object(j, t->shape);
    case IS_BOOL:
        if (word(j, "true"))
            return Tcl_NewIntObj(1);
        if (word(j, "false"))
            return Tcl_NewIntObj(0);
        break;
    case IS_INT:
    case IS_CONST:
        n = number(j);
        if (n > 0)
            return whole(j, t, n);
        break;
    case IS_STR:
    case IS_LIKE:
    case IS_ENUM:
        if (c == '"') {
            Tcl_Obj *s = string(j);
            return s != NULL ? text_as(j, t, s, "") : NULL;
        }
        break;
    }
    if (!skip(j, NULL)) /* what is no value at all is no JSON */
        return NULL;
    return wrong(j, "should be a %s", kind_words[t->kind]);
}

/* --- the command --------------------------------------------------------------------------------
 */

static struct json opened(Tcl_Interp *ip, Tcl_Obj *text, const char *root)
{
    int len;
    const char *s = Tcl_GetStringFromObj(text, &len);
    return (struct json){ .ip = ip, .text = s, .p = s, .end = s + len, .root = root };
}

/* Nothing may follow. */
static bool ended(struct json *j)
{
    (void)peek(j);
    if (j->p == j->end)
        return true;
    (void)no_json(j, "more text after the end");
    return false;
}

static int json_read(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct json j = opened(ip, objv[0], Tcl_GetString(objv[4]));
    Tcl_Obj *out = NULL;
    (void)ctx, (void)objc;
    j.shapes = objv[1];
    j.patterns = objv[2];
    Tcl_ResetResult(ip);
    struct type *t = type_read(&j, objv[3]);
    if (t == NULL) {
        if (Tcl_GetCharLength(Tcl_GetObjResult(ip)) == 0)
            (void)cmd_fail(ip, ERR_CONFIG, "shapes", "the table of shapes is wrong");
    } else {
        out = value(&j, t);
        if (out != NULL && !ended(&j)) {
            Tcl_IncrRefCount(out);
            Tcl_DecrRefCount(out);
            out = NULL;
        }
    }
    while (j.types != NULL) {
        struct type *before = j.types->made_before;
        Tcl_Free((char *)j.types);
        j.types = before;
    }
    while (j.known != NULL) {
        struct layout *before = j.known->made_before;
        Tcl_Free((char *)j.known);
        j.known = before;
    }
    if (out == NULL)
        return TCL_ERROR;
    Tcl_SetObjResult(ip, out);
    return TCL_OK;
}

static int json_keys(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct json j = opened(ip, objv[0], "results");
    Tcl_Obj *keys = Tcl_NewListObj(0, NULL);
    (void)ctx, (void)objc;
    if (!skip(&j, keys) || !ended(&j)) {
        Tcl_DecrRefCount(keys);
        return TCL_ERROR;
    }
    Tcl_SetObjResult(ip, keys);
    return TCL_OK;
}

static const struct cmd json_cmds[] = {
    { "keys", json_keys, 1, 1, "TEXT" },
    { "read", json_read, 5, 5, "TEXT SHAPES PATTERNS TYPE ROOT" },
    { 0 },
};

void json_cmd_init(struct app *app)
{
    cmd_ensemble(app->ip, "::ike::json", json_cmds, app);
}
