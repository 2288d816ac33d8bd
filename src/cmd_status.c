/* status: the facts on one screen, or all of them as JSON. */
#include "cmd.h"
#include "compare_view.h"
#include "facts.h"
#include "json_out.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATUS_SHOWN 3 /* names in a line */

static void status_row(const char *kind, const char *name, const char *fmt, ...) PGO_PRINTF(3, 4);

static void status_row(const char *kind, const char *name, const char *fmt, ...)
{
    char *key = str_fmt("%s%s%s", kind, name ? " " : "", name ? name : "");
    va_list ap;
    va_start(ap, fmt);
    printf("%-24s ", key);
    vprintf(fmt, ap);
    puts("");
    va_end(ap);
    free(key);
}

/* "stale: core.c is newer than core.c.o"; the caller frees it. */
static char *status_standing(enum facts_state state, const char *why)
{
    return str_fmt("%s%s%s", facts_state_text(state), why ? ": " : "", why ? why : "");
}

static void status_stages(const struct facts *f)
{
    for (size_t i = 0; i < FACTS_STAGES; i++) {
        const struct facts_stage *stage = &f->stages[i];
        char *standing = status_standing(stage->state, stage->why);
        if (stage->steps > 0)
            status_row("stage", stage->name, "%s (%ld step%s to do)", standing, stage->steps,
                       stage->steps == 1 ? "" : "s");
        else
            status_row("stage", stage->name, "%s", standing);
        free(standing);
    }
}

static void status_training(const struct facts *f, const struct facts_training *t)
{
    char *standing = status_standing(t->state, t->why);
    char *weight = t->weight > 1 ? str_fmt(", weight %ld", t->weight) : str_dup("");
    char *record = t->record ? train_record_text(t->record, f->only_known ? &t->only : NULL) : NULL;
    if (!record)
        status_row("training", t->name, "not run yet%s", weight);
    else if (t->state == FACTS_FAILED || t->state == FACTS_BROKEN)
        status_row("training", t->name, "%s%s", record, weight);
    else
        status_row("training", t->name, "%s; %s%s", standing, record, weight);
    free(standing);
    free(weight);
    free(record);
}

static void status_held_out(const struct facts_training *t)
{
    char *standing = status_standing(t->state, t->why);
    status_row("held out", t->name, "%s",
               t->state == FACTS_NONE    ? "not compared yet"
               : t->state == FACTS_FRESH ? "compared"
                                         : standing);
    free(standing);
}

static void status_trainings(const struct facts *f)
{
    for (size_t i = 0; i < f->trainings_n; i++)
        if (!f->trainings[i].held_out)
            status_training(f, &f->trainings[i]);
    for (size_t i = 0; i < f->trainings_n; i++)
        if (f->trainings[i].held_out)
            status_held_out(&f->trainings[i]);
}

/* The lines of a training's text, but for its command; words of one list in one. */
static void status_attributes(const struct training *t, struct vec *out)
{
    static const char *const flags[] = {"held-out 1", "parallel 1", "serial 1"};
    struct buf text = BUF_INIT;
    struct vec lines = VEC_INIT;
    training_text(t, &text);
    for (char *c = text.p; c && *c; c++)
        *c = *c == TRAINING_SEPARATOR ? ' ' : *c;
    vec_split(&lines, buf_str(&text), '\n');
    for (size_t i = 0, from; i < lines.n; i = from) {
        size_t key = strcspn(lines.v[i], " ") + 1;
        bool list = str_starts(lines.v[i], "server ") || str_starts(lines.v[i], "ready ");
        struct vec words = VEC_INIT;
        vec_add(&words, lines.v[i]);
        for (from = i + 1; list && from < lines.n && strncmp(lines.v[from], lines.v[i], key) == 0;
             from++)
            vec_add(&words, lines.v[from] + key);
        for (size_t k = 0; k < PGO_COUNT(flags); k++)
            if (strcmp(lines.v[i], flags[k]) == 0)
                words.v[0][key - 1] = '\0';
        if (*lines.v[i] && !str_starts(lines.v[i], "arg "))
            vec_take(out, vec_join(&words, " "));
        vec_release(&words);
    }
    buf_release(&text);
    vec_release(&lines);
}

/* What is remembered of the command line. */
static void status_given(const struct plan *given)
{
    for (size_t i = 0; i < given->n; i++) {
        const struct training *t = &given->trainings[i];
        struct vec rest = VEC_INIT;
        status_attributes(t, &rest);
        char *words = vec_quoted(&t->command);
        char *attributes = rest.n ? vec_join(&rest, ", ") : NULL;
        if (attributes)
            status_row("given", t->name, "%s (%s)", words, attributes);
        else
            status_row("given", t->name, "%s", words);
        vec_release(&rest);
        free(attributes);
        free(words);
    }
    for (size_t i = 0; i < given->tests_n; i++)
        status_row("given tests", given->tests[i].regex, "trained with");
    for (size_t i = 0; i < given->excluded.n; i++)
        status_row("given exclusion", given->excluded.v[i], "compiled without profile flags");
}

static void status_profile(const struct facts *f)
{
    const struct facts_profile *p = &f->profile;
    const struct evidence *e = &f->evidence;
    if (p->state == FACTS_NONE) {
        status_row("profile", NULL, "not made");
        return;
    }
    char *standing = status_standing(p->state, p->why);
    status_row("profile", NULL, "%s, %.1f kB, %s", p->hash, (double)p->bytes / 1000, standing);
    status_row("trained on", NULL, "%s, by %zu training%s", p->dataset, p->trained_by.n,
               p->trained_by.n == 1 ? "" : "s");
    status_row("coverage", NULL, "%llu of %llu functions ran, highest count %llu", p->covered,
               p->functions, p->max_count);
    if (p->dropped)
        status_row("dropped", NULL, "%llu of %llu raw profiles", p->dropped, p->raw_files);
    if (f->matched && !evidence_measured(e))
        status_row("match", NULL, "not measured");
    else if (f->matched)
        status_row("match", NULL, "%ld of %ld functions (%.1f %%)", e->functions.matched,
                   e->functions.matched + e->functions.unmatched, evidence_percent(e));
    free(standing);
}

static void status_comparison(const struct facts *f)
{
    const struct comparison *c = &f->comparison;
    const struct interval *i = comparison_mean(c);
    struct vec failed = VEC_INIT;
    for (size_t k = 0; k < c->n; k++)
        if (c->v[k].failure)
            vec_add(&failed, c->v[k].name);
    char *limits = stats_limits(i), *names = failed.n ? vec_some(&failed, STATUS_SHOWN) : NULL;
    if (f->compared && i->middle <= 0)
        status_row("comparison", NULL, "no workload could be compared");
    else if (f->compared)
        status_row("comparison", NULL, "%.3f%s %s, %s%s%s%s", i->middle, limits,
                   stats_verdict_text(stats_verdict(i)),
                   c->held_out.middle > 0 ? "held out" : "trained",
                   !f->compared_now    ? " (of other programs than these)"
                   : f->not_compared.n ? " (of other workloads than these)"
                                       : "",
                   names ? "; could not be compared: " : "", names ? names : "");
    vec_release(&failed);
    free(limits);
    free(names);
}

static void status_tests(const struct facts *f)
{
    const struct own_tests *t = &f->tests;
    if (!f->tested)
        return;
    char *only = t->only.n ? vec_some(&t->only, STATUS_SHOWN) : NULL;
    char *both = t->both.n ? str_fmt(", %zu fail%s on the baseline as well", t->both.n,
                                     t->both.n == 1 ? "s" : "")
                           : NULL;
    status_row("tests", NULL, "%zu of %zu pass%s%s%s%s", t->passed, t->tests, both ? both : "",
               only ? "; only when optimized fail: " : "", only ? only : "",
               t->now ? "" : " (the programs or the tests have changed since)");
    free(only);
    free(both);
}

static void status_archive(const struct facts *f)
{
    if (f->archive)
        status_row("archive", NULL, "%s%s", f->archive,
                   f->archived ? "" : " (this profile is not there)");
}

static void status_print(const struct facts *f)
{
    status_row("tree", NULL, "%s", f->dir);
    status_row("compiler", NULL, "%s %s (%s)", f->compiler->family->name, f->compiler->version,
               f->compiler->path);
    status_row("dataset", NULL, "%s", f->dataset);
    if (f->config)
        status_row("configuration", NULL, "%s", f->config);
    if (f->busy)
        status_row("working on it", NULL, "%s", f->busy);
    status_stages(f);
    if (f->runtime_missing && *f->runtime_missing)
        status_row("runtime", NULL, "the compiler's own alone: %s", f->runtime_missing);
    else if (f->runtime_missing)
        status_row("runtime", NULL, "pgo's, linked into instrumented programs");
    status_given(f->given);
    status_trainings(f);
    status_profile(f);
    status_comparison(f);
    status_tests(f);
    status_archive(f);
}

static void status_json_standing(struct buf *b, enum facts_state state, const char *why)
{
    json_text(b, "state", facts_state_text(state));
    json_text(b, "why", why);
}

static void status_json_stages(struct buf *b, const struct facts *f)
{
    json_open(b, "stages", '[');
    for (size_t i = 0; i < FACTS_STAGES; i++) {
        const struct facts_stage *stage = &f->stages[i];
        json_open(b, NULL, '{');
        json_text(b, "name", stage->name);
        status_json_standing(b, stage->state, stage->why);
        json_number(b, "steps", stage->steps >= 0 ? (double)stage->steps : NAN);
        json_text(b, "directory", stage->dir);
        json_close(b, '}');
    }
    json_close(b, ']');
}

static void status_json_trainings(struct buf *b, const struct facts *f)
{
    json_open(b, "trainings", '[');
    for (size_t i = 0; i < f->trainings_n; i++) {
        const struct facts_training *t = &f->trainings[i];
        json_open(b, NULL, '{');
        json_text(b, "name", t->name);
        train_record_json(t->record, t->record && f->only_known ? &t->only : NULL, b);
        status_json_standing(b, t->state, t->why);
        json_text(b, "command", t->command);
        json_number(b, "weight", (double)t->weight);
        json_bool(b, "held_out", t->held_out);
        json_bool(b, "test", t->test);
        json_bool(b, "given", t->given);
        json_close(b, '}');
    }
    json_close(b, ']');
}

static void status_json_profile(struct buf *b, const struct facts_profile *p)
{
    if (p->state == FACTS_NONE) {
        json_text(b, "profile", NULL);
        return;
    }
    json_open(b, "profile", '{');
    json_text(b, "hash", p->hash);
    status_json_standing(b, p->state, p->why);
    json_text(b, "path", p->path);
    json_text(b, "dataset", p->dataset);
    json_list(b, "trained_by", &p->trained_by);
    json_integer(b, "bytes", p->bytes);
    json_integer(b, "functions", p->functions);
    json_integer(b, "covered", p->covered);
    json_integer(b, "max_count", p->max_count);
    json_integer(b, "raw_files", p->raw_files);
    json_integer(b, "dropped", p->dropped);
    json_close(b, '}');
}

static void status_json_match(struct buf *b, const struct facts *f)
{
    const struct evidence *e = &f->evidence;
    if (f->profile.state == FACTS_NONE || !f->matched || !evidence_measured(e)) {
        json_text(b, "match", NULL);
        return;
    }
    json_open(b, "match", '{');
    json_number(b, "percent", evidence_percent(e));
    json_number(b, "matched", (double)e->functions.matched);
    json_number(b, "unmatched", (double)e->functions.unmatched);
    json_number(b, "absent", (double)e->functions.absent);
    json_number(b, "corrected", (double)e->functions.corrected);
    json_number(b, "units", (double)e->units);
    json_number(b, "units_matched", (double)e->units_matched);
    json_number(b, "units_never_run", (double)e->never_run);
    json_number(b, "units_unmeasured", (double)e->unmeasured);
    json_close(b, '}');
}

static void status_json_comparison(struct buf *b, const struct facts *f)
{
    if (!f->compared) {
        json_text(b, "comparison", NULL);
        return;
    }
    json_open(b, "comparison", '{');
    json_bool(b, "of_these_programs", f->compared_now);
    json_text(b, "profile", f->comparison.profile);
    json_list(b, "not_compared", &f->not_compared);
    comparison_json(&f->comparison, "result", b);
    json_close(b, '}');
}

static void status_json_tests(struct buf *b, const struct facts *f)
{
    if (!f->tested) {
        json_text(b, "tests", NULL);
        return;
    }
    json_open(b, "tests", '{');
    json_bool(b, "now", f->tests.now);
    own_tests_json(&f->tests, b);
    json_close(b, '}');
}

static void status_json_given(struct buf *b, const struct plan *given)
{
    struct vec tests = VEC_INIT;
    json_open(b, "given", '{');
    json_open(b, "trainings", '[');
    for (size_t i = 0; i < given->n; i++) {
        struct vec attributes = VEC_INIT;
        status_attributes(&given->trainings[i], &attributes);
        json_open(b, NULL, '{');
        json_text(b, "name", given->trainings[i].name);
        json_list(b, "command", &given->trainings[i].command);
        json_list(b, "attributes", &attributes);
        json_close(b, '}');
        vec_release(&attributes);
    }
    json_close(b, ']');
    for (size_t i = 0; i < given->tests_n; i++)
        vec_add(&tests, given->tests[i].regex);
    json_list(b, "tests", &tests);
    json_list(b, "excluded", &given->excluded);
    json_close(b, '}');
    vec_release(&tests);
}

static void status_json(const struct facts *f)
{
    struct buf b = BUF_INIT;
    json_open(&b, NULL, '{');
    json_text(&b, "tree", f->dir);
    json_text(&b, "source", f->source);
    json_text(&b, "system", f->system);
    json_text(&b, "configuration", f->config);
    json_text(&b, "dataset", f->dataset);
    json_open(&b, "compiler", '{');
    json_text(&b, "family", f->compiler->family->name);
    json_text(&b, "version", f->compiler->version);
    json_text(&b, "path", f->compiler->path);
    json_close(&b, '}');
    json_text(&b, "busy", f->busy);
    json_text(&b, "runtime_missing", f->runtime_missing);
    status_json_stages(&b, f);
    status_json_trainings(&b, f);
    status_json_given(&b, f->given);
    status_json_profile(&b, &f->profile);
    status_json_match(&b, f);
    status_json_comparison(&b, f);
    status_json_tests(&b, f);
    json_text(&b, "archive", f->archive);
    json_bool(&b, "archived", f->archived);
    json_close(&b, '}');
    puts(buf_str(&b));
    buf_release(&b);
}

int cmd_status(const struct options *o, struct err *err)
{
    struct session s;
    struct facts f;
    if (session_open(&s, o, false, err) != 0)
        return -1;
    int rc = facts_read(&s, &f, err);
    if (rc == 0) {
        if (o->json)
            status_json(&f);
        else
            status_print(&f);
        facts_release(&f);
    }
    session_close(&s);
    return rc;
}
