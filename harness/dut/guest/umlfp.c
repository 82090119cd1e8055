/* umlfp.c - LD_PRELOAD for user-mode-linux on hosts whose processor has AMX: UML 6.1 sets the
 * floating point state of a process with PTRACE_SETREGSET from a buffer of fixed size, such a host
 * wants a larger one, and the guest panics at its first process ("ptrace set fp regs failed,
 * errno = 14"). Here the whole state is read, UML's part laid over it, and the whole written. */
#define _GNU_SOURCE 1
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static long call(long request, long pid, void *addr, void *data)
{
    return syscall(SYS_ptrace, request, pid, addr, data);
}

long ptrace(enum __ptrace_request request, ...)
{
    static unsigned char state[65536] __attribute__((aligned(64)));
    va_list ap;
    va_start(ap, request);
    long pid = va_arg(ap, pid_t);
    void *addr = va_arg(ap, void *);
    void *data = va_arg(ap, void *);
    va_end(ap);

    if (request == PTRACE_PEEKTEXT || request == PTRACE_PEEKDATA || request == PTRACE_PEEKUSER) {
        /* the C library's convention: the word is what the call returns */
        long word;
        if (call(request, pid, addr, &word) < 0)
            return -1;
        errno = 0;
        return word;
    }
    if (request == PTRACE_SETREGSET && (long)addr == NT_X86_XSTATE) {
        struct iovec *part = data;
        struct iovec whole = { state, sizeof state };
        if (call(PTRACE_GETREGSET, pid, addr, &whole) == 0 && part->iov_len < whole.iov_len) {
            memcpy(state, part->iov_base, part->iov_len);
            return call(request, pid, addr, &whole);
        }
    }
    return call(request, pid, addr, data);
}
