#include "bench.h"

#include "exec.h"
#include "fs.h"
#include "msg.h"
#include "proc.h"
#include "workload.h"

#include <stdlib.h>
#include <string.h>

#define BENCH_ROUNDS 5000

void bench_release(struct bench *b)
{
    for (size_t i = 0; i < b->n; i++) {
        free(b->v[i].name);
        free(b->v[i].ratios);
        free(b->v[i].failure);
        free(b->v[i].log);
    }
    free(b->v);
    memset(b, 0, sizeof(*b));
}

/* Why a run failed, and where more of it stands. */
static void bench_fail(struct bench_workload *w, const struct training *t, int status,
                       const struct exec_result *result, const char *log, const char *server_log)
{
    char *how = result->sig ? str_fmt("was killed by %s", proc_signal_name(result->sig))
                            : proc_status_text(status);
    if (result->fault)
        w->failure = str_dup(result->fault);
    else if (result->timed_out)
        w->failure = str_fmt("it was stopped at its time limit of %ld s", t->timeout);
    else if (result->who)
        w->failure = str_fmt("%s %s", result->who, how);
    else
        w->failure = str_fmt("'%s' %s", t->command.v[0], how);
    w->log = str_dup(result->fault ? server_log : log);
    free(how);
}

/* One run under `pgo exec`; its wall-clock seconds. */
static int bench_once(const struct session *s, const struct training *t, double *seconds,
                      struct bench_workload *w, struct err *err)
{
    struct vec argv = VEC_INIT, env = VEC_INIT;
    struct exec_result result = {0};
    int status = 0;
    char *record = tree_path(&s->tree, "scratch", "run"), *slug = training_slug(t->name);
    char *name = str_fmt("compare.%s", slug), *log = session_log(s, name);
    char *server_log = str_fmt("%s.server", log);
    proc_clean_env(&env);
    workload_exec_words(t, &argv);
    vec_addf(&argv, "--record=%s", record);
    vec_addf(&argv, "--log=%s", log);
    vec_add(&argv, "--");
    vec_all(&argv, &t->command);
    struct proc p = {.argv = &argv, .env = &env, .log = log, .group = true};
    int rc = fs_remove(record, err);
    if (rc == 0)
        rc = fs_remove(log, err);
    if (rc == 0)
        rc = fs_remove(server_log, err);
    if (rc == 0)
        rc = proc_run(&p, &status, err);
    if (rc == 0 && (proc_ok(status) || fs_exists(record))) /* none: it could not be run */
        rc = exec_read(record, &result, err);
    if (rc == 0 && !proc_ok(status))
        bench_fail(w, t, status, &result, log, server_log);
    *seconds = result.elapsed;
    exec_release(&result);
    vec_release(&argv);
    vec_release(&env);
    free(record);
    free(slug);
    free(name);
    free(log);
    free(server_log);
    return rc;
}

/* Blocks of baseline, optimized, optimized, baseline: a drift of the machine hits both alike. The
   first run of each is a warm-up. */
static int bench_workload(const struct session *s, const struct training *base,
                          const struct training *opt, long pairs, struct bench_workload *w,
                          struct err *err)
{
    double *seconds[2] = {mem_alloc((size_t)pairs * sizeof(double)),
                          mem_alloc((size_t)pairs * sizeof(double))};
    const struct training *side[2] = {base, opt};
    double ignored;
    int rc = 0;
    w->ratios = mem_alloc((size_t)pairs * sizeof(double));
    for (int k = 0; k < 2 && rc == 0 && !w->failure; k++)
        rc = bench_once(s, side[k], &ignored, w, err);
    for (long i = 0; i < pairs && rc == 0 && !w->failure; i++) {
        for (int k = 0; k < 2 && rc == 0 && !w->failure; k++) {
            int which = (i % 2) ^ k;
            rc = bench_once(s, side[which], &seconds[which][i], w, err);
        }
        if (rc == 0 && !w->failure)
            w->ratios[w->n++] = seconds[1][i] > 0 ? seconds[0][i] / seconds[1][i] : 1;
    }
    if (rc == 0 && !w->failure) {
        w->ratio = stats_bootstrap(w->ratios, w->n, BENCH_ROUNDS);
        w->base = stats_median(seconds[0], w->n);
        w->opt = stats_median(seconds[1], w->n);
    }
    free(seconds[0]);
    free(seconds[1]);
    return rc;
}

/* kind: 0 trained, 1 held out, 2 all. */
static struct interval bench_mean(const struct bench *b, int kind)
{
    double **samples = mem_alloc((b->n + 1) * sizeof(*samples));
    size_t *counts = mem_alloc((b->n + 1) * sizeof(*counts)), n = 0;
    struct interval result = {0, 0, 0};
    for (size_t i = 0; i < b->n; i++) {
        if (b->v[i].failure || (kind < 2 && b->v[i].held_out != (kind == 1)))
            continue;
        samples[n] = b->v[i].ratios;
        counts[n++] = b->v[i].n;
    }
    if (n)
        result = stats_overall(samples, counts, n, BENCH_ROUNDS);
    free(samples);
    free(counts);
    return result;
}

int bench_run(const struct session *s, const struct plan *baseline, const struct plan *use,
              long pairs, struct bench *out, struct err *err)
{
    int rc = 0;
    memset(out, 0, sizeof(*out));
    out->v = mem_alloc((use->n + 1) * sizeof(*out->v));
    for (size_t i = 0; i < use->n && rc == 0; i++) {
        const struct training *base = plan_find(baseline, use->trainings[i].name);
        if (!base)
            continue;
        if (base->test) {
            msg_note("compare: %s is one of the project's tests, which are not timed", base->name);
            continue;
        }
        struct bench_workload *w = &out->v[out->n++];
        memset(w, 0, sizeof(*w));
        w->name = str_dup(base->name);
        w->held_out = base->held_out;
        msg_note("compare: %s: %ld pairs of runs", w->name, pairs);
        rc = bench_workload(s, base, &use->trainings[i], pairs, w, err);
    }
    if (rc == 0) {
        out->trained = bench_mean(out, 0);
        out->held_out = bench_mean(out, 1);
        out->all = bench_mean(out, 2);
    }
    return rc;
}
