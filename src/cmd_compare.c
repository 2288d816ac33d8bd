/* compare: the optimized programs against a baseline, another build directory's, or any two
   commands against each other. */
#include "bench.h"
#include "cmd.h"
#include "compare_view.h"
#include "fs.h"
#include "msg.h"
#include "pipeline.h"
#include "proc.h"
#include "workload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COMPARE_RATIO_MOST 1000

static int compare_check(const struct options *o, double *required, struct err *err)
{
    const struct {
        const char *first, *second;
        bool both;
    } pairs[] = {{"--json", "--csv", o->json && o->csv},
                 {"--json", "--markdown", o->json && o->markdown},
                 {"--csv", "--markdown", o->csv && o->markdown},
                 {"--a", "--vs", o->a && o->vs},
                 {"--a", "--train and its like", o->a && o->declared.n}};
    for (size_t i = 0; i < PGO_COUNT(pairs); i++)
        if (pairs[i].both)
            return err_status(err, PGO_USAGE, "%s does not go with %s", pairs[i].first,
                              pairs[i].second);
    if (!o->a != !o->b)
        return err_status(err, PGO_USAGE, "--a and --b go together: two commands to compare");
    if (o->require && !str_double(o->require, 0, COMPARE_RATIO_MOST, required))
        return err_status(err, PGO_USAGE, "'--require' wants a ratio like 1.05, not '%s'",
                          o->require);
    return 0;
}

/* What the machine is like, where that makes it hard to tell anything. */
static void compare_machine(void)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    double load[1];
    if (cpus == 1)
        msg_note("compare: this machine has one CPU: whatever else runs is in the way; wall-clock "
                 "times vary more");
    if (getloadavg(load, 1) == 1 && load[0] > (double)cpus * 0.75)
        msg_note("compare: the machine is busy (load %.1f on %ld CPU%s): it takes more runs to "
                 "show a difference",
                 load[0], cpus, cpus == 1 ? "" : "s");
}

static struct bench compare_bench(const struct options *o)
{
    return (struct bench){.runs = o->runs,
                          .precision = o->precision / 100,
                          .seconds = o->seconds,
                          .check_output = o->check_output};
}

static void compare_print(const struct options *o, const struct comparison *c)
{
    if (o->json)
        compare_json(c);
    else if (o->csv)
        compare_csv(c);
    else if (o->markdown)
        compare_markdown(c);
    else
        compare_table(c);
}

/* The first workload that could not be compared is the error. */
static int compare_failures(const struct comparison *c, struct err *err)
{
    for (size_t i = 0; i < c->n; i++) {
        if (!c->v[i].failure)
            continue;
        err_set(err, "workload '%s' could not be compared: %s", c->v[i].name, c->v[i].failure);
        if (c->v[i].log)
            proc_log_tail(err, c->v[i].log, 0);
        return -1;
    }
    return 0;
}

static int compare_gates(const struct options *o, const struct comparison *c, double required,
                         struct err *err)
{
    const struct interval *mean = comparison_mean(c);
    struct vec slower = VEC_INIT, unknown = VEC_INIT;
    const char *more = o->runs ? "--runs" : "--time, --precision";
    int rc = 0;
    for (size_t i = 0; i < c->n && o->fail_if_slower; i++) {
        if (c->v[i].sure == VERDICT_SLOWER)
            vec_add(&slower, c->v[i].name);
        if (c->v[i].sure == VERDICT_UNKNOWN)
            vec_add(&unknown, c->v[i].name);
    }
    if (o->fail_if_slower && !slower.n && stats_verdict(mean) == VERDICT_SLOWER)
        vec_add(&slower, "the mean");
    if (slower.n) {
        char *names = vec_join(&slower, ", ");
        rc = err_status(err, PGO_GATE, "slower: %s (--fail-if-slower)", names);
        free(names);
    } else if (unknown.n) {
        char *names = vec_join(&unknown, ", ");
        rc = err_status(err, PGO_GATE,
                        "whether it is slower is not known, for too few runs: %s "
                        "(--fail-if-slower)",
                        names);
        err_hint(err, "more runs may show it: %s", more);
        free(names);
    } else if (o->require && !(mean->low >= required)) {
        char *limits = stats_limits(mean);
        rc = err_status(err, PGO_GATE,
                        "a ratio of at least %.3f is not shown: the mean is %.3f%s (%s)", required,
                        mean->middle, limits, mean == &c->held_out ? "held out" : "trained");
        if (!(mean->low > 0) || mean->high >= required)
            err_hint(err, "more runs may show it: %s", more);
        free(limits);
    }
    vec_release(&slower);
    vec_release(&unknown);
    return rc;
}

/* The same workloads with the programs of another directory, which lie there as in ours. */
static int compare_moved(const struct plan *from, const char *ours, const char *theirs,
                         struct plan *out, struct err *err)
{
    for (size_t i = 0; i < from->n; i++) {
        const struct training *t = &from->trainings[i];
        struct training *to = plan_add(out, "");
        struct vec words = VEC_INIT;
        training_release(to);
        training_move(to, t, ours, theirs);
        training_programs(to, &words);
        for (size_t k = 0; k < words.n && !err->msg; k++)
            if (path_below(words.v[k], theirs) && !fs_is_file(words.v[k])) {
                err_status(err, PGO_USAGE, "'%s' is not there, which workload '%s' runs",
                           words.v[k], t->name);
                err_hint(err, "--vs names a build directory of the same project, built");
            }
        vec_release(&words);
    }
    return err->msg ? -1 : 0;
}

struct compare_sides {
    struct stage baseline;
    struct model model, again;
    struct plan first, second;
    struct plan declared; /* without the project's own tests */
    struct map parts;     /* of these workloads, each in a hash, before they are run */
    struct map files;     /* what else they all name, as it is then */
    struct map failures;  /* of those that cannot be run */
};

static void compare_sides_release(struct compare_sides *c)
{
    plan_release(&c->first);
    plan_release(&c->second);
    map_release(&c->parts);
    map_release(&c->files);
    map_release(&c->failures);
    plan_release(&c->declared);
    model_release(&c->model);
    model_release(&c->again);
    stage_release(&c->baseline);
}

/* Both sides, built, and what they run. */
static int compare_bring(struct session *s, struct pipeline *p, struct compare_sides *c,
                         struct bench *b, struct err *err)
{
    const char *vs = s->options->vs;
    struct vec targets = VEC_INIT;
    stage_init(s, &c->baseline, PHASE_BASELINE, NULL);
    int rc = workload_check_timed(s, err);
    if (rc == 0 && vs && !fs_is_dir(vs))
        rc = err_status(err, PGO_USAGE, "'%s' is not a directory", vs);
    if (rc == 0)
        rc = pipeline_run(s, PIPELINE_USE, p, err);
    workload_depends(s, &p->optimized, true, &targets);
    if (rc == 0 && !vs)
        rc = stage_bring(s, &c->baseline, &targets, &c->model, err);
    if (rc == 0)
        rc = stage_bring(s, &p->use, &targets, &c->again, err);
    if (rc == 0)
        rc = workload_plan(s, &p->use, &c->again, &c->second, err);
    b->side[0] = vs ? "other" : "baseline";
    b->side[1] = "optimized";
    b->dir[0] = c->baseline.dir;
    b->dir[1] = p->use.dir;
    if (rc == 0 && vs) {
        free(c->baseline.dir);
        b->dir[0] = c->baseline.dir = path_real(vs);
        msg_note("compare: other is what '%s' has, whatever it was built with", c->baseline.dir);
        rc = compare_moved(&c->second, p->use.dir, c->baseline.dir, &c->first, err);
    } else if (rc == 0) {
        rc = workload_plan(s, &c->baseline, &c->model, &c->first, err);
    }
    vec_release(&targets);
    return rc;
}

/* Before they run, for an edit while they do is one that comes after the comparison. What lacks an
   input is not run. */
static int compare_look(const struct session *s, struct compare_sides *c, struct err *err)
{
    struct vec removed = VEC_INIT;
    int rc = workload_declared(s, &c->baseline, &c->model, &c->declared, err);
    for (size_t i = 0; i < c->first.n && rc == 0; i++) {
        const struct training *t = &c->first.trainings[i];
        bool test = !plan_find(&c->declared, t->name);
        struct err why = ERR_INIT;
        char hex[HASH_HEX + 1] = "";
        if (!test && workload_parts_hash(s, t, c->baseline.dir, hex, &why) != 0) {
            map_set(&c->failures, t->name, why.msg);
            plan_remove(&c->second, t->name, &removed);
        }
        map_set(&c->parts, t->name, hex);
        workload_files(s, t, c->baseline.dir, test, &c->files);
        err_release(&why);
    }
    vec_release(&removed);
    return rc;
}

/* Rows of those that were not run. */
static void compare_not_run(const struct compare_sides *c, struct comparison *out)
{
    for (size_t i = 0; i < c->failures.keys.n; i++) {
        const char *name = c->failures.keys.v[i];
        bool held_out = plan_find(&c->first, name)->held_out;
        comparison_add(out, name, held_out)->failure = str_dup(c->failures.values.v[i]);
    }
}

/* What a row is of. */
static void compare_note(const struct session *s, const struct compare_sides *c,
                         struct comparison_row *row)
{
    const struct training *t = plan_find(&c->first, row->name);
    struct map now = MAP_INIT;
    row->test = !plan_find(&c->declared, row->name);
    workload_hash(t, c->baseline.dir, row->workload);
    snprintf(row->parts, sizeof(row->parts), "%s", map_get(&c->parts, row->name));
    workload_files(s, t, c->baseline.dir, row->test, &now);
    for (size_t i = 0; i < now.keys.n; i++)
        if (record_is(&c->files, now.keys.v[i], now.values.v[i]))
            map_set(&row->files, now.keys.v[i], now.values.v[i]);
    map_release(&now);
}

/* Also of workloads that failed: an older comparison does not stand beside them. */
static int compare_save(const struct session *s, const struct compare_sides *sides,
                        struct comparison *c, struct err *err)
{
    struct map m = MAP_INIT;
    for (size_t i = 0; i < c->n; i++)
        compare_note(s, sides, &c->v[i]);
    c->tests = s->tree.ops->tests_id(&s->tree, &sides->baseline);
    comparison_save(c, &m);
    stage_note_programs(s, &sides->model, &m);
    stage_note_programs(s, &sides->again, &m);
    int rc = session_save(s, "compare", &m, err);
    map_release(&m);
    return rc;
}

static int compare_trees(const struct options *o, double required, struct err *err)
{
    struct session s;
    struct pipeline p = {0};
    struct compare_sides sides = {0};
    struct comparison c = {0};
    struct bench b = compare_bench(o);
    if (session_open(&s, o, true, err) != 0)
        return -1;
    char *scratch = tree_path(&s.tree, "scratch", NULL), *logs = tree_path(&s.tree, "log", NULL);
    b.place = (struct measure_place){scratch, logs};
    int rc = compare_bring(&s, &p, &sides, &b, err);
    if (rc == 0)
        rc = fs_mkdirs(scratch, err);
    if (rc == 0)
        compare_machine();
    if (rc == 0 && !o->vs)
        rc = compare_look(&s, &sides, err);
    if (rc == 0)
        rc = bench_run(&b, &sides.first, &sides.second, &c, err);
    if (rc == 0)
        compare_not_run(&sides, &c);
    if (rc == 0 && !c.n)
        rc = workload_not_timed(&s, err);
    if (rc == 0)
        c.profile = str_dup(p.profile.hash);
    if (rc == 0 && !o->vs)
        footprint_take(&s, &p, sides.baseline.dir, &c.footprint);
    if (rc == 0)
        compare_print(o, &c);
    if (rc == 0 && !o->vs)
        rc = compare_save(&s, &sides, &c, err);
    if (rc == 0)
        rc = compare_failures(&c, err);
    if (rc == 0)
        rc = compare_gates(o, &c, required, err);
    comparison_release(&c);
    compare_sides_release(&sides);
    pipeline_release(&p);
    session_close(&s);
    free(scratch);
    free(logs);
    return rc;
}

static int compare_command(const char *option, const char *text, struct plan *out, struct err *err)
{
    struct training *t = plan_add(out, "command");
    t->cwd = path_abs(".");
    if (!vec_shell(&t->command, text))
        return err_status(err, PGO_USAGE, "'--%s': a quote is not closed in '%s'", option, text);
    if (!t->command.n)
        return err_status(err, PGO_USAGE, "'--%s' wants a command", option);
    return 0;
}

/* The logs are gone when the user reads of them. */
static void compare_unlogged(struct comparison *c, struct err *err)
{
    for (size_t i = 0; i < c->n; i++) {
        free(c->v[i].log);
        c->v[i].log = NULL;
    }
    free(err->log);
    err->log = NULL;
}

/* Two commands of any kind, from where the user is. */
static int compare_commands(const struct options *o, double required, struct err *err)
{
    struct plan first = PLAN_INIT, second = PLAN_INIT;
    struct comparison c = {0};
    struct bench b = compare_bench(o);
    const char *tmp = getenv("TMPDIR");
    char *scratch = str_fmt("%s/pgo-compare.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(scratch)) {
        err_sys(err, errno, NULL, "cannot make the directory '%s'", scratch);
        free(scratch);
        return -1;
    }
    b.place = (struct measure_place){scratch, scratch};
    b.side[0] = "a";
    b.side[1] = "b";
    int rc = compare_command("a", o->a, &first, err);
    if (rc == 0)
        rc = compare_command("b", o->b, &second, err);
    if (rc == 0)
        compare_machine();
    if (rc == 0)
        rc = bench_run(&b, &first, &second, &c, err);
    bool failed = rc == 0 && compare_failures(&c, err) != 0;
    if (failed)
        compare_unlogged(&c, err);
    if (rc == 0)
        compare_print(o, &c);
    if (failed)
        rc = -1;
    if (rc == 0)
        rc = compare_gates(o, &c, required, err);
    struct err ignored = ERR_INIT;
    fs_remove(scratch, &ignored);
    err_release(&ignored);
    comparison_release(&c);
    plan_release(&first);
    plan_release(&second);
    free(scratch);
    return rc;
}

int cmd_compare(const struct options *o, struct err *err)
{
    double required = 0;
    if (compare_check(o, &required, err) != 0)
        return -1;
    return o->a ? compare_commands(o, required, err) : compare_trees(o, required, err);
}
