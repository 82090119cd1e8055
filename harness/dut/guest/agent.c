/* agent.c - process 1 of a guest: does what the host asks for on a serial line, keeps a login on
 * another, and reaps. The line rather than the network: what is tested is the network.
 *
 *   agent LINE CONSOLE
 *
 * A request is one line of words, those after the verb in hex; the answer is one line and octets:
 *
 *   N run MS WORD...      N STATUS LENGTH, output     waits; 124: it took too long and was killed
 *   N start FILE WORD...  N 0|1 LENGTH, pid           output to FILE; a session of its own
 *   N alive PID...        N 0|1 0                     0: all of them run
 *   N end PID MS          N 0|1 0                     TERM, after MS (0: at once) KILL to all of it
 *   N flush               N 0 0                       what was written to /mnt is there on the host
 *   N expire SPI ADDR 0|1 N 0|1 0                     what the kernel says when the time of the SA
 *                                                     with that SPI to ADDR is over (1: and drops
 * it)
 */
#define _GNU_SOURCE 1
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_OCTETS = 65536, OUTPUT_MAX = 4 * 1024 * 1024, MAX_WORDS = 256 };

static const char *console;
static pid_t login = -1;

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void pause_ms(long ms)
{
    struct timespec t = { ms / 1000, ms % 1000 * 1000000 };
    nanosleep(&t, NULL);
}

/* A child with its own session. OUT is its output, unless it is -1. */
static pid_t spawn(char **words, int out)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    setsid();
    int null = open("/dev/null", O_RDONLY);
    if (out >= 0 && (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0))
        _exit(126);
    for (int fd = 3; fd < 64; fd++)
        close(fd);
    execvp(words[0], words);
    dprintf(2, "%s: %s\n", words[0], strerror(errno));
    _exit(127);
}

static void keep_login(void)
{
    static char *getty[] = { "agetty", "--noclear", NULL, "9600", "dumb", NULL };
    if (login > 0)
        return;
    getty[2] = (char *)console;
    login = spawn(getty, -1);
}

static void reap(void)
{
    for (pid_t pid; (pid = waitpid(-1, NULL, WNOHANG)) > 0;)
        if (pid == login)
            login = -1;
    keep_login();
}

static void put(int line, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(line, data, len);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return;
        if (n > 0) {
            data += n;
            len -= (size_t)n;
        }
    }
}

static void answer(int line, const char *number, int status, const char *data, size_t len)
{
    char head[64];
    int n = snprintf(head, sizeof head, "%.20s %d %zu\n", number, status, len);
    put(line, head, (size_t)n);
    put(line, data, len);
}

/* All that comes out of a command until it ends. */
static int run(char **words, long ms, char *out, size_t *len)
{
    int pipes[2];
    *len = 0;
    if (pipe2(pipes, O_CLOEXEC) != 0)
        return 126;
    pid_t pid = spawn(words, pipes[1]);
    close(pipes[1]);
    fcntl(pipes[0], F_SETFL, O_NONBLOCK);
    long end = now_ms() + ms;
    int status = 126 << 8;
    bool open_end = true;
    for (bool ended = pid < 0; !ended;) {
        struct pollfd p = { .fd = open_end ? pipes[0] : -1, .events = POLLIN };
        /* a child of its own may hold the pipe open for ever, so its end is looked for as well */
        poll(&p, 1, open_end ? 20 : 1);
        ended = waitpid(pid, &status, WNOHANG) == pid;
        for (ssize_t n = 1; open_end && n > 0;) {
            char drop[4096];
            size_t room = OUTPUT_MAX - *len;
            n = read(pipes[0], room > 0 ? out + *len : drop, room > 0 ? room : sizeof drop);
            if (n > 0 && room > 0)
                *len += (size_t)n;
            open_end = n != 0;
        }
        if (!ended && now_ms() >= end) {
            kill(-pid, SIGKILL);
            waitpid(pid, NULL, 0);
            status = 124 << 8;
            ended = true;
        }
    }
    close(pipes[0]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool alive(pid_t pid)
{
    return pid > 0 && kill(pid, 0) == 0;
}

/* Of a session that spawn() made: all that a daemon has started, if it did not take leave. */
static int session_kill(pid_t session)
{
    int num = 0;
    DIR *d = opendir("/proc");
    for (struct dirent *e; d && (e = readdir(d));) {
        pid_t pid = (pid_t)atol(e->d_name);
        if (pid > 1 && getsid(pid) == session) {
            kill(pid, SIGKILL);
            num++;
        }
    }
    if (d)
        closedir(d);
    return num;
}

static bool end(pid_t pid, long ms)
{
    if (pid <= 1)
        return true;
    if (ms > 0) {
        kill(pid, SIGTERM);
        for (long until = now_ms() + ms; alive(pid) && now_ms() < until; reap())
            pause_ms(2);
    }
    for (long until = now_ms() + 2000; session_kill(pid) > 0; reap()) {
        if (now_ms() >= until)
            return false;
        pause_ms(1);
    }
    return true;
}

static bool expire(const char *spi, const char *addr, bool hard)
{
    struct {
        struct nlmsghdr head;
        struct xfrm_user_expire body;
    } m = { 0 };
    m.head.nlmsg_len = sizeof m;
    m.head.nlmsg_type = XFRM_MSG_EXPIRE;
    m.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    m.body.state.family = strchr(addr, ':') ? AF_INET6 : AF_INET;
    m.body.state.id.spi = htonl((uint32_t)strtoul(spi, NULL, 16));
    m.body.state.id.proto = IPPROTO_ESP;
    m.body.hard = hard;
    struct {
        struct nlmsghdr head;
        struct nlmsgerr body;
        char rest[sizeof m];
    } reply;
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM);
    bool done = fd >= 0 && inet_pton(m.body.state.family, addr, &m.body.state.id.daddr) == 1 &&
                send(fd, &m, sizeof m, 0) == sizeof m &&
                recv(fd, &reply, sizeof reply, 0) >= (ssize_t)(sizeof reply.head + sizeof(int)) &&
                reply.head.nlmsg_type == NLMSG_ERROR && reply.body.error == 0;
    if (fd >= 0)
        close(fd);
    return done;
}

static bool unhex(char *word)
{
    char *to = word;
    for (; word[0]; word += 2) {
        char two[3] = { word[0], word[1], 0 };
        char *stop;
        long value = strtol(two, &stop, 16);
        if (!word[1] || *stop || value == 0)
            return false;
        *to++ = (char)value;
    }
    *to = 0;
    return true;
}

static void obey(int line, char *request)
{
    static char out[OUTPUT_MAX];
    char *words[MAX_WORDS + 1] = { 0 };
    int num = 0;
    for (char *w = strtok(request, " "); w && num < MAX_WORDS; w = strtok(NULL, " "))
        words[num++] = w;
    if (num < 2)
        return;
    for (int i = 2; i < num; i++)
        if (strcmp(words[i], "-") == 0)
            words[i][0] = 0; /* the empty word */
        else if (!unhex(words[i]))
            return answer(line, words[0], 2, "bad hex", 7);
    const char *verb = words[1];
    reap();
    if (strcmp(verb, "run") == 0 && num > 3) {
        size_t len;
        int status = run(words + 3, atol(words[2]), out, &len);
        answer(line, words[0], status, out, len);
    } else if (strcmp(verb, "start") == 0 && num > 3) {
        int fd = open(words[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        int n = fd < 0 ? snprintf(out, sizeof out, "%s: %s", words[2], strerror(errno))
                       : snprintf(out, sizeof out, "%d", (int)spawn(words + 3, fd));
        answer(line, words[0], fd < 0, out, (size_t)n);
        if (fd >= 0)
            close(fd);
    } else if (strcmp(verb, "alive") == 0) {
        bool all = true;
        for (int i = 2; i < num; i++)
            all = all && alive((pid_t)atol(words[i]));
        answer(line, words[0], !all, "", 0);
    } else if (strcmp(verb, "end") == 0 && num == 4) {
        bool gone = end((pid_t)atol(words[2]), atol(words[3]));
        answer(line, words[0], !gone, "", 0);
    } else if (strcmp(verb, "expire") == 0 && num == 5) {
        bool done = expire(words[2], words[3], words[4][0] == '1');
        answer(line, words[0], !done, "", 0);
    } else if (strcmp(verb, "flush") == 0) {
        int fd = open("/mnt", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        bool done = fd >= 0 && syncfs(fd) == 0;
        if (fd >= 0)
            close(fd);
        answer(line, words[0], !done, "", 0);
    } else {
        answer(line, words[0], 2, "bad request", 11);
    }
}

int main(int argc, char **argv)
{
    static char request[LINE_MAX_OCTETS];
    size_t len = 0;
    if (argc != 3) {
        fprintf(stderr, "usage: agent LINE CONSOLE\n");
        return 2;
    }
    console = argv[2];
    int line = open(argv[1], O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios raw;
    if (line < 0 || tcgetattr(line, &raw) != 0) {
        perror(argv[1]);
        return 1;
    }
    cfmakeraw(&raw);
    tcsetattr(line, TCSANOW, &raw);
    keep_login();
    put(line, "ready\n", 6);
    for (;;) {
        struct pollfd p = { .fd = line, .events = POLLIN };
        if (poll(&p, 1, 500) == 0) {
            reap();
            continue;
        }
        ssize_t n = read(line, request + len, sizeof request - len);
        if (n <= 0) {
            pause_ms(10);
            continue;
        }
        len += (size_t)n;
        for (char *eol; (eol = memchr(request, '\n', len));) {
            *eol = 0;
            size_t used = (size_t)(eol - request) + 1;
            obey(line, request);
            memmove(request, request + used, len - used);
            len -= used;
        }
        if (len == sizeof request)
            len = 0; /* no request is so long */
    }
}
