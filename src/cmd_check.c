/* check: the checklist, a line each, for people and for CI. */
#include "checks.h"
#include "cmd.h"
#include "fs.h"
#include "json_out.h"
#include "msg.h"
#include "pipeline.h"
#include "proc.h"
#include "stability.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK_LARGER 5.0 /* per cent, unless --max-size is given */
#define CHECK_ONCE 10    /* hot functions in the table */

static void check_print(const struct checks *all)
{
    for (size_t i = 0; i < all->n; i++)
        printf("%-8s %-9s %s\n", check_result_text(&all->v[i]), all->v[i].name, all->v[i].text);
}

static void check_json(const struct checks *all, size_t stops, struct buf *out)
{
    json_bool(out, "passed", stops == 0);
    json_open(out, "checks", '[');
    for (size_t i = 0; i < all->n; i++) {
        json_open(out, NULL, '{');
        json_text(out, "name", all->v[i].name);
        json_text(out, "result", check_result_text(&all->v[i]));
        json_text(out, "text", all->v[i].text);
        json_close(out, '}');
    }
    json_close(out, ']');
}

/* The counters of each training that the profile is of, and what they come to. */
struct check_trained {
    char *unknown; /* why there are none, else NULL */
    struct stability_input *in;
    struct counts *counts;
    size_t n;
    struct stability result;
};

static void check_trained_release(struct check_trained *t)
{
    for (size_t i = 0; i < t->n; i++)
        counts_release(&t->counts[i]);
    free(t->unknown);
    free(t->in);
    free(t->counts);
    stability_release(&t->result);
}

static int check_count(const struct session *s, const struct facts_training *training,
                       const struct tools *tools, const char *scratch, struct counts *out,
                       struct err *err)
{
    struct profile_report report = {0};
    char *slug = training_slug(training->name), *dir = tree_path(&s->tree, "train", slug);
    char *raw = path_join(dir, "raw");
    const struct profile_input in = {training->name, raw, 1};
    int rc = s->tree.compiler.family->covered(tools, &in, scratch, out, &report, err);
    profile_report_release(&report);
    free(slug);
    free(dir);
    free(raw);
    return rc;
}

static int check_train(const struct session *s, const struct facts *f, struct check_trained *out,
                       struct err *err)
{
    struct tools tools = {0};
    struct err ignored = ERR_INIT;
    char *scratch = tree_path(&s->tree, "scratch", "stability");
    if (f->profile.state != FACTS_FRESH) {
        free(scratch);
        out->unknown =
            str_fmt("the profile is not of the trainings as they stand (%s); 'pgo use' makes one",
                    f->profile.why ? f->profile.why : facts_state_text(f->profile.state));
        return 0;
    }
    out->in = mem_alloc((f->trainings_n + 1) * sizeof(*out->in));
    out->counts = mem_alloc((f->trainings_n + 1) * sizeof(*out->counts));
    int rc = s->tree.compiler.family->tools(&s->tree.compiler, &tools, err);
    if (rc == 0)
        rc = fs_mkdirs(scratch, err);
    for (size_t i = 0; i < f->trainings_n && rc == 0; i++) {
        const struct facts_training *t = &f->trainings[i];
        if (!vec_has(&f->profile.trained_by, t->name))
            continue;
        struct counts *counts = &out->counts[out->n];
        *counts = (struct counts){NULL, 0};
        out->in[out->n++] = (struct stability_input){t->name, t->weight, counts};
        rc = check_count(s, t, &tools, scratch, counts, err);
    }
    if (rc == 0)
        stability_compute(out->in, out->n, &out->result);
    else
        out->unknown = str_dup(err->msg);
    fs_remove(scratch, &ignored);
    err_release(&ignored);
    tools_release(&tools);
    free(scratch);
    return rc;
}

/* The first of those that only one training covers, the hottest first. */
static void check_print_once(const struct session *s, const struct check_trained *t)
{
    const struct stability *r = &t->result;
    char *build = tree_path(&s->tree, "instrument", NULL);
    printf("%zu of %zu hot functions (%.0f %% of all counts) are run by one training only%s\n",
           r->once_n, r->hot, 100 * STABILITY_HOT, r->once_n ? ":" : "");
    for (size_t i = 0; i < r->once_n && i < CHECK_ONCE; i++) {
        char *name = s->tree.compiler.family->function(build, r->once[i].function);
        printf("  %5.1f %%  %s: %s\n", 100 * r->once[i].share, t->in[r->once[i].training].name,
               name);
        free(name);
    }
    if (r->once_n > CHECK_ONCE)
        printf("  and %zu more (--json has all)\n", r->once_n - CHECK_ONCE);
    free(build);
}

static void check_print_trained(const struct session *s, const struct check_trained *t)
{
    const struct stability *r = &t->result;
    if (t->unknown) {
        printf("\nwhat each training adds is not known: %s\n", t->unknown);
        return;
    }
    if (t->n < 2) {
        puts("\nthere is one training: nothing tells whether another one would agree with it");
        return;
    }
    printf("\n%-22s %9s %14s %11s\n", "training left out", "overlap", "functions lost",
           "blocks lost");
    for (size_t i = 0; i < r->n; i++) {
        const struct stability_row *row = &r->v[i];
        printf("%-22s %7.1f %% %14zu %11zu", t->in[i].name, 100 * row->overlap, row->functions,
               row->blocks);
        if (row->twin != i)
            printf("  the same as %s: adds nothing but weight", t->in[row->twin].name);
        else if (row->adds_nothing)
            printf("  adds nothing");
        putchar('\n');
    }
    puts(
        "overlap: of the profile of the others with that of all; lost: that no other training ran");
    check_print_once(s, t);
}

static void check_json_trained(const struct session *s, const struct check_trained *t,
                               struct buf *out)
{
    const struct stability *r = &t->result;
    if (t->unknown) {
        json_text(out, "stability", NULL);
        json_text(out, "stability_unknown", t->unknown);
        return;
    }
    json_open(out, "stability", '{');
    json_open(out, "trainings", '[');
    for (size_t i = 0; i < r->n; i++) {
        const struct stability_row *row = &r->v[i];
        json_open(out, NULL, '{');
        json_text(out, "name", t->in[i].name);
        json_number(out, "overlap", row->overlap);
        json_integer(out, "only_functions", row->functions);
        json_integer(out, "only_blocks", row->blocks);
        json_bool(out, "adds_nothing", row->adds_nothing);
        json_close(out, '}');
    }
    json_close(out, ']');
    json_integer(out, "hot_functions", r->hot);
    char *build = tree_path(&s->tree, "instrument", NULL);
    json_open(out, "run_by_one", '[');
    for (size_t i = 0; i < r->once_n; i++) {
        char *name = s->tree.compiler.family->function(build, r->once[i].function);
        json_open(out, NULL, '{');
        json_text(out, "function", name);
        json_text(out, "training", t->in[r->once[i].training].name);
        json_number(out, "share", r->once[i].share);
        json_close(out, '}');
        free(name);
    }
    json_close(out, ']');
    json_close(out, '}');
    free(build);
}

static void check_show(const struct session *s, const struct checks *all, size_t stops,
                       const struct check_trained *trained)
{
    if (!s->options->json) {
        check_print(all);
        if (s->options->stability)
            check_print_trained(s, trained);
        return;
    }
    struct buf out = BUF_INIT;
    json_open(&out, NULL, '{');
    check_json(all, stops, &out);
    if (s->options->stability)
        check_json_trained(s, trained, &out);
    json_close(&out, '}');
    puts(buf_str(&out));
    buf_release(&out);
}

static int check_verdict(const struct checks *all, struct err *err)
{
    struct vec names = VEC_INIT;
    int rc = 0;
    for (size_t i = 0; i < all->n; i++)
        if (check_stops(&all->v[i]))
            vec_add(&names, all->v[i].name);
    if (names.n) {
        char *list = vec_join(&names, ", ");
        rc = err_status(err, PGO_GATE, "%zu of %zu checks did not pass: %s", names.n, all->n, list);
        err_hint(err, "each line says what would make it pass; '--waive %s' leaves that check out",
                 names.v[0]);
        free(list);
    }
    vec_release(&names);
    return rc;
}

static int check_limits(const struct options *o, struct check_limits *out, struct err *err)
{
    *out = (struct check_limits){CHECK_LARGER, NULL};
    if (o->max_size && !str_double(o->max_size, 0, 1000, &out->size))
        return err_status(err, PGO_USAGE,
                          "--max-size must be a percentage from 0 to 1000, not '%s'", o->max_size);
    return 0;
}

/* Those of the command line and of the project's settings, one or several in each. */
static void check_waived_names(const struct session *s, struct vec *out)
{
    const char *setting = map_get(&s->plan.settings, "waive");
    struct vec texts = VEC_INIT;
    vec_all(&texts, &s->options->waive);
    if (setting)
        vec_add(&texts, setting);
    for (size_t i = 0; i < texts.n; i++)
        for (const char *name = texts.v[i]; *name;) {
            size_t len = strcspn(name, " ,;");
            if (len)
                vec_take(out, str_ndup(name, len));
            name += len + (name[len] != '\0');
        }
    vec_release(&texts);
}

int cmd_check(const struct options *o, struct err *err)
{
    struct session s;
    struct facts facts = {0};
    struct checks all = {NULL, 0};
    struct check_limits limits;
    struct vec waived = VEC_INIT;
    struct check_trained trained = {0};
    if (check_limits(o, &limits, err) != 0 || session_open(&s, o, o->stability, err) != 0)
        return -1;
    check_waived_names(&s, &waived);
    limits.waived = &waived;
    int rc = facts_read(&s, &facts, err);
    if (rc == 0)
        rc = checks_make(&s, &facts, &limits, &all, err);
    bool made = rc == 0;
    if (made && o->stability)
        rc = check_train(&s, &facts, &trained, err);
    size_t stops = 0;
    for (size_t i = 0; i < all.n; i++)
        stops += check_stops(&all.v[i]);
    if (made && !proc_signal())
        check_show(&s, &all, stops, &trained);
    if (rc == 0)
        rc = check_verdict(&all, err);
    check_trained_release(&trained);
    checks_release(&all);
    vec_release(&waived);
    facts_release(&facts);
    session_close(&s);
    return rc;
}
