#include "train.h"

#include "exec.h"
#include "fs.h"
#include "msg.h"
#include "pool.h"
#include "proc.h"
#include "progress.h"
#include "stray.h"
#include "train_run.h"
#include "workload.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

void trainings_release(struct trainings *t)
{
    for (size_t i = 0; i < t->n; i++) {
        free(t->v[i].name);
        free(t->v[i].raw);
        free(t->v[i].run);
        free(t->v[i].why);
        vec_release(&t->v[i].wrote);
    }
    free(t->v);
    *t = (struct trainings){NULL, 0};
}

bool train_raw_any(const struct session *s, const char *raw)
{
    struct vec names = VEC_INIT;
    struct err ignored = ERR_INIT;
    bool any = false;
    family_raw_files(raw, s->tree.compiler.family->raw_suffix, &names, &ignored);
    for (size_t i = 0; i < names.n && !any; i++) {
        struct stat st;
        char *path = path_join(raw, names.v[i]);
        any = stat(path, &st) == 0 && st.st_size > 0;
        free(path);
    }
    vec_release(&names);
    err_release(&ignored);
    return any;
}

/* The programs that wrote a profile, each with its hash. When it ran something instrumented that is
   none of ours, or is a test that ran nothing, any program counts. */
static int train_programs(struct train_run *r, const char *raw, struct map *m)
{
    size_t n = r->artifacts->n;
    bool *wrote = mem_alloc((n + 1) * sizeof(*wrote)), any = false;
    int rc = r->s->tree.compiler.family->wrote(r->traces, n, raw, wrote, &r->err);
    for (size_t i = 0; i < n; i++)
        any |= wrote[i];
    for (size_t i = 0; i < n; i++) {
        char *key = str_fmt("program:%s", r->artifacts->v[i].path);
        if (wrote[i] || !any)
            map_set(m, key, r->artifacts->v[i].hash);
        free(key);
    }
    free(wrote);
    return rc;
}

/* Takes a log, or snapshots, to where they are kept; a run that has none leaves none. */
static int train_keep_made(const struct train_run *r, const char *name, struct err *err)
{
    char *made = path_join(r->work, name), *kept = path_join(r->dir, name);
    int rc = fs_remove(kept, err);
    if (rc == 0 && fs_exists(made))
        rc = fs_rename(made, kept, err);
    free(made);
    free(kept);
    return rc;
}

static int train_keep_log(const struct train_run *r, const char *name, struct err *err)
{
    char *kept = path_join(r->dir, name);
    int rc = train_keep_made(r, name, err);
    if (rc == 0)
        rc = proc_log_cut(kept, err);
    free(kept);
    return rc;
}

/* How a run ended and what it took. */
static void train_note_result(const struct train_run *r, const struct exec_result *result,
                              const struct journal *journal, struct map *m)
{
    char command[HASH_HEX + 1];
    workload_hash(r->t, r->place->build, command);
    map_set(m, "name", r->t->name);
    map_set(m, "command", command);
    map_setf(m, "elapsed", "%.3f", result->elapsed);
    map_setf(m, "cpu", "%.3f", result->cpu);
    map_setf(m, "memory", "%ld", result->memory);
    map_setf(m, "code", "%d", result->code);
    if (journal && journal->known) {
        map_setf(m, "processes", "%zu", journal->seen);
        map_setf(m, "wrote", "%zu", journal->wrote);
    }
}

/* A failure is kept beside the last record until a run goes well. `result` is NULL when there was
   no run, or nothing tells how it ended. */
static void train_keep_failure(const struct train_run *r, const struct exec_result *result,
                               const struct journal *journal)
{
    struct map m = MAP_INIT;
    struct err ignored = ERR_INIT;
    char *failed = path_join(r->dir, TRAIN_FAILED);
    if (proc_signal() || !r->err.msg) {
        free(failed);
        return;
    }
    map_set(&m, "name", r->t->name);
    map_set(&m, "failure", r->err.msg);
    if (result) {
        train_note_result(r, result, journal, &m);
        if (result->timed_out)
            map_set(&m, "how", "stopped at its time limit");
        else if (result->sig)
            map_set(&m, "how", proc_signal_name(result->sig));
        else if (result->code && !result->fault)
            map_setf(&m, "how", "status %d", result->code);
    }
    if (fs_mkdirs(r->dir, &ignored) == 0)
        record_write(failed, &m, &ignored);
    map_release(&m);
    err_release(&ignored);
    free(failed);
}

static int train_forget_failure(struct train_run *r)
{
    char *failed = path_join(r->dir, TRAIN_FAILED);
    int rc = fs_remove(failed, &r->err);
    free(failed);
    return rc;
}

/* What the tests of the project are is known to their runner alone, which is not asked for a
 * status.
 */
static void train_keep_test(const struct training *t, struct map *m)
{
    struct buf text = BUF_INIT;
    training_text(t, &text);
    map_set(m, TRAIN_TEST, buf_str(&text));
    buf_release(&text);
}

/* Takes what a run left into place: the record goes first and comes last, so that a kill in between
   leaves a training without a record, which is run again. */
static int train_keep(struct train_run *r, const struct exec_result *result,
                      const struct journal *journal)
{
    struct map m = MAP_INIT;
    char *record = path_join(r->dir, "record"), *raw = path_join(r->dir, "raw"),
         *made = path_join(r->work, "raw");
    int rc = fs_remove(record, &r->err);
    if (rc == 0)
        rc = fs_remove(raw, &r->err);
    if (rc == 0)
        rc = fs_rename(made, raw, &r->err);
    if (rc == 0)
        rc = train_keep_made(r, "snapshot", &r->err);
    if (rc == 0)
        rc = train_forget_failure(r);
    char *print = fs_stamp_all(raw);
    train_note_result(r, result, journal, &m);
    parts_keep(&r->parts, &m);
    if (r->t->test)
        train_keep_test(r->t, &m);
    train_note_files(r, &m);
    map_set(&m, "raw", print);
    if (rc == 0)
        rc = train_programs(r, raw, &m);
    if (rc == 0)
        rc = record_write(record, &m, &r->err);
    if (rc == 0) {
        map_release(&r->record);
        r->record = m;
        r->fresh = true;
    } else {
        map_release(&m);
    }
    free(record);
    free(raw);
    free(made);
    free(print);
    return rc;
}

static int train_finish(struct train_run *r, int status)
{
    struct exec_result result = {0};
    struct journal journal;
    struct err ignored = ERR_INIT;
    char *record = path_join(r->work, "result"), *raw = path_join(r->work, "raw");
    char *processes = path_join(r->work, "processes");
    int rc = 0;
    r->lost = WIFSIGNALED(status);
    if (r->lost)
        stray_end(r->work, NULL);
    if (!r->t->test) {
        rc = train_keep_log(r, "log", &r->err);
        if (rc == 0)
            rc = train_keep_log(r, "log.server", &r->err);
    }
    bool known = rc == 0 && fs_exists(record) && exec_read(record, &result, &r->err) == 0;
    journal_read(processes, &journal);
    if (rc == 0 && r->err.msg)
        rc = -1;
    if (rc == 0)
        rc = train_why(r, known ? &result : NULL, &journal, status, train_raw_any(r->s, raw));
    if (rc == 0)
        rc = train_keep(r, &result, &journal);
    if (rc == 0)
        rc = train_keep_made(r, "runtime.log", &r->err);
    if (rc == 0) {
        msg_note("train: %s: %.2f s", r->t->name, result.elapsed);
        train_warn(r, &result, &journal);
    } else {
        train_keep_failure(r, known ? &result : NULL, &journal);
    }
    fs_remove(r->work, &ignored);
    err_release(&ignored);
    journal_release(&journal);
    exec_release(&result);
    free(record);
    free(raw);
    free(processes);
    return rc;
}

static int train_done(struct pool_job *job, int status, struct err *err)
{
    (void)err;
    progress_clear();
    train_finish(job->arg, status);
    return 0;
}

/* A program of root's may become another user before it writes. */
static int train_open_to_all(struct train_run *r, const char *raw)
{
    char *processes = path_join(r->work, "processes");
    int rc = fs_replace(processes, "", 0, &r->err);
    if (rc == 0 && (chmod(raw, 01777) != 0 || chmod(processes, 0666) != 0))
        rc = err_sys(&r->err, errno, raw, "cannot open '%s' to other users", raw);
    free(processes);
    return rc;
}

/* A clean place for a run: new/ with raw/ in it. */
static int train_prepare(struct train_run *r)
{
    char *raw = path_join(r->work, "raw");
    int rc = fs_remove(r->work, &r->err);
    if (rc == 0)
        rc = fs_mkdirs(raw, &r->err);
    if (rc == 0 && geteuid() == 0)
        rc = train_open_to_all(r, raw);
    free(raw);
    return rc;
}

static int train_job(struct train_run *r, struct pool_job *job)
{
    char *raw = path_join(r->work, "raw"), *errors = path_join(r->work, "runtime.log");
    int rc = train_prepare(r);
    memset(job, 0, sizeof(*job));
    job->arg = r;
    job->alone = r->t->serial;
    proc_clean_env(&job->env);
    session_run_env(r->s, r->place, raw, errors, &job->env);
    workload_exec_words(r->t, &job->argv);
    vec_addf(&job->argv, "--log=%s/log", r->work);
    vec_addf(&job->argv, "--record=%s/result", r->work);
    vec_add(&job->argv, "--");
    vec_all(&job->argv, &r->t->command);
    free(raw);
    free(errors);
    return rc;
}

/* Those of a run that was killed would go on writing. */
static void train_end_strays(const struct session *s)
{
    char *dir = tree_path(&s->tree, "train", NULL);
    char *programs = tree_path(&s->tree, "instrument", NULL);
    long n = stray_end(dir, programs);
    if (n)
        msg_note("train: ended %ld process%s that a killed run had left", n, n == 1 ? "" : "es");
    free(dir);
    free(programs);
}

static int train_run_declared(const struct session *s, struct train_run *runs, size_t n,
                              struct err *err)
{
    struct pool_job *jobs = mem_alloc((n + 1) * sizeof(*jobs));
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (!runs[i].fresh && !runs[i].err.msg && !runs[i].t->test &&
            train_job(&runs[i], &jobs[count]) == 0)
            count++;
    if (count)
        msg_note("train: running %zu of %zu trainings", count, n);
    int rc = pool_run(jobs, count, s->options->jobs, train_done, progress_tick(), err);
    bool lost = false;
    progress_clear();
    for (size_t i = 0; i < n; i++)
        lost |= runs[i].lost;
    if (lost) /* some may be known by their program only, now that no other training runs */
        train_end_strays(s);
    for (size_t i = 0; i < count; i++) {
        vec_release(&jobs[i].argv);
        vec_release(&jobs[i].env);
    }
    free(jobs);
    return rc;
}

static int train_run_tests(const struct session *s, const struct stage *stage,
                           struct train_run *runs, size_t n, struct err *err)
{
    struct vec names = VEC_INIT, wrap = VEC_INIT, env = VEC_INIT, pairs = VEC_INIT;
    struct test_ends ends = {VEC_INIT, VEC_INIT};
    char *work = tree_path(&s->tree, "train", "{slug}/new"), *log = session_log(s, "tests");
    char *raw = path_join(work, "raw"), *errors = path_join(work, "runtime.log");
    int rc = stage_env(s, &env, err);
    for (size_t i = 0; i < n; i++)
        if (runs[i].t->test && !runs[i].fresh && !runs[i].err.msg && train_prepare(&runs[i]) == 0)
            vec_add(&names, runs[i].t->name);
    const struct flag_place at = {.build = stage->dir, .raw = runs->place->raw};
    session_run_env(s, &at, raw, errors, &pairs);
    vec_add(&wrap, exec_path());
    vec_add(&wrap, "exec");
    for (size_t i = 0; i < pairs.n; i++)
        vec_addf(&wrap, "--env=%s", pairs.v[i]);
    vec_addf(&wrap, "--record=%s/result", work);
    /* A fixture's server stays; what runs the tests is under a pgo exec of its own. */
    vec_add(&wrap, "--leave");
    vec_addf(&wrap, "--repeat=%ld", s->iterations);
    vec_add(&wrap, "--");
    if (names.n)
        msg_note("train: running %zu of the project's tests", names.n);
    if (rc == 0 && names.n)
        rc = fs_remove(log, err);
    if (rc == 0 && names.n)
        rc = s->tree.ops->run_tests(&s->tree, stage, &names, &wrap, &env, s->options->jobs, log,
                                    &ends, err);
    for (size_t i = 0; i < n && rc == 0; i++) {
        if (!vec_has(&names, runs[i].t->name) || !runs[i].t->test)
            continue;
        if (vec_has(&ends.failed, runs[i].t->name)) {
            err_set(&runs[i].err, "test '%s' failed as a training", runs[i].t->name);
            proc_log_tail(&runs[i].err, log, 0);
        }
        train_finish(&runs[i], 0);
    }
    free(work);
    free(log);
    free(raw);
    free(errors);
    vec_release(&names);
    vec_release(&wrap);
    vec_release(&env);
    vec_release(&pairs);
    test_ends_release(&ends);
    return rc;
}

static int train_traces(const struct session *s, const struct artifacts *artifacts,
                        const struct flag_place *place, struct traces *out, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; i < artifacts->n && rc == 0; i++)
        rc = s->tree.compiler.family->traces(place, artifacts->v[i].path, &out[i], err);
    return rc;
}

/* What trainings left that are declared no more. */
static int train_prune(const struct session *s, const struct plan *plan, struct err *err)
{
    struct vec names = VEC_INIT;
    char *dir = tree_path(&s->tree, "train", NULL);
    char *programs = tree_path(&s->tree, "instrument", NULL);
    int rc = fs_list(dir, &names, err);
    for (size_t i = 0; i < names.n && rc == 0; i++) {
        char *path = path_join(dir, names.v[i]);
        bool declared = names.v[i][0] == '.';
        for (size_t k = 0; k < plan->n && !declared; k++) {
            char *slug = training_slug(plan->trainings[k].name);
            declared = !plan->trainings[k].held_out && strcmp(slug, names.v[i]) == 0;
            free(slug);
        }
        char *run = path_join(path, "new"); /* one that was not finished may still go on */
        if (!declared && fs_exists(run))
            stray_end(path, programs);
        if (!declared)
            rc = fs_remove(path, err);
        free(run);
        free(path);
    }
    vec_release(&names);
    free(dir);
    free(programs);
    return rc;
}

static void train_collect(const struct train_run *r, struct trainings *out)
{
    out->v = mem_grow(out->v, out->n + 1, sizeof(*out->v));
    struct trained *t = &out->v[out->n++];
    const char *raw = map_get(&r->record, "raw");
    memset(t, 0, sizeof(*t));
    t->name = str_dup(r->t->name);
    t->raw = path_join(r->dir, "raw");
    t->weight = r->t->weight;
    if (!r->fresh) {
        t->why = str_dup(r->err.msg ? r->err.msg : r->why);
        return;
    }
    char key[HASH_HEX + 1];
    parts_hash(&r->parts, key);
    t->run = str_fmt("%s %s", key, raw ? raw : "");
    bool any = !r->t->test || train_raw_any(r->s, t->raw); /* a test may run nothing */
    for (size_t i = 0; i < r->record.keys.n && any; i++)
        if (str_starts(r->record.keys.v[i], "program:"))
            vec_add(&t->wrote, r->record.keys.v[i] + strlen("program:"));
}

/* The first failure is the stage's; the others are told in its message. */
static int train_outcome(struct train_run *runs, size_t n, struct trainings *out, struct err *err)
{
    struct train_run *first = NULL;
    struct vec others = VEC_INIT;
    for (size_t i = 0; i < n; i++) {
        train_collect(&runs[i], out);
        if (!runs[i].fresh && first)
            vec_add(&others, runs[i].t->name);
        else if (!runs[i].fresh)
            first = &runs[i];
    }
    if (first && !err->msg) {
        err_release(err);
        *err = first->err;
        first->err = (struct err)ERR_INIT;
        if (!err->msg)
            err_set(err, "training '%s' was not run", first->t->name);
        if (others.n) {
            char *list = vec_join(&others, ", "),
                 *msg = str_fmt("%s (also failed: %s; why: pgo status)", err->msg, list);
            free(err->msg);
            err->msg = msg;
            free(list);
        }
    }
    vec_release(&others);
    return first ? -1 : 0;
}

static void train_start(struct train_run *r, const struct session *s,
                        const struct artifacts *artifacts, const struct flag_place *place,
                        const struct training *t)
{
    char *slug = training_slug(t->name);
    *r = (struct train_run){.s = s, .artifacts = artifacts, .place = place, .t = t};
    r->dir = tree_path(&s->tree, "train", slug);
    r->work = path_join(r->dir, "new");
    train_look(r);
    free(slug);
}

static void train_end(struct train_run *r)
{
    free(r->dir);
    free(r->work);
    free(r->why);
    map_release(&r->parts);
    map_release(&r->record);
    map_release(&r->outside);
    err_release(&r->err);
}

void train_read(const struct session *s, const struct stage *instrument,
                const struct artifacts *artifacts, const struct plan *plan, struct trainings *out)
{
    struct stage_place where;
    stage_place_init(s, &where, instrument->name, NULL);
    struct flag_place place = stage_flag_place(s, &where);
    for (size_t i = 0; i < plan->n; i++) {
        struct train_run r;
        if (plan->trainings[i].held_out)
            continue;
        train_start(&r, s, artifacts, &place, &plan->trainings[i]);
        train_collect(&r, out);
        train_end(&r);
    }
    stage_place_release(&where);
}

int train_bring(const struct session *s, const struct stage *instrument, const struct model *model,
                const struct artifacts *artifacts, struct trainings *out, struct err *err)
{
    struct plan plan = PLAN_INIT;
    struct map sources = MAP_INIT;
    struct stage_place where;
    bool stale = false;
    stage_place_init(s, &where, instrument->name, NULL);
    struct flag_place place = stage_flag_place(s, &where);
    int rc = workload_plan(s, instrument, model, &plan, err);
    if (rc == 0)
        rc = workload_check_only(s, &plan, NULL, err);
    struct train_run *runs = mem_alloc((plan.n + 1) * sizeof(*runs));
    struct traces *traces = mem_alloc((artifacts->n + 1) * sizeof(*traces));
    size_t n = 0;
    for (size_t i = 0; i < plan.n && rc == 0; i++) {
        if (plan.trainings[i].held_out || !session_chooses(s, plan.trainings[i].name))
            continue;
        struct train_run *r = &runs[n++];
        train_start(r, s, artifacts, &place, &plan.trainings[i]);
        r->traces = traces;
        if (r->damaged)
            msg_warn("%s; training '%s' is run again", r->why, r->t->name);
        if (r->fresh)
            rc = train_forget_failure(r);
        else
            train_keep_failure(r, NULL, NULL);
        stale |= !r->fresh;
    }
    if (rc == 0 && stale)
        rc = tree_sources(&s->tree, &sources, err);
    if (rc == 0 && stale)
        rc = train_traces(s, artifacts, &place, traces, err);
    if (rc == 0 && stale)
        train_end_strays(s);
    if (rc == 0)
        rc = train_run_declared(s, runs, n, err);
    if (rc == 0 && n)
        rc = train_run_tests(s, instrument, runs, n, err);
    if (rc == 0 && sources.keys.n)
        rc =
            tree_warn_sources(&s->tree, &sources, "trainings ran", "one of them writes there", err);
    if (rc == 0)
        rc = train_outcome(runs, n, out, err);
    if (rc == 0)
        rc = train_prune(s, &plan, err);
    char *tmp = tree_path(&s->tree, "scratch", "tmp"); /* what is there is of one that was killed */
    struct err ignored = ERR_INIT;
    fs_remove(tmp, &ignored);
    err_release(&ignored);
    free(tmp);
    for (size_t i = 0; i < n; i++)
        train_end(&runs[i]);
    for (size_t i = 0; i < artifacts->n; i++)
        traces_release(&traces[i]);
    free(runs);
    free(traces);
    stage_place_release(&where);
    plan_release(&plan);
    map_release(&sources);
    return rc;
}
