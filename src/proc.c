#include "proc.h"

#include "fs.h"
#include "msg.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#define PROC_TAIL_LINES 15
#define PROC_TAIL 65536       /* bytes in which they are looked for */
#define PROC_LOG 1048576      /* bytes of a log that are kept */
#define PROC_MOMENT 200000000 /* ns */
#define PROC_CPUS 8192        /* at most */

extern char **environ;

static volatile sig_atomic_t proc_caught;
static int proc_kept = -1;
static volatile pid_t proc_children[PROC_MAX];

static void proc_on_signal(int sig)
{
    int saved = errno;
    proc_caught = sig;
    for (size_t i = 0; i < PROC_MAX; i++)
        if (proc_children[i] > 0)
            kill(proc_children[i], sig);
    errno = saved;
}

void proc_catch_signals(void)
{
    struct sigaction sa, old;
    memset(&sa, 0, sizeof(sa));
    sa.sa_handler = proc_on_signal;
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < PGO_COUNT(signals); i++)
        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(signals[i], &sa, NULL);
}

void proc_keep(int fd)
{
    proc_kept = fd;
}

int proc_signal(void)
{
    return proc_caught;
}

static void proc_register(pid_t from, pid_t to)
{
    for (size_t i = 0; i < PROC_MAX; i++) {
        if (proc_children[i] == from) {
            proc_children[i] = to;
            return;
        }
    }
}

static int proc_actions(const struct proc *p, posix_spawn_file_actions_t *fa)
{
    const char *input = p->input ? p->input : "/dev/null";
    int rc = posix_spawn_file_actions_addopen(fa, 0, input, O_RDONLY, 0);
    if (rc == 0 && p->log)
        rc = posix_spawn_file_actions_addopen(fa, 1, p->log, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (rc == 0 && p->log)
        rc = posix_spawn_file_actions_adddup2(fa, 1, 2);
    /* Onto itself: takes the close-on-exec flag away in the child. */
    if (rc == 0 && p->group && proc_kept >= 0)
        rc = posix_spawn_file_actions_adddup2(fa, proc_kept, proc_kept);
    return rc;
}

/* The child would only say that it cannot be run. */
static int proc_check_log(const char *log, struct err *err)
{
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0)
        return err_sys(err, errno, log, "cannot write the log '%s'", log);
    close(fd);
    return 0;
}

static int proc_interrupted(struct err *err)
{
    return err_status(err, 128 + proc_caught, "interrupted by %s", proc_signal_name(proc_caught));
}

pid_t proc_spawn(const struct proc *p, struct err *err)
{
    if (p->log && proc_check_log(p->log, err) != 0)
        return -1;
    posix_spawn_file_actions_t fa;
    posix_spawnattr_t attr;
    pid_t pid = -1;
    short flags = POSIX_SPAWN_SETSIGMASK;
    sigset_t none, old, stop, plain;
    sigemptyset(&none);
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGHUP);
    plain = stop;
    sigaddset(&plain, SIGQUIT);
    sigaddset(&plain, SIGPIPE);
    if (p->group)
        flags |= POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF;
    posix_spawn_file_actions_init(&fa);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, flags);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &plain);
    posix_spawnattr_setpgroup(&attr, 0);
    sigprocmask(SIG_BLOCK, &stop, &old);
    int rc = proc_caught ? EINTR : proc_actions(p, &fa);
    if (rc == 0)
        rc =
            posix_spawnp(&pid, p->argv->v[0], &fa, &attr, p->argv->v, p->env ? p->env->v : environ);
    if (rc == 0)
        proc_register(0, pid);
    sigprocmask(SIG_SETMASK, &old, NULL);
    posix_spawn_file_actions_destroy(&fa);
    posix_spawnattr_destroy(&attr);
    if (rc == 0)
        return pid;
    if (proc_caught)
        return proc_interrupted(err);
    return err_sys(err, rc, p->log, "cannot run '%s'", p->argv->v[0]);
}

static pid_t proc_wait(pid_t which, int *status, int options)
{
    pid_t pid;
    do
        pid = waitpid(which, status, options);
    while (pid < 0 && errno == EINTR);
    if (pid > 0)
        proc_register(pid, 0);
    return pid;
}

/* A signal to the whole group, as by Ctrl-C, can end a child a moment before it reaches us: that is
   an interruption too, and no failure of the child. */
static int proc_ended(const struct vec *argv, pid_t done, int status, struct err *err)
{
    if (done < 0)
        return err_sys(err, errno, NULL, "cannot wait for '%s'", argv->v[0]);
    int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (!proc_caught && (sig == SIGINT || sig == SIGTERM || sig == SIGHUP))
        nanosleep(&(struct timespec){0, PROC_MOMENT}, NULL);
    return proc_caught ? proc_interrupted(err) : 0;
}

pid_t proc_wait_any(int *status, double seconds)
{
    sigset_t child, old;
    struct timespec ts = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    if (seconds <= 0)
        return proc_wait(-1, status, 0);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &old);
    pid_t pid = proc_wait(-1, status, WNOHANG);
    if (pid == 0) {
        sigtimedwait(&child, NULL, &ts);
        pid = proc_wait(-1, status, WNOHANG);
    }
    sigprocmask(SIG_SETMASK, &old, NULL);
    return pid;
}

/* Copies what the log has gained to standard error. */
static void proc_show(FILE *log)
{
    char chunk[4096];
    size_t n;
    clearerr(log);
    while ((n = fread(chunk, 1, sizeof(chunk), log)) > 0)
        fwrite(chunk, 1, n, stderr);
}

int proc_run(const struct proc *p, int *status, struct err *err)
{
    FILE *show = NULL;
    *status = 0;
    if (p->log && msg_is_verbose() && (show = fopen(p->log, "ae")) != NULL) {
        fclose(show);
        show = fopen(p->log, "re");
        if (show)
            fseek(show, 0, SEEK_END);
    }
    pid_t pid = proc_spawn(p, err);
    pid_t done = 0;
    while (pid > 0 && done == 0) {
        done = proc_wait(pid, status, show ? WNOHANG : 0);
        if (show) {
            proc_show(show);
            if (done == 0)
                nanosleep(&(struct timespec){0, 20000000}, NULL);
        }
    }
    if (show)
        fclose(show);
    return pid > 0 ? proc_ended(p->argv, done, *status, err) : -1;
}

int proc_capture(const struct vec *argv, struct buf *out, int *status, struct err *err)
{
    char *dir = str_dup(getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    char *log = str_fmt("%s/pgo-capture-XXXXXX", dir);
    struct vec env = VEC_INIT;
    *status = 0;
    proc_clean_env(&env);
    proc_set_env(&env, "LC_ALL", "C");
    int fd = mkstemp(log);
    int rc = fd < 0 ? err_sys(err, errno, dir, "cannot make a temporary file in '%s'", dir) : 0;
    if (fd >= 0)
        close(fd);
    struct proc p = {.argv = argv, .env = &env, .log = log};
    pid_t pid = rc == 0 ? proc_spawn(&p, err) : -1;
    pid_t done = pid > 0 ? proc_wait(pid, status, 0) : 0;
    rc = pid > 0 ? proc_ended(argv, done, *status, err) : -1;
    if (rc == 0)
        rc = fs_read(log, out, err);
    if (fd >= 0)
        unlink(log);
    vec_release(&env);
    free(log);
    free(dir);
    return rc;
}

void proc_log_tail(struct err *err, const char *log, long from)
{
    struct buf b = BUF_INIT;
    fs_tail(log, from, PROC_TAIL, &b);
    if (b.len) {
        const char *p = b.p + b.len;
        for (int lines = 0; p > b.p; p--)
            if (p[-1] == '\n' && p < b.p + b.len && ++lines == PROC_TAIL_LINES)
                break;
        free(err->detail);
        err->detail = str_dup(p);
        if (!err->hint && strstr(buf_str(&b), strerror(ENOSPC)))
            err_hint(err, "a disk is full: make room, then run the same command again");
    }
    free(err->log);
    err->log = str_dup(log);
    buf_release(&b);
}

int proc_log_cut(const char *log, struct err *err)
{
    struct stat st;
    struct buf b = BUF_INIT, out = BUF_INIT;
    if (stat(log, &st) != 0 || st.st_size <= PROC_LOG)
        return 0;
    long dropped = fs_tail(log, 0, PROC_LOG, &b);
    buf_addf(&out, "pgo: the first %ld bytes of this log are not kept\n", dropped);
    buf_add(&out, buf_str(&b), b.len);
    int rc = fs_replace(log, out.p, out.len, err);
    buf_release(&b);
    buf_release(&out);
    return rc;
}

int proc_must(const struct proc *p, const char *what, struct err *err)
{
    struct stat st;
    long from = p->log && stat(p->log, &st) == 0 ? (long)st.st_size : 0;
    int status;
    if (proc_run(p, &status, err) != 0)
        return -1;
    if (proc_ok(status))
        return 0;
    /* `pgo exec` ends with 128 + n when its program was ended by signal n. */
    bool killed = WIFSIGNALED(status) || WEXITSTATUS(status) > 128;
    char *text = killed && !WIFSIGNALED(status)
                     ? str_fmt("was killed by %s", proc_signal_name(WEXITSTATUS(status) - 128))
                     : proc_status_text(status);
    err_set(err, "%s failed: '%s' %s", what, path_base(p->argv->v[0]), text);
    err->killed = killed;
    if (p->log)
        proc_log_tail(err, p->log, from);
    free(text);
    return -1;
}

static const struct {
    int sig;
    const char *name;
} proc_signals[] = {{SIGHUP, "SIGHUP"},   {SIGINT, "SIGINT"},   {SIGQUIT, "SIGQUIT"},
                    {SIGILL, "SIGILL"},   {SIGABRT, "SIGABRT"}, {SIGFPE, "SIGFPE"},
                    {SIGKILL, "SIGKILL"}, {SIGSEGV, "SIGSEGV"}, {SIGPIPE, "SIGPIPE"},
                    {SIGALRM, "SIGALRM"}, {SIGTERM, "SIGTERM"}, {SIGUSR1, "SIGUSR1"},
                    {SIGUSR2, "SIGUSR2"}, {SIGBUS, "SIGBUS"},   {SIGXCPU, "SIGXCPU"},
                    {SIGXFSZ, "SIGXFSZ"}, {SIGTRAP, "SIGTRAP"}, {SIGSYS, "SIGSYS"}};

const char *proc_signal_name(int sig)
{
    for (size_t i = 0; i < PGO_COUNT(proc_signals); i++)
        if (proc_signals[i].sig == sig)
            return proc_signals[i].name;
    return "a signal";
}

bool proc_crashed(int sig)
{
    return sig == SIGSEGV || sig == SIGABRT || sig == SIGBUS || sig == SIGILL || sig == SIGFPE;
}

int proc_signal_number(const char *name)
{
    for (size_t i = 0; i < PGO_COUNT(proc_signals); i++)
        if (strcmp(proc_signals[i].name + strlen("SIG"), name) == 0)
            return proc_signals[i].sig;
    return 0;
}

char *proc_status_text(int status)
{
    if (WIFSIGNALED(status))
        return str_fmt("was killed by %s", proc_signal_name(WTERMSIG(status)));
    return str_fmt("exited with status %d", WEXITSTATUS(status));
}

bool proc_ok(int status)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

#ifdef __linux__
#define PROC_WORD (8 * sizeof(unsigned long))

/* Bytes of the mask that are set; -1 when it cannot be had. */
static long proc_cpus(unsigned long mask[PROC_CPUS / PROC_WORD])
{
    memset(mask, 0, PROC_CPUS / 8);
    return syscall(SYS_sched_getaffinity, 0, (size_t)PROC_CPUS / 8, mask);
}
#endif

int proc_draw_cpu(double drawn)
{
    int cpus[PROC_CPUS], n = 0;
#ifdef __linux__
    unsigned long mask[PROC_CPUS / PROC_WORD];
    bool known = proc_cpus(mask) > 0;
    for (size_t i = 0; known && i < PROC_CPUS; i++)
        if (mask[i / PROC_WORD] >> (i % PROC_WORD) & 1)
            cpus[n++] = (int)i;
#endif
    return n < 2 ? -1 : cpus[1 + (int)(drawn * (n - 1))];
}

bool proc_pin(int cpu)
{
#ifdef __linux__
    unsigned long mask[PROC_CPUS / PROC_WORD] = {0};
    if (cpu >= 0 && cpu < PROC_CPUS) {
        mask[(size_t)cpu / PROC_WORD] = 1UL << ((size_t)cpu % PROC_WORD);
        return syscall(SYS_sched_setaffinity, 0, sizeof(mask), mask) == 0;
    }
#endif
    (void)cpu;
    return false;
}

double proc_now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

void proc_clean_env(struct vec *env)
{
    static const char *const dropped[] = {"MAKEFLAGS=",
                                          "MFLAGS=",
                                          "MAKELEVEL=",
                                          "MAKEOVERRIDES=",
                                          "GNUMAKEFLAGS=",
                                          "LLVM_PROFILE_FILE=",
                                          "GCOV_PREFIX=",
                                          "GCOV_PREFIX_STRIP=",
                                          "GCOV_ERROR_FILE=",
                                          "GCOV_EXIT_AT_ERROR=",
                                          "PGO_RAW=",
                                          "DESTDIR=",
                                          "CTEST_PARALLEL_LEVEL="};
    for (char **e = environ; *e; e++) {
        bool drop = false;
        for (size_t i = 0; i < PGO_COUNT(dropped); i++)
            drop |= str_starts(*e, dropped[i]);
        if (!drop)
            vec_add(env, *e);
    }
}

void proc_set_env(struct vec *env, const char *key, const char *value)
{
    char *entry = str_fmt("%s=%s", key, value);
    size_t n = strlen(key) + 1;
    for (size_t i = 0; i < env->n; i++) {
        if (strncmp(env->v[i], entry, n) == 0) {
            free(env->v[i]);
            env->v[i] = entry;
            return;
        }
    }
    vec_take(env, entry);
}
