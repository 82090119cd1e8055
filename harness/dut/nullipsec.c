// nullipsec.c - an LD_PRELOAD library that acknowledges a daemon's requests to install SAs on a
// kernel without ESP, so that every IKE exchange works and no ESP packet is ever processed. XFRM
// (libreswan): messages about SAs are answered here, all others go to the kernel. PF_KEY
// (OpenIKED): a thread plays the kernel on the other end of a socket pair.
//
// The played kernel keeps the time of the SAs and says when their soft lifetime is over: OpenIKED
// then rekeys. Where NULLIPSEC_CONTROL names a FIFO, a line "expire SPI" or "drop SPI" in it (hex,
// of an ESP SA) makes it say at once that the soft or the hard lifetime is over.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/pfkeyv2.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

// --- NETLINK_XFRM: requests go out by write() or sendto(), answers come by recvfrom()
// ------------------------------

enum { REPLY_MAX = 1024 };

// The answer to the last request, until it is read: the daemon asks one thing at a time.
static struct {
    bool waiting;
    int fd;
    size_t len;
    _Alignas(struct nlmsghdr) char bytes[REPLY_MAX];
} reply;

static bool is_xfrm(int fd)
{
    int domain = 0;
    int protocol = 0;
    socklen_t len = sizeof domain;

    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) != 0 || domain != AF_NETLINK)
        return false;
    len = sizeof protocol;
    return getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) == 0 &&
           protocol == NETLINK_XFRM;
}

static void reply_ack(struct nlmsghdr *out, const struct nlmsghdr *request)
{
    struct nlmsgerr *e = NLMSG_DATA(out);

    out->nlmsg_type = NLMSG_ERROR; // with error 0: an acknowledgement
    out->nlmsg_len = NLMSG_LENGTH(sizeof *e);
    e->msg = *request;
}

// An SA as the kernel would show it, with no traffic yet.
static void reply_sa(struct nlmsghdr *out, const struct nlmsghdr *request)
{
    const struct xfrm_usersa_id *id = NLMSG_DATA(request);
    struct xfrm_usersa_info *sa = NLMSG_DATA(out);

    out->nlmsg_type = XFRM_MSG_NEWSA;
    out->nlmsg_len = NLMSG_LENGTH(sizeof *sa);
    sa->id.daddr = id->daddr;
    sa->id.spi = id->spi;
    sa->id.proto = id->proto;
    sa->family = id->family;
    sa->curlft.add_time = (uint64_t)time(NULL);
}

// True when the request is about SAs and has been answered.
static bool xfrm_answered(int fd, const void *bytes, size_t len)
{
    const struct nlmsghdr *request = bytes;
    struct nlmsghdr *out = (void *)reply.bytes;

    if (len < sizeof *request || request->nlmsg_len > len)
        return false;
    memset(reply.bytes, 0, sizeof reply.bytes);
    out->nlmsg_seq = request->nlmsg_seq;
    out->nlmsg_pid = (uint32_t)getpid();
    switch (request->nlmsg_type) {
    case XFRM_MSG_NEWSA:
    case XFRM_MSG_UPDSA:
    case XFRM_MSG_DELSA:
    case XFRM_MSG_MIGRATE:
        reply_ack(out, request);
        break;
    case XFRM_MSG_GETSA:
        if (len < NLMSG_LENGTH(sizeof(struct xfrm_usersa_id)))
            return false;
        reply_sa(out, request);
        break;
    default:
        return false;
    }
    reply.len = out->nlmsg_len;
    reply.fd = fd;
    reply.waiting = true;
    return true;
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    if (fd > 2 && is_xfrm(fd) && xfrm_answered(fd, bytes, len))
        return (ssize_t)len;
    return syscall(SYS_write, fd, bytes, len);
}

ssize_t sendto(int fd, const void *bytes, size_t len, int flags, const struct sockaddr *to,
               socklen_t to_len)
{
    if (is_xfrm(fd) && xfrm_answered(fd, bytes, len))
        return (ssize_t)len;
    return syscall(SYS_sendto, fd, bytes, len, flags, to, to_len);
}

static size_t reply_take(void *bytes, size_t len, struct sockaddr *from, socklen_t *from_len)
{
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    size_t n = reply.len < len ? reply.len : len;

    memcpy(bytes, reply.bytes, n);
    if (from != NULL && from_len != NULL) {
        memcpy(from, &kernel, *from_len < sizeof kernel ? *from_len : sizeof kernel);
        *from_len = sizeof kernel;
    }
    reply.waiting = false;
    return n;
}

ssize_t recvfrom(int fd, void *restrict bytes, size_t len, int flags,
                 struct sockaddr *restrict from, socklen_t *restrict from_len)
{
    if (reply.waiting && fd == reply.fd)
        return (ssize_t)reply_take(bytes, len, from, from_len);
    return syscall(SYS_recvfrom, fd, bytes, len, flags, from, from_len);
}

// --- PF_KEY (RFC 2367): the thread echoes each request, with what the kernel would add
// ------------------------------

enum { KEY_MAX = 65536, KEY_MORE = 512, LINE_LEN = 64, TIMED_MAX = 64 };

// An SA whose soft lifetime ends; due 0: a free place. SPIs as on the wire.
struct timed {
    uint32_t spi;
    time_t due;
};

struct key_kernel {
    struct timed timed[TIMED_MAX];
    int fd;
    int control;
    size_t line_len;
    char line[LINE_LEN];
    _Alignas(8) char bytes[KEY_MAX + KEY_MORE];
};

static size_t key_add_sa(char *at, uint32_t spi)
{
    struct sadb_sa *sa = (void *)at;

    memset(sa, 0, sizeof *sa);
    sa->sadb_sa_len = sizeof *sa / 8;
    sa->sadb_sa_exttype = SADB_EXT_SA;
    sa->sadb_sa_spi = spi;
    return sizeof *sa;
}

static size_t key_add_lifetime(char *at, uint16_t type)
{
    struct sadb_lifetime *life = (void *)at;

    memset(life, 0, sizeof *life);
    life->sadb_lifetime_len = sizeof *life / 8;
    life->sadb_lifetime_exttype = type;
    life->sadb_lifetime_addtime = (uint64_t)time(NULL);
    return sizeof *life;
}

static void key_send(struct key_kernel *k, size_t len)
{
    struct sadb_msg *m = (void *)k->bytes;

    m->sadb_msg_len = (uint16_t)(len / 8);
    while (send(k->fd, k->bytes, len, MSG_NOSIGNAL) < 0 && errno == EINTR)
        continue;
}

// An extension of the request by its type, NULL when it has none.
static const void *key_find(const struct key_kernel *k, size_t len, uint16_t type, size_t size)
{
    for (size_t at = sizeof(struct sadb_msg); at + sizeof(struct sadb_ext) <= len;) {
        const struct sadb_ext *x = (const void *)(k->bytes + at);
        size_t octets = (size_t)x->sadb_ext_len * 8;
        if (octets == 0 || octets > len - at)
            return NULL;
        if (x->sadb_ext_type == type)
            return octets >= size ? x : NULL;
        at += octets;
    }
    return NULL;
}

static void timed_forget(struct key_kernel *k, uint32_t spi)
{
    for (size_t i = 0; i < TIMED_MAX; i++)
        if (k->timed[i].spi == spi)
            k->timed[i].due = 0;
}

// What the request says about the life of its SA. When all places are taken, the SA lives for ever.
static void timed_note(struct key_kernel *k, size_t len)
{
    const struct sadb_msg *m = (const void *)k->bytes;
    const struct sadb_sa *sa = key_find(k, len, SADB_EXT_SA, sizeof *sa);
    const struct sadb_lifetime *soft = key_find(k, len, SADB_EXT_LIFETIME_SOFT, sizeof *soft);

    if (sa == NULL)
        return;
    if (m->sadb_msg_type == SADB_DELETE)
        timed_forget(k, sa->sadb_sa_spi);
    if ((m->sadb_msg_type != SADB_ADD && m->sadb_msg_type != SADB_UPDATE) || soft == NULL ||
        soft->sadb_lifetime_addtime == 0 || soft->sadb_lifetime_addtime > INT32_MAX)
        return;
    timed_forget(k, sa->sadb_sa_spi);
    for (size_t i = 0; i < TIMED_MAX; i++) {
        if (k->timed[i].due == 0) {
            k->timed[i].spi = sa->sadb_sa_spi;
            k->timed[i].due = time(NULL) + (time_t)soft->sadb_lifetime_addtime;
            return;
        }
    }
}

static void key_answer(struct key_kernel *k, size_t len)
{
    struct sadb_msg *m = (void *)k->bytes;
    uint32_t spi = 0;

    if (len < sizeof *m || len % 8 != 0)
        return;
    timed_note(k, len);
    m->sadb_msg_errno = 0;
    if (m->sadb_msg_type == SADB_GETSPI) {
        if (getrandom(&spi, sizeof spi, 0) != (ssize_t)sizeof spi)
            return;
        // RFC 4303 2.1: values up to 255 are reserved
        len += key_add_sa(k->bytes + len, htonl(ntohl(spi) | 0x100));
    } else if (m->sadb_msg_type == SADB_GET) {
        len += key_add_lifetime(k->bytes + len, SADB_EXT_LIFETIME_CURRENT);
    }
    key_send(k, len);
}

// The lifetime of an SA (its SPI as on the wire) is over: LIFETIME says which.
static void key_expire(struct key_kernel *k, uint32_t spi, uint16_t lifetime)
{
    struct sadb_msg *m = (void *)k->bytes;
    size_t len = sizeof *m;

    memset(m, 0, sizeof *m);
    m->sadb_msg_version = PF_KEY_V2;
    m->sadb_msg_type = SADB_EXPIRE;
    m->sadb_msg_satype = SADB_SATYPE_ESP;
    len += key_add_sa(k->bytes + len, spi);
    len += key_add_lifetime(k->bytes + len, SADB_EXT_LIFETIME_CURRENT);
    len += key_add_lifetime(k->bytes + len, lifetime);
    key_send(k, len);
}

static void timed_expire(struct key_kernel *k)
{
    time_t now = time(NULL);

    for (size_t i = 0; i < TIMED_MAX; i++) {
        if (k->timed[i].due != 0 && k->timed[i].due <= now) {
            k->timed[i].due = 0;
            key_expire(k, k->timed[i].spi, SADB_EXT_LIFETIME_SOFT);
        }
    }
}

static void key_command(struct key_kernel *k)
{
    const char *digits = strchr(k->line, ' ');
    char *end = NULL;
    unsigned long spi;

    if (digits == NULL)
        return;
    spi = strtoul(digits, &end, 16);
    if (*end != '\0' || spi == 0 || spi > UINT32_MAX)
        return;
    if (strncmp(k->line, "expire ", 7) == 0)
        key_expire(k, htonl((uint32_t)spi), SADB_EXT_LIFETIME_SOFT);
    else if (strncmp(k->line, "drop ", 5) == 0)
        key_expire(k, htonl((uint32_t)spi), SADB_EXT_LIFETIME_HARD);
}

// Octets of the FIFO, gathered into lines; what does not fit is no command.
static void key_hear(struct key_kernel *k)
{
    char got[LINE_LEN];
    ssize_t n = read(k->control, got, sizeof got);

    for (ssize_t i = 0; i < n; i++) {
        if (got[i] == '\n') {
            k->line[k->line_len] = '\0';
            k->line_len = 0;
            key_command(k);
        } else if (k->line_len < sizeof k->line - 1) {
            k->line[k->line_len++] = got[i];
        }
    }
}

static void *key_thread(void *arg)
{
    struct key_kernel *k = arg;
    struct pollfd fds[2] = { { .fd = k->fd, .events = POLLIN },
                             { .fd = k->control, .events = POLLIN } };

    for (;;) {
        fds[0].revents = fds[1].revents = 0;
        if (poll(fds, 2, 500) < 0 && errno != EINTR)
            break;
        timed_expire(k);
        if (fds[1].revents & POLLIN)
            key_hear(k);
        if (fds[0].revents != 0) {
            ssize_t n = recv(k->fd, k->bytes, KEY_MAX, MSG_DONTWAIT);
            if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
                break;
            if (n > 0)
                key_answer(k, (size_t)n);
        }
    }
    close(k->fd);
    if (k->control >= 0)
        close(k->control);
    free(k);
    return NULL;
}

static int key_socket(int type)
{
    const char *fifo = getenv("NULLIPSEC_CONTROL");
    struct key_kernel *k = calloc(1, sizeof *k);
    pthread_t thread;
    sigset_t all;
    sigset_t before;
    int ends[2];
    int rc;

    if (k == NULL)
        return -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | (type & (SOCK_NONBLOCK | SOCK_CLOEXEC)), 0, ends) !=
        0) {
        free(k);
        return -1;
    }
    k->fd = ends[1];
    // for writing too: the end of one writer is then no end of the file; the thread polls both
    k->control = fifo == NULL ? -1 : open(fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    // the daemon's signals are for its own thread
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    rc = pthread_create(&thread, NULL, key_thread, k);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc != 0) {
        close(ends[0]);
        close(ends[1]);
        if (k->control >= 0)
            close(k->control);
        free(k);
        errno = ENOMEM;
        return -1;
    }
    pthread_detach(thread);
    return ends[0];
}

static bool is_key(int fd)
{
    int domain = 0;
    int type = 0;
    socklen_t len = sizeof domain;

    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) != 0 || domain != AF_UNIX)
        return false;
    len = sizeof type;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_SEQPACKET;
}

// A kernel's answer is there when the request has been written, and OpenIKED waits for it a mere
// millisecond.
ssize_t writev(int fd, const struct iovec *parts, int num_parts)
{
    ssize_t n = syscall(SYS_writev, fd, parts, num_parts);
    int error = errno;

    if (n > 0 && is_key(fd)) {
        struct pollfd answer = { .fd = fd, .events = POLLIN };
        (void)poll(&answer, 1, 2000);
    }
    errno = error;
    return n;
}

int socket(int domain, int type, int protocol)
{
    if (domain == PF_KEY)
        return key_socket(type);
    return (int)syscall(SYS_socket, domain, type, protocol);
}

// OpenIKED wants its UDP sockets to bypass IPsec; a kernel without PF_KEY refuses that and it would
// give up.
int setsockopt(int fd, int level, int option, const void *value, socklen_t len)
{
    long rc = syscall(SYS_setsockopt, fd, level, option, value, len);

    if (rc != 0 && ((level == IPPROTO_IP && option == IP_IPSEC_POLICY) ||
                    (level == IPPROTO_IPV6 && option == IPV6_IPSEC_POLICY)))
        return 0;
    return (int)rc;
}
