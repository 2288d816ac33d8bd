#include "exec.h"

#include "fs.h"
#include "plan.h"
#include "proc.h"
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EXEC_GRACE 2.0 /* seconds between SIGTERM and SIGKILL */
#define EXEC_POLL 0.25 /* seconds between looks at the parent */

static char *exec_own_path;

void exec_self(const char *argv0)
{
    char *found = fs_find_program(argv0);
    exec_own_path = found ? found : str_dup(argv0);
}

const char *exec_path(void)
{
    return exec_own_path;
}

/* Descriptors above the standard ones stay here: above all the lock of the tree. */
static void exec_keep_descriptors(void)
{
    for (int fd = 3; fd < 256; fd++) {
        int flags = fcntl(fd, F_GETFD);
        if (flags >= 0)
            fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
    }
}

static void exec_block_signals(sigset_t *set)
{
    static const int signals[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP};
    sigemptyset(set);
    for (size_t i = 0; i < PGO_COUNT(signals); i++)
        sigaddset(set, signals[i]);
    sigprocmask(SIG_BLOCK, set, NULL);
}

static int exec_output(const char *log, struct err *err)
{
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
        return err_sys(err, errno, log, "cannot write the log '%s'", log);
    return 0;
}

struct exec_watch {
    pid_t child, parent;
    double limit; /* absolute, 0: none */
    double kill_at;
    bool timed_out;
    int stopped_by; /* the signal that we passed on, or 0 */
};

/* Asks the group to stop; SIGKILL follows when the grace is over. */
static void exec_stop(struct exec_watch *w, int sig)
{
    if (w->stopped_by)
        return;
    w->stopped_by = sig;
    w->kill_at = proc_now() + EXEC_GRACE;
    kill(-w->child, sig);
    kill(-w->child, SIGCONT);
}

/* Nothing of the group outlives its leader. */
static int exec_wait(struct exec_watch *w, const sigset_t *set, int *status, struct rusage *usage)
{
    int failed = 0;
    for (;;) {
        pid_t done = wait4(w->child, status, WNOHANG, usage);
        if (done < 0 && errno != EINTR)
            failed = errno;
        if (done == w->child || failed)
            break;
        double now = proc_now(), wait = EXEC_POLL;
        if (w->limit > 0 && now >= w->limit && !w->stopped_by) {
            w->timed_out = true;
            exec_stop(w, SIGTERM);
        }
        if (getppid() != w->parent)
            exec_stop(w, SIGTERM);
        if (w->stopped_by && now >= w->kill_at)
            kill(-w->child, SIGKILL);
        if (w->limit > now && w->limit - now < wait)
            wait = w->limit - now;
        struct timespec ts = {(time_t)wait, (long)((wait - (double)(time_t)wait) * 1e9)};
        int sig = sigtimedwait(set, NULL, &ts);
        if (sig > 0 && sig != SIGCHLD)
            exec_stop(w, sig);
    }
    kill(-w->child, SIGKILL);
    return failed;
}

static double exec_seconds(const struct timeval *tv)
{
    return (double)tv->tv_sec + (double)tv->tv_usec / 1e6;
}

static int exec_once(const struct options *o, const char *input, const sigset_t *set, pid_t parent,
                     struct exec_result *r, struct err *err)
{
    struct proc p = {.argv = &o->args, .input = input, .group = true};
    struct rusage usage;
    int status = 0;
    double start = proc_now();
    struct exec_watch w = {.parent = parent, .limit = o->timeout > 0 ? start + o->timeout : 0};
    memset(&usage, 0, sizeof(usage));
    w.child = proc_spawn(&p, err);
    if (w.child < 0)
        return -1;
    int failed = exec_wait(&w, set, &status, &usage);
    if (failed)
        return err_sys(err, failed, NULL, "cannot wait for '%s'", o->args.v[0]);
    r->elapsed += proc_now() - start;
    r->cpu += exec_seconds(&usage.ru_utime) + exec_seconds(&usage.ru_stime);
    if (usage.ru_maxrss > r->memory)
        r->memory = usage.ru_maxrss;
    r->timed_out = w.timed_out;
    r->sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    r->code = r->sig ? 128 + r->sig : WEXITSTATUS(status);
    if (w.stopped_by && r->code == 0)
        r->code = 128 + w.stopped_by;
    return 0;
}

static int exec_write(const char *path, const struct exec_result *r, struct err *err)
{
    struct map m = MAP_INIT;
    map_setf(&m, "code", "%d", r->code);
    map_setf(&m, "signal", "%d", r->sig);
    map_setf(&m, "timed-out", "%d", r->timed_out);
    map_setf(&m, "elapsed", "%.6f", r->elapsed);
    map_setf(&m, "cpu", "%.6f", r->cpu);
    map_setf(&m, "memory", "%ld", r->memory);
    int rc = record_write(path, &m, err);
    map_release(&m);
    return rc;
}

int exec_read(const char *path, struct exec_result *r, struct err *err)
{
    struct map m = MAP_INIT;
    long code = 0, sig = 0, late = 0;
    enum record_state state = record_read(path, &m, err);
    if (state == RECORD_MISSING)
        return err_set(err, "'pgo exec' left no record '%s'", path);
    if (state == RECORD_DAMAGED)
        return -1;
    memset(r, 0, sizeof(*r));
    const char *text[] = {map_get(&m, "code"),    map_get(&m, "signal"), map_get(&m, "timed-out"),
                          map_get(&m, "elapsed"), map_get(&m, "cpu"),    map_get(&m, "memory")};
    bool ok = true;
    for (size_t i = 0; i < PGO_COUNT(text); i++)
        ok &= text[i] != NULL;
    ok = ok && str_long(text[0], 0, 255, &code) && str_long(text[1], 0, 128, &sig) &&
         str_long(text[2], 0, 1, &late) && str_double(text[3], 0, 1e12, &r->elapsed) &&
         str_double(text[4], 0, 1e12, &r->cpu) && str_long(text[5], 0, INT64_MAX, &r->memory);
    r->code = (int)code;
    r->sig = (int)sig;
    r->timed_out = late != 0;
    map_release(&m);
    return ok ? 0 : err_set(err, "'%s' is damaged", path);
}

void exec_one_line(struct vec *words)
{
    for (size_t i = 0; i < words->n; i++)
        for (char *c = words->v[i]; (c = strchr(c, '\n')); c++)
            *c = ' ';
}

/* How much of a test's environment and directory is what we run in: a runner may add to a variable.
 */
static int exec_fits(const struct training *t)
{
    char *here = path_abs(".");
    int fits = !t->cwd ? 0 : strcmp(t->cwd, here) == 0 ? 1 : -1;
    for (size_t i = 0; i < t->env.n; i++) {
        const char *pair = t->env.v[i], *value = pair + strcspn(pair, "=");
        char *name = str_ndup(pair, (size_t)(value - pair));
        const char *now = getenv(name);
        const char *wanted = value + (*value == '=');
        fits += !now ? -1 : strcmp(now, wanted) == 0 ? 2 : strstr(now, wanted) ? 1 : -1;
        free(name);
    }
    free(here);
    return fits;
}

/* Test runners put an emulator before a command, and options of theirs behind it. */
static bool exec_runs(const struct vec *args, const struct vec *command)
{
    for (size_t at = 0; at + command->n <= args->n; at++) {
        size_t n = 0;
        while (n < command->n && strcmp(command->v[n], args->v[at + n]) == 0)
            n++;
        if (n == command->n)
            return true;
    }
    return false;
}

/* The directory name of the test in a plan whose command we run: that of the longest, and of those
   the one that fits best; NULL when there is none. The caller frees it. */
static char *exec_test(const struct plan *plan, const struct vec *args)
{
    const struct training *found = NULL;
    for (size_t i = 0; i < plan->n; i++) {
        const struct training *t = &plan->trainings[i];
        size_t n = t->command.n, most = found ? found->command.n : 0;
        if (exec_runs(args, &t->command) &&
            (n > most || (found && n == most && exec_fits(t) > exec_fits(found))))
            found = t;
    }
    return found ? training_slug(found->name) : NULL;
}

/* A test that nobody chose is run as it is. */
static int exec_as_test(const struct options *o, struct options *out, struct err *err)
{
    struct plan plan = PLAN_INIT;
    if (plan_read(o->test_of, &plan, err) != 0)
        return -1;
    struct vec args = VEC_INIT;
    vec_all(&args, &o->args);
    exec_one_line(&args);
    char *slug = exec_test(&plan, &args);
    vec_release(&args);
    *out = *o;
    out->env = (struct vec)VEC_INIT;
    for (size_t i = 0; slug && i < o->env.n; i++)
        vec_take(&out->env, str_replace(o->env.v[i], "{slug}", slug));
    out->record = slug && o->record ? str_replace(o->record, "{slug}", slug) : NULL;
    out->test_of = NULL;
    free(slug);
    plan_release(&plan);
    return 0;
}

int exec_run(const struct options *o, struct err *err)
{
    struct exec_result r = {0};
    static struct options test; /* variables that are set stay its own */
    if (o->test_of)
        return exec_as_test(o, &test, err) == 0 ? exec_run(&test, err) : -1;
    sigset_t set;
    pid_t parent = getppid();
    if (!o->args.n) {
        err_status(err, PGO_USAGE, "no program to run");
        return err_hint(err, "pgo exec [option]... -- PROGRAM [ARGUMENT]...");
    }
    exec_keep_descriptors();
    exec_block_signals(&set);
    int rc = 0;
    for (size_t i = 0; i < o->env.n && rc == 0; i++)
        if (!strchr(o->env.v[i], '=') || putenv(o->env.v[i]) != 0)
            rc = err_status(err, PGO_USAGE, "'--env' wants NAME=VALUE, not '%s'", o->env.v[i]);
    /* All paths are the caller's, wherever the program runs; and what goes wrong from here on is
       for the log. */
    char *record = o->record ? path_abs(o->record) : NULL;
    char *input = o->std_in ? path_abs(o->std_in) : NULL;
    if (rc == 0 && o->log)
        rc = exec_output(o->log, err);
    if (rc == 0 && o->cwd && chdir(o->cwd) != 0)
        rc = err_sys(err, errno, NULL, "cannot enter the working directory '%s'", o->cwd);
    if (rc == 0 && input && !fs_is_file(input))
        rc = err_set(err, "standard input '%s' is not a file", input);
    for (long i = 0; i < o->repeat && rc == 0 && r.code == 0; i++)
        rc = exec_once(o, input, &set, parent, &r, err);
    if (rc == 0 && record)
        rc = exec_write(record, &r, err);
    free(record);
    free(input);
    if (rc != 0) {
        err->status = err->status == PGO_USAGE ? PGO_USAGE : PGO_EXEC_FAILED;
        return -1;
    }
    return r.code;
}
