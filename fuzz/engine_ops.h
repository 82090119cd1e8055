/* engine_ops.h - the language of the engine target: the first octet of an input says how both ends
 * are set up (world.h), the second how to begin, then each octet is an action, followed by what it
 * needs. Missing octets are zeros; codes count round. */
#ifndef FUZZ_ENGINE_OPS_H
#define FUZZ_ENGINE_OPS_H

enum { BEGIN_NOTHING, BEGIN_INIT_SENT, BEGIN_UP, NUM_BEGINS };
/* Bits of the set-up that the first octet has no room for are the highest of the second. */
#define BEGIN_MORE(setup) ((setup) >> 3 & 0xe0)
#define MORE_BEGUN(begin) (((begin) & 0xe0u) << 3)

enum op {
    OP_DELIVER, /* from n: the n-th datagram on its way */
    OP_SETTLE,  /* everything, until both are silent */
    OP_DROP,    /* from n */
    OP_REPEAT,  /* from n: delivered twice */
    OP_REPLAY,  /* to n: one that was recorded earlier */
    OP_MUTATE,  /* to n at16 flip len16 (0: as it was): the same, changed */
    OP_RAW,     /* to port-or-ESP len octets */
    OP_ROAM,    /* from n port: delivered from another address */
    OP_TICK,    /* n: 2^n milliseconds pass */
    OP_DEADLINE,
    OP_INITIATE, /* stepped? */
    OP_COMMAND,  /* who sa what how */
    OP_INFO,     /* who sa first len octets: a chain inside SK */
    OP_EDIT,     /* who at16 flip len16: the plain text of the next message that it seals */
    OP_INNER,    /* who sa child */
    OP_BEND,     /* who requirement16: its ruling or duty turned round, or back */
    OP_RESEND,   /* who sa */
    OP_FORGET,   /* who sa */
    OP_MANUAL,   /* who sa on */
    NUM_OPS
};

/* Bits of `how` of OP_COMMAND; the two lowest are the nonce bias. */
enum { HOW_NO_WINDOW = 4, HOW_NO_PFS = 8, HOW_ECP = 16, HOW_LAST_CHILD = 32 };

#endif
