/* rules.c - the occurrence table and the walk over it. */
#include "engine/wire/rules.h"

enum from { ANY, INITIATOR, RESPONDER }; /* the original initiator or responder of the IKE SA */

/* What a message is for; most exchanges have one form, others are told apart by their content. */
enum form {
    INIT_REQUEST,
    INIT_RESPONSE,
    AUTH_FIRST,         /* request with IDi */
    AUTH_EAP,           /* request or response in the middle of EAP: EAP and little else */
    AUTH_LAST,          /* request with AUTH alone after EAP */
    AUTH_RESPONSE,      /* response with IDr and AUTH, no EAP */
    AUTH_RESPONSE_EAP,  /* first response with EAP: IDr, AUTH when certificates are used */
    AUTH_RESPONSE_LAST, /* response after EAP: AUTH, SA, TSi, TSr */
    CHILD,              /* either way: a Child SA made or rekeyed */
    IKE_REKEY,          /* either way */
    INFORMATION,        /* either way */
    INTERMEDIATE,       /* RFC 9242, RFC 9370 */
    FOLLOWUP,           /* RFC 9370 */
    RESUME,             /* RFC 5723 */
    NUM_FORMS
};

enum place { CLEAR, INSIDE };

#define MANY 255

struct rule {
    uint8_t form, payload, min, max;
    enum req req; /* cited when the payload is missing */
};

/* Payloads without a row do not belong into that form. Notify and Vendor ID go anywhere. */
static const struct rule rules[] = {
    { INIT_REQUEST, PAYLOAD_SA, 1, 1, REQ_RULES_INIT },
    { INIT_REQUEST, PAYLOAD_KE, 1, 1, REQ_RULES_INIT },
    { INIT_REQUEST, PAYLOAD_NONCE, 1, 1, REQ_RULES_INIT },

    { INIT_RESPONSE, PAYLOAD_SA, 1, 1, REQ_RULES_INIT },
    { INIT_RESPONSE, PAYLOAD_KE, 1, 1, REQ_RULES_INIT },
    { INIT_RESPONSE, PAYLOAD_NONCE, 1, 1, REQ_RULES_INIT },
    { INIT_RESPONSE, PAYLOAD_CERTREQ, 0, MANY, REQ_NONE },

    { AUTH_FIRST, PAYLOAD_IDi, 1, 1, REQ_AUTH_REQUIRED_PAYLOADS },
    { AUTH_FIRST, PAYLOAD_CERT, 0, MANY, REQ_NONE },
    { AUTH_FIRST, PAYLOAD_CERTREQ, 0, MANY, REQ_NONE },
    { AUTH_FIRST, PAYLOAD_IDr, 0, 1, REQ_NONE },
    { AUTH_FIRST, PAYLOAD_AUTH, 0, 1, REQ_NONE }, /* left out to ask for EAP: RFC 7296 2.16 */
    { AUTH_FIRST, PAYLOAD_CP, 0, 1, REQ_NONE },
    { AUTH_FIRST, PAYLOAD_SA, 0, 1, REQ_NONE }, /* all three or none: see together() */
    { AUTH_FIRST, PAYLOAD_TSi, 0, 1, REQ_NONE },
    { AUTH_FIRST, PAYLOAD_TSr, 0, 1, REQ_NONE },

    { AUTH_EAP, PAYLOAD_EAP, 1, 1, REQ_AUTH_REQUIRED_PAYLOADS },

    { AUTH_LAST, PAYLOAD_AUTH, 1, 1, REQ_AUTH_REQUIRED_PAYLOADS },

    { AUTH_RESPONSE, PAYLOAD_IDr, 1, 1, REQ_AUTH_REQUIRED_PAYLOADS },
    { AUTH_RESPONSE, PAYLOAD_AUTH, 1, 1, REQ_AUTH_REQUIRED_PAYLOADS },
    { AUTH_RESPONSE, PAYLOAD_CERT, 0, MANY, REQ_NONE },
    { AUTH_RESPONSE, PAYLOAD_CP, 0, 1, REQ_NONE },
    { AUTH_RESPONSE, PAYLOAD_SA, 0, 1, REQ_NONE },
    { AUTH_RESPONSE, PAYLOAD_TSi, 0, 1, REQ_NONE },
    { AUTH_RESPONSE, PAYLOAD_TSr, 0, 1, REQ_NONE },

    { AUTH_RESPONSE_EAP, PAYLOAD_IDr, 1, 1, REQ_AUTH_REQUIRED_PAYLOADS },
    { AUTH_RESPONSE_EAP, PAYLOAD_CERT, 0, MANY, REQ_NONE },
    { AUTH_RESPONSE_EAP, PAYLOAD_AUTH, 0, 1, REQ_NONE }, /* none with EAP only: RFC 5998 */
    { AUTH_RESPONSE_EAP, PAYLOAD_EAP, 1, 1, REQ_AUTH_REQUIRED_PAYLOADS },

    { AUTH_RESPONSE_LAST, PAYLOAD_AUTH, 1, 1, REQ_AUTH_REQUIRED_PAYLOADS },
    { AUTH_RESPONSE_LAST, PAYLOAD_CP, 0, 1, REQ_NONE },
    { AUTH_RESPONSE_LAST, PAYLOAD_SA, 0, 1, REQ_NONE },
    { AUTH_RESPONSE_LAST, PAYLOAD_TSi, 0, 1, REQ_NONE },
    { AUTH_RESPONSE_LAST, PAYLOAD_TSr, 0, 1, REQ_NONE },

    { CHILD, PAYLOAD_SA, 1, 1, REQ_RULES_CHILD },
    { CHILD, PAYLOAD_NONCE, 1, 1, REQ_RULES_CHILD },
    { CHILD, PAYLOAD_KE, 0, 1, REQ_NONE },
    { CHILD, PAYLOAD_TSi, 1, 1, REQ_RULES_CHILD },
    { CHILD, PAYLOAD_TSr, 1, 1, REQ_RULES_CHILD },
    { CHILD, PAYLOAD_CP, 0, 1, REQ_NONE },

    { IKE_REKEY, PAYLOAD_SA, 1, 1, REQ_RULES_CHILD },
    { IKE_REKEY, PAYLOAD_NONCE, 1, 1, REQ_RULES_CHILD },
    { IKE_REKEY, PAYLOAD_KE, 1, 1, REQ_RULES_REKEY_KE },

    { INFORMATION, PAYLOAD_DELETE, 0, MANY, REQ_NONE },
    { INFORMATION, PAYLOAD_CP, 0, 1, REQ_NONE },

    { INTERMEDIATE, PAYLOAD_KE, 0, 1, REQ_NONE },

    { FOLLOWUP, PAYLOAD_KE, 1, 1, REQ_RULES_MISSING },

    { RESUME, PAYLOAD_NONCE, 1, 1, REQ_RULES_MISSING },
};

/* Which exchanges there are, which way they may go, and where their payloads belong. */
static const struct {
    uint8_t exchange, from, place;
} exchanges[] = {
    { EXCHANGE_IKE_SA_INIT, INITIATOR, CLEAR },        { EXCHANGE_IKE_AUTH, INITIATOR, INSIDE },
    { EXCHANGE_CREATE_CHILD_SA, ANY, INSIDE },         { EXCHANGE_INFORMATIONAL, ANY, INSIDE },
    { EXCHANGE_IKE_INTERMEDIATE, INITIATOR, INSIDE },  { EXCHANGE_IKE_FOLLOWUP_KE, ANY, INSIDE },
    { EXCHANGE_IKE_SESSION_RESUME, INITIATOR, CLEAR },
};

static bool is_sk(const struct node *n)
{
    return n->type == PAYLOAD_SK || n->type == PAYLOAD_SKF;
}

static enum err fail(struct fault *why, enum err code, const struct node *at, unsigned payload,
                     enum req req, bool inside)
{
    fault_set(why, code, at != NULL ? at->off : 0, name_of(&names_payload, payload), req);
    if (why != NULL) {
        why->payload = (uint8_t)payload;
        why->inside = inside;
    }
    return code;
}

static bool has(const struct node *parent, uint8_t type)
{
    return payload_find(parent, type) != NULL;
}

/* A response that reports failure, or asks to come again, has nothing else to carry. */
static bool excused(const struct message *m, const struct node *parent)
{
    if (!msg_is_response(m))
        return false;
    for (const struct node *n = parent->child; n != NULL; n = n->next) {
        uint64_t type = n->type == PAYLOAD_NOTIFY ? node_num(n, NOTIFY_TYPE) : N_INITIAL_CONTACT;
        if (type < N_INITIAL_CONTACT || type == N_COOKIE || type == N_REDIRECT)
            return true;
    }
    return false;
}

static enum form auth_form(const struct message *m, const struct node *parent)
{
    bool first = msg_mid(m) <= 1, eap = has(parent, PAYLOAD_EAP);
    if (!msg_is_response(m)) {
        if (eap)
            return AUTH_EAP;
        return first || has(parent, PAYLOAD_IDi) ? AUTH_FIRST : AUTH_LAST;
    }
    if (first || has(parent, PAYLOAD_IDr))
        return eap ? AUTH_RESPONSE_EAP : AUTH_RESPONSE;
    return eap ? AUTH_EAP : AUTH_RESPONSE_LAST;
}

static enum form child_form(const struct node *parent)
{
    const struct node *sa = payload_find(parent, PAYLOAD_SA);
    bool ike =
        sa != NULL && sa->child != NULL && node_num(sa->child, PROP_PROTOCOL) == PROTOCOL_IKE;
    return ike ? IKE_REKEY : CHILD;
}

static enum form form_of(const struct message *m, const struct node *parent)
{
    switch (msg_exchange(m)) {
    case EXCHANGE_IKE_SA_INIT:
        return msg_is_response(m) ? INIT_RESPONSE : INIT_REQUEST;
    case EXCHANGE_IKE_AUTH:
        return auth_form(m, parent);
    case EXCHANGE_CREATE_CHILD_SA:
        return child_form(parent);
    case EXCHANGE_INFORMATIONAL:
        return INFORMATION;
    case EXCHANGE_IKE_INTERMEDIATE:
        return INTERMEDIATE;
    case EXCHANGE_IKE_FOLLOWUP_KE:
        return FOLLOWUP;
    case EXCHANGE_IKE_SESSION_RESUME:
        return RESUME;
    default:
        return NUM_FORMS;
    }
}

static const struct rule *rule_of(enum form form, uint8_t payload)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].form == form && rules[i].payload == payload)
            return &rules[i];
    return NULL;
}

/* Payloads that any message may carry. */
static bool anywhere(const struct node *n)
{
    return n->type == PAYLOAD_NOTIFY || n->type == PAYLOAD_VID || n->shape == &shape_unknown;
}

static enum req misplaced_req(enum form form, uint8_t payload)
{
    if (payload == PAYLOAD_SK || payload == PAYLOAD_SKF)
        return REQ_LINT_NESTED_SK;
    if (payload == PAYLOAD_DELETE)
        return REQ_RULES_DELETE;
    if (form == IKE_REKEY && (payload == PAYLOAD_TSi || payload == PAYLOAD_TSr))
        return REQ_RULES_REKEY_NO_TS;
    return REQ_NONE;
}

/* Each payload present may be here, and not more often than the table says. */
static enum err check_present(enum form form, const struct node *parent, bool inside,
                              struct fault *why)
{
    uint8_t seen[256] = { 0 };
    for (const struct node *n = parent->child; n != NULL; n = n->next) {
        if (anywhere(n))
            continue;
        const struct rule *r = rule_of(form, n->type);
        if (r == NULL)
            return fail(why, ERR_MISPLACED, n, n->type, misplaced_req(form, n->type), inside);
        if (r->max != MANY && seen[n->type]++ >= r->max)
            return fail(why, ERR_DUPLICATE, n, n->type, REQ_RULES_DUPLICATE, inside);
    }
    return ERR_OK;
}

/* IKE_AUTH makes a Child SA with SA, TSi and TSr, or none with none of them (RFC 6023, or a
 * responder that refused only the Child SA). */
static enum err together(const struct node *parent, bool inside, struct fault *why)
{
    static const uint8_t set[] = { PAYLOAD_SA, PAYLOAD_TSi, PAYLOAD_TSr };
    unsigned num = 0;
    for (size_t i = 0; i < sizeof set; i++)
        num += has(parent, set[i]);
    for (size_t i = 0; i < sizeof set; i++)
        if (num > 0 && !has(parent, set[i]))
            return fail(why, ERR_MISSING, parent, set[i], REQ_AUTH_REQUIRED_PAYLOADS, inside);
    return ERR_OK;
}

static enum err check_required(const struct message *m, enum form form, const struct node *parent,
                               bool inside, struct fault *why)
{
    if (excused(m, parent))
        return ERR_OK;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].form == form && rules[i].min > 0 && !has(parent, rules[i].payload))
            return fail(why, ERR_MISSING, NULL, rules[i].payload, rules[i].req, inside);
    if (form == AUTH_FIRST || form == AUTH_RESPONSE || form == AUTH_RESPONSE_LAST)
        return together(parent, inside, why);
    return ERR_OK;
}

static bool only_notifies(const struct node *parent)
{
    for (const struct node *n = parent->child; n != NULL; n = n->next)
        if (!anywhere(n))
            return false;
    return parent->child != NULL;
}

/* Around SK there is nothing but what goes anywhere, and only one SK. */
static enum err check_outside(const struct message *m, const struct node *sk, struct fault *why)
{
    for (const struct node *n = m->hdr->child; n != NULL; n = n->next)
        if (n != sk && !anywhere(n))
            return fail(why, is_sk(n) ? ERR_DUPLICATE : ERR_MISPLACED, n, n->type,
                        is_sk(n) ? REQ_RULES_DUPLICATE : REQ_RULES_PROTECTED, false);
    return ERR_OK;
}

enum err rules_check(const struct message *m, bool from_original_initiator, struct fault *why)
{
    const struct node *sk = msg_sk(m), *parent = msg_payloads(m);
    for (size_t i = 0; i < sizeof exchanges / sizeof exchanges[0]; i++) {
        if (exchanges[i].exchange != msg_exchange(m))
            continue;
        bool by_initiator = from_original_initiator != msg_is_response(m);
        if (exchanges[i].from == INITIATOR && !by_initiator)
            return fail(why, ERR_MISPLACED, NULL, 0, REQ_NONE, false);
        if (exchanges[i].place == INSIDE && sk == NULL) {
            /* errors about messages that cannot be protected: RFC 7296 1.5 */
            bool error = (excused(m, m->hdr) || msg_exchange(m) == EXCHANGE_INFORMATIONAL) &&
                         only_notifies(m->hdr);
            return error ? ERR_OK
                         : fail(why, ERR_MISSING, NULL, PAYLOAD_SK, REQ_RULES_PROTECTED, false);
        }
        if (exchanges[i].place == CLEAR && sk != NULL)
            return fail(why, ERR_MISPLACED, sk, sk->type, REQ_NONE, false);
        bool inside = parent != m->hdr;
        if (sk != NULL) {
            enum err e = check_outside(m, sk, why);
            if (e != ERR_OK || !inside) /* sealed: nothing more to see */
                return e;
        }
        enum form form = form_of(m, parent);
        enum err e = check_present(form, parent, inside, why);
        return e == ERR_OK ? check_required(m, form, parent, inside, why) : e;
    }
    return ERR_OK;
}
