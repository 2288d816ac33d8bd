/* compare: baseline against optimized. */
#include "bench.h"
#include "cmd.h"
#include "json.h"
#include "msg.h"
#include "proc.h"
#include "workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void compare_row(const char *name, const struct bench_workload *w, const struct interval *i)
{
    printf("  %-18s ", name);
    if (w)
        printf("%9.3f s %9.3f s ", w->base, w->opt);
    else
        printf("%24s", "");
    printf("%7.3f  [%.3f, %.3f]  %s\n", i->middle, i->low, i->high,
           stats_verdict_text(stats_verdict(i)));
}

static void compare_print(const struct bench *b)
{
    printf("  %-18s %11s %11s %7s  %-16s\n", "workload", "baseline", "optimized", "ratio",
           "95 % interval");
    for (size_t i = 0; i < b->n; i++) {
        const struct bench_workload *w = &b->v[i];
        char *name = str_fmt("%s%s", w->name, w->held_out ? " *" : "");
        if (w->failure)
            printf("  %-18s not compared: %s (log: %s)\n", name, w->failure, w->log);
        else
            compare_row(name, w, &w->ratio);
        free(name);
    }
    if (b->trained.middle > 0)
        compare_row("trained, mean", NULL, &b->trained);
    if (b->held_out.middle > 0)
        compare_row("held out, mean *", NULL, &b->held_out);
    puts("ratio: baseline ÷ optimized, above 1 is faster; the median of pairs of runs in turn. "
         "Means are geometric.");
    if (b->held_out.middle > 0)
        puts("* held out: never trained on");
}

static void compare_json_interval(struct buf *out, const char *key, const struct interval *i)
{
    buf_addf(out, "\"%s\": {\"ratio\": %.6f, \"low\": %.6f, \"high\": %.6f, \"verdict\": \"%s\"}",
             key, i->middle, i->low, i->high, stats_verdict_text(stats_verdict(i)));
}

static void compare_json(const struct bench *b)
{
    struct buf out = BUF_INIT;
    buf_adds(&out, "{\"workloads\": [");
    for (size_t i = 0; i < b->n; i++) {
        const struct bench_workload *w = &b->v[i];
        buf_adds(&out, i ? ",\n  {\"name\": " : "\n  {\"name\": ");
        json_quote(&out, w->name);
        buf_addf(&out, ", \"held_out\": %s, ", w->held_out ? "true" : "false");
        if (w->failure) {
            buf_adds(&out, "\"failure\": ");
            json_quote(&out, w->failure);
        } else {
            buf_addf(&out, "\"pairs\": %zu, \"baseline_s\": %.6f, \"optimized_s\": %.6f, ", w->n,
                     w->base, w->opt);
            compare_json_interval(&out, "comparison", &w->ratio);
        }
        buf_addc(&out, '}');
    }
    buf_addc(&out, ']');
    const struct {
        const char *key;
        const struct interval *i;
    } means[] = {{"trained", &b->trained}, {"held_out", &b->held_out}, {"all", &b->all}};
    for (size_t i = 0; i < PGO_COUNT(means); i++) {
        if (means[i].i->middle > 0) {
            buf_adds(&out, ",\n ");
            compare_json_interval(&out, means[i].key, means[i].i);
        }
    }
    printf("%s}\n", buf_str(&out));
    buf_release(&out);
}

static int compare_save(const struct session *s, const struct bench *b, const struct profile *p,
                        struct err *err)
{
    struct map m = MAP_INIT;
    const struct interval *i = b->held_out.middle > 0 ? &b->held_out : &b->trained;
    map_set(&m, "profile", p->hash);
    map_setf(&m, "result", "%.3f [%.3f, %.3f] %s, %s", i->middle, i->low, i->high,
             stats_verdict_text(stats_verdict(i)), b->held_out.middle > 0 ? "held out" : "trained");
    for (size_t k = 0; k < b->n; k++) {
        char *key = train_record_baseline(s, b->v[k].name);
        map_setf(&m, key, "%.6f", b->v[k].base);
        free(key);
    }
    int rc = session_save(s, "compare", &m, err);
    map_release(&m);
    return rc;
}

int cmd_compare(const struct options *o, struct err *err)
{
    struct session s;
    struct pipeline p = {0};
    struct stage baseline;
    struct model model = MODEL_INIT, again = MODEL_INIT;
    struct vec targets = VEC_INIT;
    struct plan base = PLAN_INIT, use = PLAN_INIT;
    struct bench b = {0};
    if (session_open(&s, o, true, err) != 0)
        return -1;
    stage_init(&s, &baseline, PHASE_BASELINE, NULL);
    int rc = workload_check_timed(&s, err);
    if (rc == 0)
        rc = pipeline_run(&s, PIPELINE_USE, &p, err);
    workload_depends(&s, &p.optimized, true, &targets);
    if (rc == 0)
        rc = stage_bring(&s, &baseline, &targets, &model, err);
    if (rc == 0)
        rc = stage_bring(&s, &p.use, &targets, &again, err);
    if (rc == 0)
        rc = workload_plan(&s, &baseline, &model, &base, err);
    if (rc == 0)
        rc = workload_plan(&s, &p.use, &again, &use, err);
    if (rc == 0)
        rc = bench_run(&s, &base, &use, o->runs, &b, err);
    if (rc == 0 && !b.n)
        rc = workload_not_timed(&s, err);
    if (rc == 0 && o->json)
        compare_json(&b);
    else if (rc == 0)
        compare_print(&b);
    for (size_t i = 0; i < b.n && rc == 0; i++) {
        if (!b.v[i].failure)
            continue;
        rc = err_set(err, "workload '%s' could not be compared: %s", b.v[i].name, b.v[i].failure);
        proc_log_tail(err, b.v[i].log, 0);
    }
    if (rc == 0)
        rc = compare_save(&s, &b, &p.profile, err);
    bench_release(&b);
    plan_release(&base);
    plan_release(&use);
    model_release(&model);
    model_release(&again);
    vec_release(&targets);
    stage_release(&baseline);
    pipeline_release(&p);
    session_close(&s);
    return rc;
}
