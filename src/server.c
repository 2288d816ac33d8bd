#include "server.h"

#include "fs.h"
#include "proc.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SERVER_POLL 0.02    /* seconds between looks whether it is ready */
#define SERVER_CONNECT 1000 /* ms that a connection to this machine may take */
#define SERVER_PORT_MIN 20000
#define SERVER_PORT_MAX 32767 /* below those that systems give to clients */

extern char **environ;

static const char server_early[] = "before it was ready";
static const char server_see[] = "its last lines may say why; run it by hand to see more";

void server_release(struct server *v)
{
    free(v->fault);
    free(v->hint);
    v->fault = v->hint = NULL;
}

/* Looks through a table of sockets in /proc/net: 1 when `match` has found one, 0, or -1 when it
   cannot be read. Nothing is connected to: some servers end with their first connection, or by one
   that says nothing. */
static int server_table(const char *path, bool (*match)(const char *line, const void *wanted),
                        const void *wanted)
{
    struct buf text = BUF_INIT;
    struct err ignored = ERR_INIT;
    struct vec lines = VEC_INIT;
    int found = fs_read(path, &text, &ignored) == 0 ? 0 : -1;
    vec_split(&lines, buf_str(&text), '\n');
    for (size_t i = 1; i < lines.n && !found; i++) /* the first one is the table's head */
        found = match(lines.v[i], wanted);
    buf_release(&text);
    err_release(&ignored);
    vec_release(&lines);
    return found;
}

/* "0: 0100007F:1F90 00000000:0000 0A": the state is that of listening. */
static bool server_is_port(const char *line, const void *wanted)
{
    unsigned port, state;
    return sscanf(line, " %*[^:]: %*[0-9A-Fa-f]:%x %*s %x", &port, &state) == 2 && state == 0x0A &&
           (long)port == *(const long *)wanted;
}

/* "0000000000000000: 00000002 00000000 00010000 0001 01 12345 /path", as it was given to bind(). */
static bool server_is_socket(const char *line, const void *wanted)
{
    unsigned flags;
    int at = 0;
    struct stat st;
    if (sscanf(line, "%*s %*s %*s %x %*s %*s %*s %n", &flags, &at) != 1 || !at ||
        !(flags & 0x10000))
        return false;
    const char *path = line + at;
    bool same = strcmp(path, wanted) == 0 ||
                (*path != '/' && strcmp(path_base(path), path_base(wanted)) == 0);
    return same && stat(wanted, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* Where there are no such tables. */
static bool server_accepts(const struct sockaddr *address, socklen_t size)
{
    int fd = socket(address->sa_family, SOCK_STREAM, 0), failed = 0;
    socklen_t length = sizeof(failed);
    if (fd < 0)
        return false;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    bool open = connect(fd, address, size) == 0;
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    if (!open && errno == EINPROGRESS && poll(&p, 1, SERVER_CONNECT) == 1)
        open = getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &length) == 0 && !failed;
    close(fd);
    return open;
}

static bool server_port_open(long port)
{
    int four_listens = server_table("/proc/net/tcp", server_is_port, &port);
    int six_listens = server_table("/proc/net/tcp6", server_is_port, &port);
    if (four_listens >= 0)
        return four_listens > 0 || six_listens > 0;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    memset(&four, 0, sizeof(four));
    memset(&six, 0, sizeof(six));
    four.sin_family = AF_INET;
    four.sin_port = htons((uint16_t)port);
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    six.sin6_family = AF_INET6;
    six.sin6_port = htons((uint16_t)port);
    six.sin6_addr = (struct in6_addr)IN6ADDR_LOOPBACK_INIT;
    return server_accepts((const struct sockaddr *)&four, sizeof(four)) ||
           server_accepts((const struct sockaddr *)&six, sizeof(six));
}

static bool server_socket_open(const char *path)
{
    int listens = server_table("/proc/net/unix", server_is_socket, path);
    if (listens >= 0)
        return listens > 0;
    struct sockaddr_un address;
    memset(&address, 0, sizeof(address));
    address.sun_family = AF_UNIX;
    if (strlen(path) >= sizeof(address.sun_path))
        return false;
    memcpy(address.sun_path, path, strlen(path));
    return server_accepts((const struct sockaddr *)&address, sizeof(address));
}

/* Whether the text stands in what was written since `*from`, which moves on behind what no match
   can begin in. */
static bool server_wrote(const char *log, const char *text, off_t *from)
{
    char chunk[65536];
    bool found = false;
    size_t length = strlen(text);
    struct buf seen = BUF_INIT;
    int fd = log ? open(log, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return false;
    struct buf wanted = {.p = (char *)text, .len = length};
    ssize_t n = lseek(fd, *from, SEEK_SET) < 0 ? -1 : 0;
    while (n >= 0 && !found && (n = read(fd, chunk, sizeof(chunk))) > 0) {
        buf_add(&seen, chunk, (size_t)n);
        found = buf_contains(&seen, &wanted);
        size_t drop = seen.len >= length ? seen.len - length + 1 : 0;
        memmove(seen.p, seen.p + drop, seen.len - drop);
        seen.len -= drop;
        *from += (off_t)drop;
    }
    buf_release(&seen);
    close(fd);
    return found;
}

static void server_fault(struct server *v, const char *how, const char *hint)
{
    v->fault = str_fmt("the server '%s' %s", path_base(v->words->v[0]), how);
    v->hint = str_dup(hint);
}

/* One whose start command ends well may have left itself in the background. */
bool server_gone(const struct server *v, const struct crew *c)
{
    const struct crew_one *one = &c->v[v->at];
    return one->ended && (!proc_ok(one->status) || c->crashed || !crew_left(c, (size_t)v->at));
}

static bool server_died(struct server *v, const struct crew *c, const char *when)
{
    int status = c->v[v->at].status;
    if (v->fault || !server_gone(v, c))
        return v->fault != NULL;
    char *how = proc_ok(status) && c->crashed
                    ? str_fmt("crashed by %s", proc_signal_name(c->crashed))
                    : proc_status_text(status);
    char *text = str_fmt("%s %s", how, when);
    server_fault(v, text, server_see);
    free(how);
    free(text);
    return true;
}

/* The environment for a check: how often it runs is chance, so its counts go where none are read.
 */
static void server_probe_env(struct vec *env)
{
    static const char *const names[] = {"PGO_RAW=", "GCOV_PREFIX=", "LLVM_PROFILE_FILE="};
    for (char **e = environ; *e; e++) {
        const char *raw = NULL;
        for (size_t i = 0; i < PGO_COUNT(names); i++)
            for (const char *at = *e; str_starts(*e, names[i]) && (at = strstr(at, "/raw")); at++)
                raw = at;
        if (raw)
            vec_addf(env, "%.*s/probe%s", (int)(raw - *e), *e, raw);
        else
            vec_add(env, *e);
    }
}

/* Runs the command that is to succeed, to its end, that of the server or that of the time. */
static bool server_probe(struct server *v, struct crew *c, double until, struct err *err)
{
    struct vec argv = VEC_INIT, env = VEC_INIT;
    for (size_t i = 1; i < v->ready->n; i++)
        vec_add(&argv, v->ready->v[i]);
    server_probe_env(&env);
    int at = crew_start(c, (struct proc){.argv = &argv, .env = &env, .log = "/dev/null"}, err);
    vec_release(&argv);
    vec_release(&env);
    while (at >= 0 && !c->v[at].ended && !c->stopped_by) {
        crew_wait(c, until);
        if (!c->v[at].ended && (proc_now() >= until || server_died(v, c, server_early))) {
            kill(-c->v[at].pid, SIGKILL);
            until = proc_now() + v->ready_timeout; /* until it is gone */
        }
    }
    bool good = at >= 0 && c->v[at].ended && proc_ok(c->v[at].status);
    if (at >= 0 && c->v[at].ended)
        c->n--; /* the last one */
    return good;
}

static void server_not_ready(struct server *v)
{
    const char *kind = v->ready->v[0];
    char *all = vec_join(v->ready, " "), *rest = all + strlen(kind) + (v->ready->n > 1);
    char *why = strcmp(kind, "port") == 0
                    ? str_fmt("nothing accepts connections at port %ld", v->port)
                : strcmp(kind, "socket") == 0
                    ? str_fmt("nothing accepts connections at the socket '%s'", rest)
                : strcmp(kind, "line") == 0 ? str_fmt("no line of its output has '%s'", rest)
                                            : str_fmt("'%s' never succeeded", rest);
    char *how = str_fmt("was not ready after %g s: %s", v->ready_timeout, why);
    server_fault(v, how,
                 "declare another sign of it (READY, PGO_READY, --ready), or give it more time "
                 "(READY_TIMEOUT, PGO_READY_TIMEOUT, --ready-timeout)");
    free(all);
    free(why);
    free(how);
}

static bool server_ready(struct server *v, struct crew *c, off_t *from, double until,
                         struct err *err)
{
    const char *kind = v->ready->v[0];
    if (strcmp(kind, "port") == 0)
        return server_port_open(v->port);
    if (strcmp(kind, "socket") == 0)
        return server_socket_open(v->ready->v[1]);
    if (strcmp(kind, "line") == 0)
        return server_wrote(v->log, v->ready->v[1], from);
    return server_probe(v, c, until, err);
}

int server_start(struct server *v, struct crew *c, struct err *err)
{
    struct stat st;
    off_t from = v->log && stat(v->log, &st) == 0 ? st.st_size : 0;
    double until = proc_now() + v->ready_timeout;
    v->at = crew_start(c, (struct proc){.argv = v->words, .log = v->log}, err);
    if (v->at < 0)
        return -1;
    while (!c->stopped_by && !server_ready(v, c, &from, until, err)) {
        if (err->msg)
            return -1;
        if (c->stopped_by || server_died(v, c, server_early))
            break;
        if (proc_now() >= until) {
            server_not_ready(v);
            break;
        }
        crew_wait(c, proc_now() + SERVER_POLL);
    }
    return 0;
}

bool server_failed(struct server *v, const struct crew *c, bool more)
{
    const struct crew_one *one = &c->v[v->at];
    bool well = one->ended && proc_ok(one->status) && !c->crashed;
    return (more || !well) && server_died(v, c, "while the commands ran");
}

void server_stop(struct server *v, struct crew *c)
{
    bool lived = !c->v[v->at].ended;
    server_failed(v, c, false);
    c->crashed = 0;
    bool gone = crew_end(c, v->stop, v->grace);
    int status = c->v[v->at].status;
    int sig =
        lived && WIFSIGNALED(status) && WTERMSIG(status) != v->stop ? WTERMSIG(status) : c->crashed;
    char *how = NULL;
    if (v->fault || c->stopped_by)
        return;
    if (!gone && (!lived || sig == SIGKILL))
        how = str_fmt("did not end within %g s of %s, and was killed", v->grace,
                      proc_signal_name(v->stop));
    else if (sig)
        how = str_fmt("crashed by %s when it was stopped by %s", proc_signal_name(sig),
                      proc_signal_name(v->stop));
    if (how)
        server_fault(v, how,
                     !gone ? "declare the signal on which it ends (STOP_SIGNAL, PGO_STOP, --stop), "
                             "or give it more time (GRACE, PGO_GRACE, --grace)"
                           : server_see);
    free(how);
}

long server_port(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    unsigned long seed = (unsigned long)now.tv_nsec ^ ((unsigned long)getpid() << 7);
    for (int tries = 0; tries < 200; tries++) {
        struct sockaddr_in address;
        memset(&address, 0, sizeof(address));
        seed = seed * 1103515245 + 12345;
        long port =
            SERVER_PORT_MIN + (long)(seed / 65536 % (SERVER_PORT_MAX - SERVER_PORT_MIN + 1));
        address.sin_family = AF_INET;
        address.sin_port = htons((uint16_t)port);
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        bool is_free = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
        if (fd >= 0)
            close(fd);
        if (is_free)
            return port;
        if (fd < 0)
            return 0;
    }
    return 0;
}
