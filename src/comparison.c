#include "comparison.h"

#include "msg.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMPARISON_SHOWN 0.01 /* the difference that "more runs" are told for */
#define COMPARISON_LONG 1     /* seconds below which it does not matter how much slower it was */
#define COMPARISON_SLOWER 20  /* times the baseline */

void comparison_release(struct comparison *c)
{
    for (size_t i = 0; i < c->n; i++) {
        free(c->v[i].name);
        free(c->v[i].failure);
        free(c->v[i].log);
        map_release(&c->v[i].files);
    }
    free(c->v);
    footprint_release(&c->footprint);
    free(c->side[0]);
    free(c->side[1]);
    free(c->profile);
    free(c->tests);
    memset(c, 0, sizeof(*c));
}

struct comparison_row *comparison_add(struct comparison *c, const char *name, bool held_out)
{
    c->v = mem_grow(c->v, c->n + 1, sizeof(*c->v));
    struct comparison_row *row = &c->v[c->n++];
    memset(row, 0, sizeof(*row));
    row->name = str_dup(name);
    row->held_out = held_out;
    return row;
}

void comparison_means(struct comparison *c)
{
    struct interval *v = mem_alloc((c->n + 1) * sizeof(*v));
    for (int held_out = 0; held_out < 2; held_out++) {
        size_t n = 0;
        for (size_t i = 0; i < c->n; i++)
            if (c->v[i].held_out == held_out && !c->v[i].failure)
                v[n++] = c->v[i].ratio;
        *(held_out ? &c->held_out : &c->trained) =
            n ? stats_mean(v, n) : (struct interval){0, 0, 0};
    }
    free(v);
}

const struct interval *comparison_mean(const struct comparison *c)
{
    return c->held_out.middle > 0 ? &c->held_out : &c->trained;
}

long comparison_more(const struct comparison_row *row)
{
    if (!(row->ratio.low > 0)) /* none yet: as many as make one */
        return row->runs < 2 * STATS_LEAST_ONCE ? 2 * STATS_LEAST_ONCE - row->runs : 0;
    double growth = stats_growth(&row->ratio, COMPARISON_SHOWN / STATS_POWER);
    double more = (double)row->runs * (growth - 1), unit = 1;
    while (more / unit >= 100) /* two figures are more than is known */
        unit *= 10;
    return lround(ceil(more / unit) * unit);
}

char *comparison_verdict(const struct comparison_row *row)
{
    const struct interval *i = &row->ratio;
    enum verdict v = stats_verdict(i);
    const char *text = stats_verdict_text(v);
    long more = comparison_more(row);
    if (v == VERDICT_FASTER || v == VERDICT_SLOWER)
        return str_dup(text);
    if (v == VERDICT_UNKNOWN)
        return str_fmt("%s (too few runs to tell: %ld more)", text, more);
    if (more)
        return str_fmt("%s (about %ld more runs would show 1 %%)", text, more);
    return str_fmt("%s (at most %.1f %%)", text,
                   100 * (1 - i->low > i->high - 1 ? 1 - i->low : i->high - 1));
}

#define COMPARISON_ROW "row:"
#define COMPARISON_WORKLOAD "workload:"
#define COMPARISON_PARTS "parts:"
#define COMPARISON_FILES "files:"
#define COMPARISON_FAILURE "failure:"
#define COMPARISON_LOG "log:"

static void comparison_keep(struct map *m, const char *kind, const char *name, const char *value)
{
    char *key = str_fmt("%s%s", kind, name);
    if (value)
        map_set(m, key, value);
    free(key);
}

static const char *comparison_kept(const struct map *m, const char *kind, const char *name)
{
    char *key = str_fmt("%s%s", kind, name);
    const char *value = map_get(m, key);
    free(key);
    return value;
}

static void comparison_keep_files(struct map *m, const struct comparison_row *r)
{
    struct vec words = VEC_INIT;
    for (size_t i = 0; i < r->files.keys.n; i++) {
        vec_add(&words, r->files.keys.v[i]);
        vec_add(&words, r->files.values.v[i]);
    }
    char *text = vec_quoted(&words);
    comparison_keep(m, COMPARISON_FILES, r->name, text);
    free(text);
    vec_release(&words);
}

static bool comparison_kept_files(const struct map *m, struct comparison_row *r)
{
    struct vec words = VEC_INIT;
    const char *text = comparison_kept(m, COMPARISON_FILES, r->name);
    bool ok = text && vec_shell(&words, text) && words.n % 2 == 0;
    for (size_t i = 0; ok && i < words.n; i += 2)
        map_set(&r->files, words.v[i], words.v[i + 1]);
    vec_release(&words);
    return ok;
}

void comparison_save(const struct comparison *c, struct map *m)
{
    footprint_save(&c->footprint, m);
    map_set(m, "profile", c->profile);
    map_set(m, "first", c->side[0]);
    map_set(m, "second", c->side[1]);
    map_set(m, "tests", c->tests);
    for (size_t i = 0; i < c->n; i++) {
        const struct comparison_row none = {.held_out = c->v[i].held_out, .test = c->v[i].test},
                                    *r = c->v[i].failure ? &none : &c->v[i];
        struct buf b = BUF_INIT;
        buf_addf(&b, "%d %d %d %ld %ld %d %.9g %.9g %.9g %d %.9g", r->held_out, r->test,
                 (int)r->metric, r->runs, r->inside, r->pinned, r->ratio.middle, r->ratio.low,
                 r->ratio.high, (int)r->sure, r->spread);
        for (int k = 0; k < MEASURES; k++)
            buf_addf(&b, " %.9g %.9g", r->middle[k][0], r->middle[k][1]);
        comparison_keep(m, COMPARISON_ROW, c->v[i].name, buf_str(&b));
        comparison_keep(m, COMPARISON_WORKLOAD, c->v[i].name, c->v[i].workload);
        comparison_keep(m, COMPARISON_PARTS, c->v[i].name, c->v[i].parts);
        comparison_keep_files(m, &c->v[i]);
        comparison_keep(m, COMPARISON_FAILURE, c->v[i].name, c->v[i].failure);
        comparison_keep(m, COMPARISON_LOG, c->v[i].name, c->v[i].log);
        buf_release(&b);
    }
}

/* False when the text is none of ours: of another version. */
static bool comparison_parse(const char *text, struct comparison_row *r)
{
    struct vec words = VEC_INIT;
    double v[11 + 2 * MEASURES];
    vec_split(&words, text, ' ');
    bool ok = words.n == PGO_COUNT(v);
    for (size_t i = 0; i < words.n && ok; i++)
        ok = str_double(words.v[i], 0, 1e18, &v[i]);
    vec_release(&words);
    if (!ok)
        return false;
    r->held_out = v[0] > 0;
    r->test = v[1] > 0;
    r->metric = v[2] > 0 ? MEASURE_CPU : MEASURE_WALL;
    r->runs = (long)v[3];
    r->inside = (long)v[4];
    r->pinned = v[5] > 0;
    r->ratio = (struct interval){v[6], v[7], v[8]};
    r->sure = (enum verdict)v[9];
    r->spread = v[10];
    for (int k = 0; k < MEASURES; k++) {
        r->middle[k][0] = v[11 + 2 * k];
        r->middle[k][1] = v[12 + 2 * k];
    }
    return true;
}

static bool comparison_kept_hash(const struct map *m, const char *kind, const char *name,
                                 char hex[HASH_HEX + 1])
{
    const char *text = comparison_kept(m, kind, name);
    if (!text || strlen(text) > HASH_HEX)
        return false;
    memcpy(hex, text, strlen(text) + 1);
    return true;
}

static bool comparison_row_read(const struct map *m, const char *name, const char *text,
                                struct comparison *out)
{
    struct comparison_row *r = comparison_add(out, name, false);
    const char *failure = comparison_kept(m, COMPARISON_FAILURE, name),
               *log = comparison_kept(m, COMPARISON_LOG, name);
    r->failure = failure ? str_dup(failure) : NULL;
    r->log = log ? str_dup(log) : NULL;
    return comparison_parse(text, r) && comparison_kept_files(m, r) &&
           comparison_kept_hash(m, COMPARISON_WORKLOAD, name, r->workload) &&
           comparison_kept_hash(m, COMPARISON_PARTS, name, r->parts);
}

bool comparison_read(const struct session *s, struct comparison *out)
{
    struct map m = MAP_INIT;
    bool ok = true;
    memset(out, 0, sizeof(*out));
    session_record(s, "compare", &m);
    for (size_t i = 0; i < m.keys.n && ok; i++) {
        const char *key = m.keys.v[i];
        if (str_starts(key, COMPARISON_ROW))
            ok = comparison_row_read(&m, key + strlen(COMPARISON_ROW), m.values.v[i], out);
    }
    struct {
        const char *key;
        char **to;
    } texts[] = {{"profile", &out->profile},
                 {"first", &out->side[0]},
                 {"second", &out->side[1]},
                 {"tests", &out->tests}};
    for (size_t i = 0; i < PGO_COUNT(texts); i++) {
        const char *text = map_get(&m, texts[i].key);
        ok = ok && text;
        *texts[i].to = ok ? str_dup(text) : NULL;
    }
    ok = ok && out->n && footprint_read(&m, &out->footprint);
    if (ok) {
        out->same_programs = stage_same_programs(s, &m);
        comparison_means(out);
    } else {
        comparison_release(out);
    }
    map_release(&m);
    return ok;
}

/* Seconds that the last comparison's baseline took for what a record tells of; 0: not known. */
static double comparison_baseline(const struct comparison *c, const struct map *run)
{
    double seconds = 0;
    for (size_t i = 0; i < c->n; i++)
        if (record_is(run, "name", c->v[i].name) && record_is(run, "command", c->v[i].workload))
            seconds = c->v[i].middle[MEASURE_WALL][0];
    return seconds;
}

void comparison_warn(const struct session *s, const struct train_records *all)
{
    struct comparison c;
    comparison_read(s, &c);
    for (size_t i = 0; i < all->n; i++) {
        const struct map *run = &all->v[i].run;
        const char *took = map_get(run, "elapsed");
        double elapsed = took ? strtod(took, NULL) : 0,
               base = comparison_baseline(&c, run) * (double)s->iterations;
        if (all->v[i].just_run && base > 0 && elapsed > COMPARISON_LONG &&
            elapsed > COMPARISON_SLOWER * base)
            msg_warn("training '%s' took %.1f s, %.0f times the baseline's %.2g s; use quick data "
                     "(%s, --dataset)",
                     map_get(run, "name"), elapsed, elapsed / base, base,
                     s->tree.ops->words->dataset);
    }
    comparison_release(&c);
}
