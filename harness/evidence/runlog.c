/* runlog.c - whole lines or none. */
#define _GNU_SOURCE 1
#include "harness/evidence/runlog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Where the last whole line of fd ends. */
static off_t whole_lines(int fd)
{
    uint8_t block[4096];
    for (off_t end = lseek(fd, 0, SEEK_END); end > 0;) {
        size_t want = end < (off_t)sizeof block ? (size_t)end : sizeof block;
        ssize_t n = pread(fd, block, want, end - (off_t)want);
        if (n != (ssize_t)want)
            return -1;
        for (size_t i = want; i > 0; i--)
            if (block[i - 1] == '\n')
                return end - (off_t)want + (off_t)i;
        end -= (off_t)want;
    }
    return 0;
}

bool runlog_open(struct runlog *l, const char *path, bool sync)
{
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0)
        return false;
    off_t good = whole_lines(fd);
    if (good < 0 || (good != lseek(fd, 0, SEEK_END) && ftruncate(fd, good) != 0)) {
        int error = errno;
        close(fd);
        errno = error;
        return false;
    }
    *l = (struct runlog){ .open = true, .sync = sync, .fd = fd, .good = good };
    return true;
}

bool runlog_write(struct runlog *l, struct span line)
{
    if (!l->open) {
        errno = EBADF;
        return false;
    }
    uint8_t *text = malloc(line.len + 1);
    if (text == NULL)
        return false;
    if (line.len > 0)
        memcpy(text, line.p, line.len);
    text[line.len] = '\n';
    ssize_t n;
    do
        n = write(l->fd, text, line.len + 1);
    while (n < 0 && errno == EINTR);
    int error = n < 0 ? errno : ENOSPC; /* a short write means that the rest had no room */
    free(text);
    if (n == (ssize_t)(line.len + 1)) {
        l->good += n;
        return !l->sync || fdatasync(l->fd) == 0;
    }
    if (n > 0 && ftruncate(l->fd, l->good) != 0)
        error = errno;
    errno = error;
    return false;
}

void runlog_close(struct runlog *l)
{
    if (l->open)
        close(l->fd);
    *l = (struct runlog){ 0 };
}
