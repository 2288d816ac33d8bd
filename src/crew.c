#include "crew.h"

#include "fs.h"
#include "proc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#define CREW_POLL 0.25 /* seconds between looks at the parent */
#define CREW_KILL 5.0  /* seconds in which a killed process is gone, if it can be killed at all */
#define CREW_AGAIN 0.01

void crew_open(struct crew *c, bool leave, pid_t parent)
{
    static const int signals[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP};
    memset(c, 0, sizeof(*c));
    c->leave = leave;
    c->parent = parent;
    sigemptyset(&c->signals);
    for (size_t i = 0; i < PGO_COUNT(signals); i++)
        sigaddset(&c->signals, signals[i]);
    sigprocmask(SIG_BLOCK, &c->signals, NULL);
#ifdef __linux__
    if (!leave)
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#endif
}

void crew_release(struct crew *c)
{
    free(c->v);
    vec_release(&c->killed);
}

void crew_begin(struct crew *c, double seconds)
{
    c->n = 0;
    c->crashed = 0;
    c->limit = seconds > 0 ? proc_now() + seconds : 0;
}

int crew_start(struct crew *c, struct proc p, struct err *err)
{
    p.group = true;
    pid_t pid = proc_spawn(&p, err);
    if (pid < 0)
        return -1;
    c->v = mem_grow(c->v, c->n + 1, sizeof(*c->v));
    c->v[c->n] = (struct crew_one){.pid = pid};
    c->empty = false;
    return (int)c->n++;
}

static double crew_seconds(const struct timeval *tv)
{
    return (double)tv->tv_sec + (double)tv->tv_usec / 1e6;
}

/* Takes note of one that ended. */
static void crew_note(struct crew *c, pid_t pid, int status, const struct rusage *usage)
{
    c->cpu += crew_seconds(&usage->ru_utime) + crew_seconds(&usage->ru_stime);
    if (usage->ru_maxrss > c->memory)
        c->memory = usage->ru_maxrss;
    for (size_t i = 0; i < c->n; i++) {
        if (c->v[i].pid == pid && !c->v[i].ended) {
            c->v[i].ended = true;
            c->v[i].status = status;
            return;
        }
    }
    if (WIFSIGNALED(status) && proc_crashed(WTERMSIG(status)))
        c->crashed = WTERMSIG(status);
}

/* Takes all that ended: whether any did. */
static bool crew_reap(struct crew *c)
{
    struct rusage usage;
    bool ended = false;
    int status;
    for (;;) {
        pid_t pid = wait4(-1, &status, WNOHANG, &usage);
        if (pid > 0) {
            crew_note(c, pid, status, &usage);
            ended = true;
        } else if (pid == 0 || errno != EINTR) {
            c->empty = pid < 0;
            return ended;
        }
    }
}

/* Sleeps, at most until `until`, and takes note of a signal that asks us to stop: which one. */
static int crew_sleep(struct crew *c, double until)
{
    double wait = until - proc_now();
    wait = wait < 0 ? 0 : wait > CREW_POLL ? CREW_POLL : wait;
    struct timespec ts = {(time_t)wait, (long)((wait - (double)(time_t)wait) * 1e9)};
    int sig = sigtimedwait(&c->signals, NULL, &ts);
    if (sig <= 0 || sig == SIGCHLD)
        return 0;
    if (!c->stopped_by)
        c->stopped_by = sig;
    return sig;
}

void crew_wait(struct crew *c, double until)
{
    while (!crew_reap(c) && !c->empty && !c->stopped_by) {
        double now = proc_now(), next = until;
        if (c->limit > 0 && now >= c->limit) {
            c->timed_out = true;
            c->stopped_by = SIGTERM;
        } else if (getppid() != c->parent) {
            c->stopped_by = SIGTERM;
        }
        if (c->stopped_by || now >= until)
            return;
        if (c->limit > 0 && c->limit < next)
            next = c->limit;
        crew_sleep(c, next);
    }
}

struct crew_process {
    pid_t pid, parent;
    bool ours, ended; /* a zombie, but not one whose main thread alone has ended */
    char name[32];
};

/* "PID (NAME) STATE PARENT ... THREADS ...", where the name may hold anything. */
static bool crew_parse(char *stat, struct crew_process *p)
{
    char *open = strchr(stat, '('), *close = strrchr(stat, ')'), state;
    long pid, parent, threads;
    if (!open || !close || sscanf(stat, "%ld", &pid) != 1 ||
        sscanf(close + 1, " %c %ld %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld",
               &state, &parent, &threads) != 3 ||
        state == 'X')
        return false;
    *close = '\0';
    *p = (struct crew_process){
        .pid = (pid_t)pid, .parent = (pid_t)parent, .ended = state == 'Z' && threads <= 1};
    snprintf(p->name, sizeof(p->name), "%s", open + 1);
    return true;
}

/* Marks those that descend from us, but not by way of one in `without`. */
static void crew_mark(struct crew_process *all, size_t n, const struct crew_one *without,
                      size_t without_n)
{
    pid_t *ours = mem_alloc((n + 1) * sizeof(*ours));
    size_t count = 0;
    ours[count++] = getpid();
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < n; i++) {
            bool is = all[i].parent == ours[k];
            for (size_t w = 0; w < without_n && is; w++)
                is = without[w].ended || without[w].pid != all[i].pid;
            if (is && (all[i].ours = true))
                ours[count++] = all[i].pid;
        }
    }
    free(ours);
}

/* All processes of the system; freed by the caller. */
static struct crew_process *crew_processes(size_t *n)
{
    struct vec names = VEC_INIT;
    struct err ignored = ERR_INIT;
    struct crew_process *all = NULL;
    *n = 0;
    fs_list("/proc", &names, &ignored);
    for (size_t i = 0; i < names.n; i++) {
        char stat[512], *path = str_fmt("/proc/%s/stat", names.v[i]);
        size_t length = names.v[i][0] >= '0' && names.v[i][0] <= '9'
                            ? fs_head(path, stat, sizeof(stat) - 1)
                            : 0;
        free(path);
        stat[length] = '\0';
        all = mem_grow(all, *n + 1, sizeof(*all));
        if (length && crew_parse(stat, &all[*n]))
            ++*n;
    }
    vec_release(&names);
    err_release(&ignored);
    return all;
}

bool crew_left(const struct crew *c, size_t at)
{
    size_t n = 0;
    struct crew_process *all = crew_processes(&n);
    bool left = !n && !c->empty; /* where they cannot be listed */
    crew_mark(all, n, c->v + at + 1, c->n - at - 1);
    for (size_t i = 0; i < n; i++) /* how a child of ours ended is known when it was waited for */
        left |= all[i].ours && (!all[i].ended || all[i].parent == getpid());
    free(all);
    return left;
}

/* By groups, where processes cannot be listed or what left its group is not ours to end. */
static void crew_signal_groups(const struct crew *c, int sig)
{
    for (size_t i = 0; i < c->n; i++)
        if (!c->leave || !c->v[i].ended)
            kill(-c->v[i].pid, sig);
}

/* To every process of ours. With `names`, adds who they are. */
static void crew_signal(const struct crew *c, int sig, struct vec *names)
{
    size_t n = 0;
    struct crew_process *all = c->leave ? NULL : crew_processes(&n);
    crew_mark(all, n, NULL, 0);
    for (size_t i = 0; i < n; i++) {
        if (all[i].ended)
            continue;
        if (all[i].ours) {
            kill(all[i].pid, sig);
            kill(all[i].pid, SIGCONT);
        }
        if (all[i].ours && names)
            vec_addf(names, "%ld %s", (long)all[i].pid, all[i].name);
    }
    if (!n) {
        crew_signal_groups(c, sig);
        crew_signal_groups(c, SIGCONT);
    }
    free(all);
}

/* Whether there is nothing more to end. */
static bool crew_over(const struct crew *c)
{
    bool over = c->leave || c->empty;
    for (size_t i = 0; i < c->n; i++)
        over &= c->v[i].ended;
    return over;
}

/* Sleeps in the grace: when that is over now. The first signal to stop shortens it, as does the end
   of our parent; a second signal ends it. */
static double crew_grace(struct crew *c, double until)
{
    bool asked = c->stopped_by && !c->timed_out;
    int sig = crew_sleep(c, until);
    bool alone = getppid() != c->parent;
    double now = proc_now();
    if (alone && !c->stopped_by)
        c->stopped_by = SIGTERM;
    if (sig && asked)
        return now;
    return (sig || alone) && now + CREW_GRACE < until ? now + CREW_GRACE : until;
}

bool crew_end(struct crew *c, int sig, double grace)
{
    bool killing = sig == SIGKILL;
    crew_reap(c);
    if (crew_over(c))
        return true;
    crew_signal(c, sig, killing ? &c->killed : NULL);
    double until = proc_now() + (killing ? CREW_KILL : grace);
    for (crew_reap(c); !crew_over(c); crew_reap(c)) {
        double now = proc_now();
        if (now >= until && killing)
            break;
        if (now >= until) {
            killing = true;
            until = now + CREW_KILL;
            crew_signal(c, SIGKILL, &c->killed);
        } else if (killing) {
            crew_signal(c, SIGKILL, NULL); /* those that were forked meanwhile */
        }
        if (killing)
            crew_sleep(c, now + CREW_AGAIN);
        else
            until = crew_grace(c, until);
    }
    return !killing;
}
