#include "exec.h"

#include "counter.h"
#include "fs.h"
#include "proc.h"
#include "record.h"
#include "server.h"
#include "training.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#define EXEC_MOMENT 0.3 /* seconds in which a server's end is seen after that of its client */
#define EXEC_FOREVER 1e12
#define EXEC_CLOEXEC 4U /* CLOSE_RANGE_CLOEXEC of linux/close_range.h, 5.11 */

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
#ifdef SYS_close_range
    if (syscall(SYS_close_range, 3U, ~0U, EXEC_CLOEXEC) == 0)
        return;
#endif
    for (int fd = 3; fd < 256; fd++) {
        int flags = fcntl(fd, F_GETFD);
        if (flags >= 0)
            fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
    }
}

static int exec_output(const char *log, struct err *err)
{
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
        return err_sys(err, errno, log, "cannot write the log '%s'", log);
    return 0;
}

/* What is run, its words filled anew for each run. */
struct exec_job {
    const struct options *o;
    const char *input;
    char *tmp, *cwd;
    char *log; /* the server's */
    bool wants_port;
    struct crew crew;
    struct server server;
    struct vec server_words, ready;
    struct vec *commands;
    size_t n;
};

static char *exec_fill(const char *text, const char *port)
{
    static const char aside[] = {TRAINING_SEPARATOR, '\0'}; /* in no word */
    char *safe = str_replace(text, "{{port}", aside), *filled = str_replace(safe, "{port}", port);
    char *out = str_replace(filled, aside, "{port}");
    free(safe);
    free(filled);
    return out;
}

static void exec_fill_all(struct vec *to, const struct vec *from, const char *port)
{
    vec_release(to);
    for (size_t i = 0; i < from->n; i++)
        vec_take(to, port ? exec_fill(from->v[i], port) : str_dup(from->v[i]));
}

/* The environment of what is run is our own. */
static int exec_env(const struct options *o, const char *port, struct err *err)
{
    struct vec env = VEC_INIT;
    int rc = 0;
    exec_fill_all(&env, &o->env, port);
    for (size_t i = 0; i < env.n && rc == 0; i++) {
        char *value = strchr(env.v[i], '=');
        if (!value || value == env.v[i]) {
            rc = err_status(err, PGO_USAGE, "'--env' wants NAME=VALUE, not '%s'", o->env.v[i]);
            continue;
        }
        *value++ = '\0';
        setenv(env.v[i], value, 1);
    }
    if (port)
        setenv("PGO_PORT", port, 1);
    vec_release(&env);
    return rc;
}

/* Fills in all words. A test of the project's own is none of ours, and has no placeholders. */
static int exec_words(struct exec_job *job, struct err *err)
{
    const struct options *o = job->o;
    long number = o->leave ? 0 : server_port();
    char *port = number ? str_fmt("%ld", number) : NULL;
    job->server.port = number;
    if (!number && job->wants_port)
        return err_set(err, "no TCP port of 127.0.0.1 can be had for {port}");
    int rc = exec_env(o, port, err);
    exec_fill_all(&job->server_words, &o->server, port);
    exec_fill_all(&job->ready, &o->ready, port);
    if (!job->ready.n)
        vec_add(&job->ready, "port");
    for (size_t i = 0; i < job->n; i++) {
        struct vec words = VEC_INIT;
        if (i)
            training_split(o->also.v[i - 1], &words);
        exec_fill_all(&job->commands[i], i ? &words : &o->args, port);
        vec_release(&words);
    }
    free(port);
    return rc;
}

/* The working directory may be below {tmp}. */
static int exec_place(const struct exec_job *job, struct err *err)
{
    if (job->tmp && (fs_remove(job->tmp, err) != 0 || fs_mkdirs(job->tmp, err) != 0))
        return -1;
    if (job->cwd && chdir(job->cwd) != 0)
        return err_sys(err, errno, NULL, "cannot enter the working directory '%s'", job->o->cwd);
    return 0;
}

/* Takes the first failure of a command, if any has failed. */
static bool exec_failed(const struct exec_job *job, size_t first, struct exec_result *r)
{
    for (size_t i = first; i < job->crew.n; i++) {
        const struct crew_one *one = &job->crew.v[i];
        if (!one->ended || proc_ok(one->status))
            continue;
        r->sig = WIFSIGNALED(one->status) ? WTERMSIG(one->status) : 0;
        r->code = r->sig ? 128 + r->sig : WEXITSTATUS(one->status);
        if (job->n > 1)
            r->who = str_fmt("its command %zu of %zu, '%s',", i - first + 1, job->n,
                             path_base(job->commands[i - first].v[0]));
        return true;
    }
    return false;
}

static size_t exec_ended(const struct exec_job *job, size_t first)
{
    size_t ended = 0;
    for (size_t i = first; i < job->crew.n; i++)
        ended += job->crew.v[i].ended;
    return ended;
}

/* Whether a command has failed, or the server. A server and its client may end in either order:
   when one of them has, the other one is given a moment. */
static bool exec_broken(struct exec_job *job, size_t first, struct exec_result *r)
{
    struct crew *c = &job->crew;
    double until = proc_now() + EXEC_MOMENT;
    bool failed = exec_failed(job, first, r), done = exec_ended(job, first) == job->n;
    if (!job->o->server.n)
        return failed;
    for (;;) {
        bool gone = server_gone(&job->server, c);
        if (failed == gone || (gone && done) || c->stopped_by || proc_now() >= until)
            break;
        crew_wait(c, until);
        failed = failed || exec_failed(job, first, r);
        done = exec_ended(job, first) == job->n;
    }
    return server_failed(&job->server, c, failed || !done) || failed;
}

/* One after the other or all at once, until one fails. */
static int exec_commands(struct exec_job *job, struct exec_result *r, struct err *err)
{
    struct crew *c = &job->crew;
    size_t first = c->n, ended;
    double start = proc_now();
    while (!c->stopped_by && (ended = exec_ended(job, first)) < job->n) {
        while (c->n - first < job->n && (job->o->parallel || c->n - first == ended))
            if (crew_start(c,
                           (struct proc){.argv = &job->commands[c->n - first], .input = job->input},
                           err) < 0)
                return -1;
        crew_wait(c, EXEC_FOREVER);
        if (exec_broken(job, first, r))
            break;
    }
    r->elapsed += proc_now() - start;
    return 0;
}

/* The server, the commands, the end of both and of all that they left. */
static int exec_parts(struct exec_job *job, struct exec_result *r, struct err *err)
{
    struct crew *c = &job->crew;
    bool serves = job->o->server.n > 0;
    int rc = serves ? server_start(&job->server, c, err) : 0;
    if (rc == 0 && !job->server.fault && !c->stopped_by)
        rc = exec_commands(job, r, err);
    bool failed = r->code && !job->server.fault;
    if (serves && !c->stopped_by && c->n)
        server_stop(&job->server, c);
    if (failed) /* what failed first counts */
        server_release(&job->server);
    crew_end(c, c->stopped_by ? c->stopped_by : SIGTERM, CREW_GRACE);
    if (c->stopped_by && !r->code && rc == 0) { /* how it took that */
        exec_failed(job, serves, r);
        r->code = r->code ? r->code : 128 + c->stopped_by;
    }
    return rc;
}

static int exec_once(struct exec_job *job, struct exec_result *r, struct err *err)
{
    struct crew *c = &job->crew;
    int rc = exec_place(job, err);
    if (rc == 0)
        rc = exec_words(job, err);
    crew_begin(c, job->o->timeout);
    if (rc == 0)
        rc = exec_parts(job, r, err);
    r->cpu = c->cpu;
    r->memory = c->memory;
    r->timed_out = c->timed_out;
    if (job->server.fault) {
        r->code = r->code ? r->code : PGO_FAILED;
        r->fault = str_dup(job->server.fault);
        r->hint = str_dup(job->server.hint);
    }
    struct err ignored = ERR_INIT;
    if (job->tmp && fs_remove(job->tmp, rc == 0 ? err : &ignored) != 0)
        rc = -1;
    err_release(&ignored);
    return rc;
}

static void exec_set(struct map *m, const char *key, const char *value)
{
    if (value && *value)
        map_set(m, key, value);
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
    map_setf(&m, "instructions", "%.0f", r->instructions);
    exec_set(&m, "who", r->who);
    exec_set(&m, "fault", r->fault);
    exec_set(&m, "hint", r->hint);
    exec_set(&m, "killed", r->killed);
    int rc = record_write(path, &m, err);
    map_release(&m);
    return rc;
}

static char *exec_get(const struct map *m, const char *key)
{
    const char *value = map_get(m, key);
    return value ? str_dup(value) : NULL;
}

void exec_release(struct exec_result *r)
{
    free(r->who);
    free(r->fault);
    free(r->hint);
    free(r->killed);
    memset(r, 0, sizeof(*r));
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
    const char *text[] = {map_get(&m, "code"),        map_get(&m, "signal"),
                          map_get(&m, "timed-out"),   map_get(&m, "elapsed"),
                          map_get(&m, "cpu"),         map_get(&m, "memory"),
                          map_get(&m, "instructions")};
    bool ok = true;
    for (size_t i = 0; i < PGO_COUNT(text); i++)
        ok &= text[i] != NULL;
    ok = ok && str_long(text[0], 0, 255, &code) && str_long(text[1], 0, 128, &sig) &&
         str_long(text[2], 0, 1, &late) && str_double(text[3], 0, 1e12, &r->elapsed) &&
         str_double(text[4], 0, 1e12, &r->cpu) && str_long(text[5], 0, INT64_MAX, &r->memory) &&
         str_double(text[6], 0, 1e18, &r->instructions);
    r->code = (int)code;
    r->sig = (int)sig;
    r->timed_out = late != 0;
    r->who = exec_get(&m, "who");
    r->fault = exec_get(&m, "fault");
    r->hint = exec_get(&m, "hint");
    r->killed = exec_get(&m, "killed");
    map_release(&m);
    return ok ? 0 : err_set(err, "'%s' is damaged", path);
}

/* The options of a server make one, and nothing is missing. */
static int exec_job_open(struct exec_job *job, const struct options *o, struct err *err)
{
    struct training t;
    memset(job, 0, sizeof(*job));
    job->o = o;
    job->n = o->also.n + 1;
    job->commands = mem_alloc(job->n * sizeof(*job->commands));
    if (!o->args.n) {
        err_status(err, PGO_USAGE, "no program to run");
        return err_hint(err, "pgo exec [option]... -- PROGRAM [ARGUMENT]...");
    }
    training_init(&t, "exec");
    vec_all(&t.command, &o->args);
    vec_all(&t.also, &o->also);
    vec_all(&t.server, &o->server);
    vec_all(&t.ready, &o->ready);
    vec_all(&t.env, &o->env);
    int rc = 0;
    job->wants_port = !o->leave && training_uses(&t, "{port}");
    if (o->ready.n && strcmp(o->ready.v[0], "line") == 0 && !o->log)
        rc =
            err_status(err, PGO_USAGE, "'--ready=line' wants the server's output in a file: --log");
    if (rc == 0)
        rc = training_set(&t, "stop", o->stop ? o->stop : "TERM", err);
    if (rc == 0 && o->server.n)
        rc = training_check(&t, err);
    if (rc == 0)
        job->server = (struct server){.words = &job->server_words,
                                      .ready = &job->ready,
                                      .ready_timeout = o->ready_timeout,
                                      .grace = o->grace,
                                      .stop = proc_signal_number(t.stop)};
    training_release(&t);
    return rc;
}

static void exec_job_release(struct exec_job *job)
{
    for (size_t i = 0; i < job->n; i++)
        vec_release(&job->commands[i]);
    free(job->commands);
    free(job->tmp);
    free(job->cwd);
    free(job->log);
    vec_release(&job->server_words);
    vec_release(&job->ready);
    server_release(&job->server);
    crew_release(&job->crew);
}

/* All paths are the caller's, wherever the program runs; and what goes wrong from here on is for
   the log. */
static int exec_all(struct exec_job *job, struct exec_result *r, struct err *err)
{
    const struct options *o = job->o;
    char *record = o->record ? path_abs(o->record) : NULL;
    char *input = o->std_in ? path_abs(o->std_in) : NULL;
    char *log = o->log ? path_abs(o->log) : NULL;
    job->input = input;
    job->tmp = o->tmp ? path_abs(o->tmp) : NULL;
    job->cwd = o->cwd ? path_abs(o->cwd) : NULL;
    job->server.log = job->log = log ? str_fmt("%s.server", log) : NULL;
    int rc = o->log ? exec_output(o->log, err) : 0;
    if (record) /* that of an earlier run */
        unlink(record);
    if (rc == 0 && input && !fs_is_file(input))
        rc = err_set(err, "standard input '%s' is not a file", input);
    int counter = o->count ? counter_open() : -1;
    long cpu;
    if (o->cpu && !str_long(o->cpu, 0, INT_MAX, &cpu))
        rc = err_status(err, PGO_USAGE, "'--cpu' wants a number, not '%s'", o->cpu);
    else if (o->cpu)
        proc_pin((int)cpu);
    for (long i = 0; i < o->repeat && rc == 0 && r->code == 0; i++)
        rc = exec_once(job, r, err);
    r->instructions = counter_close(counter);
    r->killed = job->crew.killed.n ? vec_join(&job->crew.killed, ", ") : NULL;
    if (rc == 0 && record)
        rc = exec_write(record, r, err);
    free(record);
    free(input);
    free(log);
    return rc;
}

int exec_run(const struct options *o, struct err *err)
{
    static struct options test; /* its environment stays that of the program */
    if (o->test_of)
        return exec_as_test(o, &test, err) == 0 ? exec_run(&test, err) : -1;
    struct exec_result r = {0};
    struct exec_job job;
    pid_t parent = getppid();
    int rc = exec_job_open(&job, o, err);
    if (rc == 0) {
        exec_keep_descriptors();
        crew_open(&job.crew, o->leave, parent);
        rc = exec_all(&job, &r, err);
        if (rc != 0 && err->status != PGO_USAGE)
            err->status = PGO_EXEC_FAILED;
    }
    if (rc == 0 && r.fault && !o->record) {
        rc = err_set(err, "%s", r.fault);
        err_hint(err, "%s", r.hint);
    }
    int code = r.code;
    exec_release(&r);
    exec_job_release(&job);
    return rc == 0 ? code : -1;
}
