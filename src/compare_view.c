#include "compare_view.h"

#include "json_out.h"
#include "sheet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const view_metrics[] = {"wall", "cpu"};

static void view_time(struct sheet *out, double seconds)
{
    if (seconds >= 1)
        sheet_cell(out, "%.3f s", seconds);
    else if (seconds >= 0.001)
        sheet_cell(out, "%.2f ms", seconds * 1e3);
    else
        sheet_cell(out, "%.1f us", seconds * 1e6);
}

static void view_bytes(struct sheet *out, double bytes)
{
    if (bytes >= 1e6)
        sheet_cell(out, "%.2f MB", bytes / 1e6);
    else
        sheet_cell(out, "%.1f kB", bytes / 1e3);
}

/* "+3.1 %", of the first one. */
static void view_change(struct sheet *out, double from, double to)
{
    if (from > 0 && to > 0)
        sheet_cell(out, "%+.1f %%", (to / from - 1) * 100);
    else
        sheet_cell(out, "%s", "");
}

static void view_limits(struct sheet *out, const struct interval *i)
{
    if (i->low > 0)
        sheet_cell(out, "[%.3f, %.3f]", i->low, i->high);
    else
        sheet_cell(out, "unknown");
}

struct view_mean {
    const char *text;
    const struct interval *i;
};

static size_t view_means(const struct comparison *c, struct view_mean out[2])
{
    size_t n = 0;
    if (c->trained.middle > 0)
        out[n++] = (struct view_mean){"trained, mean", &c->trained};
    if (c->held_out.middle > 0)
        out[n++] = (struct view_mean){"held out, mean *", &c->held_out};
    return n;
}

static void view_row(struct sheet *out, const struct comparison_row *r)
{
    char *verdict = r->failure ? NULL : comparison_verdict(r);
    sheet_cell(out, "%s%s", r->name, r->held_out ? " *" : "");
    if (r->failure) {
        for (int i = 0; i < 6; i++)
            sheet_cell(out, "%s", "");
        sheet_cell(out, "not compared: %s%s%s%s", r->failure, r->log ? " (log: " : "",
                   r->log ? r->log : "", r->log ? ")" : "");
        return;
    }
    view_time(out, r->middle[r->metric][0]);
    view_time(out, r->middle[r->metric][1]);
    sheet_cell(out, "%s", view_metrics[r->metric]);
    sheet_cell(out, "%.3f", r->ratio.middle);
    view_limits(out, &r->ratio);
    if (r->inside > 1)
        sheet_cell(out, "%ldx%ld", r->runs, r->inside);
    else
        sheet_cell(out, "%ld", r->runs);
    sheet_cell(out, "%s", verdict);
    free(verdict);
}

static void view_times(const struct comparison *c, struct sheet *out)
{
    struct view_mean means[2];
    size_t n = view_means(c, means);
    const char *const header[] = {"workload", c->side[0],      c->side[1], "time",
                                  "ratio",    "95 % interval", "runs",     "verdict"};
    out->align = "lrrlrlrl";
    for (size_t i = 0; i < PGO_COUNT(header); i++)
        sheet_cell(out, "%s", header[i]);
    for (size_t i = 0; i < c->n; i++)
        view_row(out, &c->v[i]);
    for (size_t i = 0; i < n && c->n > 1; i++) {
        sheet_cell(out, "%s", means[i].text);
        for (int k = 0; k < 3; k++)
            sheet_cell(out, "%s", "");
        sheet_cell(out, "%.3f", means[i].i->middle);
        view_limits(out, means[i].i);
        sheet_cell(out, "%s", "");
        sheet_cell(out, "%s", stats_verdict_text(stats_verdict(means[i].i)));
    }
}

static bool view_counted(const struct comparison *c, enum measure m)
{
    bool counted = false;
    for (size_t i = 0; i < c->n; i++)
        counted |= c->v[i].middle[m][0] > 0 && c->v[i].middle[m][1] > 0;
    return counted;
}

/* Peak memory, or instructions. */
static void view_measure(const struct comparison *c, enum measure m, struct sheet *out)
{
    out->align = "lrrr";
    sheet_cell(out, m == MEASURE_MEMORY ? "peak memory" : "instructions");
    sheet_cell(out, "%s", c->side[0]);
    sheet_cell(out, "%s", c->side[1]);
    sheet_end_row(out);
    for (size_t i = 0; i < c->n; i++) {
        const double *v = c->v[i].middle[m];
        if (c->v[i].failure)
            continue;
        sheet_cell(out, "%s", c->v[i].name);
        for (int side = 0; side < 2; side++) {
            if (m == MEASURE_MEMORY)
                view_bytes(out, v[side] * 1024);
            else
                sheet_cell(out, "%.4g million", v[side] / 1e6);
        }
        view_change(out, v[0], v[1]);
    }
}

static void view_size(struct sheet *out, const double *bytes)
{
    view_bytes(out, bytes[FOOTPRINT_BASELINE]);
    for (int stage = FOOTPRINT_INSTRUMENT; stage <= FOOTPRINT_USE; stage++) {
        view_bytes(out, bytes[stage]);
        view_change(out, bytes[FOOTPRINT_BASELINE], bytes[stage]);
    }
}

static void view_sizes(const struct footprint *f, struct sheet *out)
{
    out->align = "lrrrrr";
    sheet_cell(out, "size");
    sheet_cell(out, "baseline");
    sheet_cell(out, "instrumented");
    sheet_cell(out, "%s", "");
    sheet_cell(out, "optimized");
    sheet_end_row(out);
    for (size_t i = 0; i < f->n; i++) {
        for (int part = 0; part < FOOTPRINT_PARTS; part++) {
            sheet_cell(out, "%s, %s", f->v[i].name, footprint_parts[part]);
            view_size(out, f->v[i].bytes[part]);
        }
    }
}

/* As the MIDI reference has it: with everything that the profile takes on top of a plain build. */
static void view_making(const struct footprint *f, struct sheet *out)
{
    const double all =
        f->built[FOOTPRINT_INSTRUMENT] + f->trained + f->merged + f->built[FOOTPRINT_USE];
    const struct {
        const char *name;
        double seconds;
        bool compared;
    } rows[] = {{"build, baseline", f->built[FOOTPRINT_BASELINE], false},
                {"build, instrumented", f->built[FOOTPRINT_INSTRUMENT], true},
                {"train", f->trained, false},
                {"merge", f->merged, false},
                {"build, optimized", f->built[FOOTPRINT_USE], true},
                {"in all, with a profile", all, true}};
    out->align = "lrr";
    sheet_cell(out, "to make it");
    sheet_cell(out, "time");
    sheet_end_row(out);
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        sheet_cell(out, "%s", rows[i].name);
        sheet_cell(out, "%.2f s", rows[i].seconds);
        if (rows[i].compared)
            view_change(out, f->built[FOOTPRINT_BASELINE], rows[i].seconds);
        sheet_end_row(out);
    }
    sheet_cell(out, "profile");
    view_bytes(out, f->profile);
    sheet_end_row(out);
}

/* Lines about the tables, each after `before`. */
static void view_notes(const struct comparison *c, const char *before)
{
    bool cpu = false, wall = false, inside = false, any = false;
    struct vec lines = VEC_INIT;
    for (size_t i = 0; i < c->n; i++) {
        bool timed = !c->v[i].failure;
        any |= timed;
        cpu |= timed && c->v[i].metric == MEASURE_CPU;
        wall |= timed && c->v[i].metric == MEASURE_WALL;
        inside |= timed && c->v[i].inside > 1;
    }
    vec_addf(&lines,
             "ratio: %s ÷ %s, above 1 %s is faster; the median of the ratios of runs in turn, "
             "and not the ratio of the medians beside it. Means are geometric.",
             c->side[0], c->side[1], c->side[1]);
    if (cpu)
        vec_addf(&lines,
                 "time: cpu%s, where a program does nothing but compute: others on the machine "
                 "disturb that least.",
                 wall ? " and not wall-clock time" : "");
    if (inside)
        vec_add(&lines, "runs: 20x5 is 20 runs on each side, each of 5 executions, since one is "
                        "short.");
    if (any && !view_counted(c, MEASURE_INSTRUCTIONS))
        vec_add(&lines, "instructions were not counted: the machine has no counters for us "
                        "(kernel.perf_event_paranoid), or is a virtual one without.");
    if (c->held_out.middle > 0)
        vec_add(&lines, "*: held out, never trained on");
    for (size_t i = 0; i < lines.n; i++)
        printf("%s%s\n", before, lines.v[i]);
    vec_release(&lines);
}

typedef void view_form(const struct sheet *s, struct buf *out);

static void view_print(struct sheet *s, view_form *form)
{
    struct buf out = BUF_INIT;
    form(s, &out);
    printf("%s\n", buf_str(&out));
    buf_release(&out);
    sheet_release(s);
}

/* What matters most comes last: it is what is left on the screen. */
static void view_all(const struct comparison *c, view_form *form, const char *before)
{
    static const enum measure beside[] = {MEASURE_MEMORY, MEASURE_INSTRUCTIONS};
    struct sheet making = {"", VEC_INIT}, sizes = making, times = making;
    if (c->footprint.n) {
        view_making(&c->footprint, &making);
        view_print(&making, form);
        view_sizes(&c->footprint, &sizes);
        view_print(&sizes, form);
    }
    for (size_t i = 0; i < PGO_COUNT(beside); i++) {
        struct sheet s = {"", VEC_INIT};
        if (!view_counted(c, beside[i]))
            continue;
        view_measure(c, beside[i], &s);
        view_print(&s, form);
    }
    view_times(c, &times);
    view_print(&times, form);
    view_notes(c, before);
}

void compare_table(const struct comparison *c)
{
    view_all(c, sheet_text, "");
}

void compare_markdown(const struct comparison *c)
{
    view_all(c, sheet_markdown, "- ");
}

/* Where there is none, all is null. */
static void view_json_interval(struct buf *out, const struct interval *i)
{
    json_number(out, "ratio", i->middle > 0 ? i->middle : NAN);
    json_number(out, "low", i->low > 0 ? i->low : NAN);
    json_number(out, "high", i->low > 0 ? i->high : NAN);
    json_text(out, "verdict", i->middle > 0 ? stats_verdict_text(stats_verdict(i)) : NULL);
}

static const char *const view_measures[MEASURES] = {"wall_s", "cpu_s", "memory_kib",
                                                    "instructions"};

static void view_json_row(struct buf *out, const struct comparison_row *r)
{
    const bool made = !r->failure;
    json_text(out, "name", r->name);
    json_bool(out, "held_out", r->held_out);
    json_text(out, "failure", r->failure);
    view_json_interval(out, &r->ratio);
    json_text(out, "time", made ? view_metrics[r->metric] : NULL);
    json_number(out, "runs", made ? (double)r->runs : NAN);
    json_number(out, "executions_per_run", made ? (double)r->inside : NAN);
    json_verbatim(out, "pinned", !made ? NULL : r->pinned ? "true" : "false");
    json_number(out, "spread", made ? r->spread : NAN);
    json_number(out, "more_runs", made ? (double)comparison_more(r) : NAN);
    for (int m = 0; m < MEASURES; m++) {
        if (r->middle[m][0] > 0 && r->middle[m][1] > 0) {
            json_open(out, view_measures[m], '[');
            json_number(out, NULL, r->middle[m][0]);
            json_number(out, NULL, r->middle[m][1]);
            json_close(out, ']');
        } else {
            json_text(out, view_measures[m], NULL);
        }
    }
}

static void view_json_footprint(struct buf *out, const struct footprint *f)
{
    json_open(out, "programs", '[');
    for (size_t i = 0; i < f->n; i++) {
        json_open(out, NULL, '{');
        json_text(out, "name", f->v[i].name);
        for (int k = 0; k < FOOTPRINT_PARTS; k++) {
            char *key = str_fmt("%s_bytes", footprint_parts[k]);
            json_open(out, key, '{');
            for (int stage = 0; stage < FOOTPRINT_STAGES; stage++)
                json_number(out, footprint_stages[stage], f->v[i].bytes[k][stage]);
            json_close(out, '}');
            free(key);
        }
        json_close(out, '}');
    }
    json_close(out, ']');
    json_open(out, "build_s", '{');
    for (int k = 0; k < FOOTPRINT_STAGES; k++)
        json_number(out, footprint_stages[k], f->built[k]);
    json_number(out, "train", f->trained);
    json_number(out, "merge", f->merged);
    json_close(out, '}');
    json_number(out, "profile_bytes", f->profile);
}

void comparison_json(const struct comparison *c, const char *key, struct buf *out)
{
    const struct {
        const char *key;
        const struct interval *mean;
    } means[] = {{"trained", &c->trained}, {"held_out", &c->held_out}};
    json_open(out, key, '{');
    json_open(out, "sides", '[');
    json_text(out, NULL, c->side[0]);
    json_text(out, NULL, c->side[1]);
    json_close(out, ']');
    json_open(out, "workloads", '[');
    for (size_t i = 0; i < c->n; i++) {
        json_open(out, NULL, '{');
        view_json_row(out, &c->v[i]);
        json_close(out, '}');
    }
    json_close(out, ']');
    for (size_t i = 0; i < PGO_COUNT(means); i++) {
        json_open(out, means[i].key, '{');
        view_json_interval(out, means[i].mean);
        json_close(out, '}');
    }
    if (c->footprint.n)
        view_json_footprint(out, &c->footprint);
    json_close(out, '}');
}

void compare_json(const struct comparison *c)
{
    struct buf out = BUF_INIT;
    comparison_json(c, NULL, &out);
    puts(buf_str(&out));
    buf_release(&out);
}

/* A field as RFC 4180 wants it. */
static void view_csv_field(const char *text)
{
    putchar('"');
    for (; *text; text++)
        printf(*text == '"' ? "\"\"" : "%c", *text);
    putchar('"');
}

void compare_csv(const struct comparison *c)
{
    fputs("workload,held_out,time,ratio,low,high,verdict,runs,executions_per_run,pinned,spread,"
          "more_runs",
          stdout);
    for (int m = 0; m < MEASURES; m++)
        printf(",first_%s,second_%s", view_measures[m], view_measures[m]);
    puts(",failure");
    for (size_t i = 0; i < c->n; i++) {
        const struct comparison_row *r = &c->v[i];
        view_csv_field(r->name);
        printf(",%d,", r->held_out);
        if (r->failure) {
            for (int k = 0; k < 10 + 2 * MEASURES; k++)
                putchar(',');
            view_csv_field(r->failure);
            putchar('\n');
            continue;
        }
        printf("%s,%.6f,", view_metrics[r->metric], r->ratio.middle);
        if (r->ratio.low > 0)
            printf("%.6f,%.6f", r->ratio.low, r->ratio.high);
        else
            putchar(',');
        printf(",%s,%ld,%ld,%d,%.4f,%ld", stats_verdict_text(stats_verdict(&r->ratio)), r->runs,
               r->inside, r->pinned, r->spread, comparison_more(r));
        for (int m = 0; m < MEASURES; m++) {
            if (r->middle[m][0] > 0 && r->middle[m][1] > 0)
                printf(",%.9g,%.9g", r->middle[m][0], r->middle[m][1]);
            else
                fputs(",,", stdout);
        }
        puts(",");
    }
}
