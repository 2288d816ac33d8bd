#include "checks.h"

#include <stdlib.h>
#include <string.h>

#define CHECK_COVERED 5.0 /* per cent of the functions that must have run at least */
#define CHECK_COUNT 1000  /* the highest count must reach: less tells hot from cold by chance */
#define CHECK_MEMORY 5.0  /* per cent by which peak memory may be higher */
#define CHECK_PAGES 1000  /* KiB that tell nothing: they differ from run to run */
#define CHECK_SHOWN 3     /* names in a line */

struct check_input {
    const struct session *s;
    const struct facts *f;
    const struct check_limits *limits;
};

static void check_names(struct buf *text, const char *what, const struct vec *names)
{
    char *some = names->n ? vec_some(names, CHECK_SHOWN) : NULL;
    if (some)
        buf_addf(text, "; %s: %s", what, some);
    free(some);
}

/* What is not as it would be made now; what only waits for that is not named. */
static enum check_result check_fresh(const struct check_input *in, struct buf *text)
{
    const struct facts *f = in->f;
    struct vec stale = VEC_INIT;
    size_t trainings = 0;
    bool waits = false, failed = false;
    const struct facts_stage *instrument = &f->stages[FACTS_INSTRUMENT],
                             *use = &f->stages[FACTS_USE];
    const struct {
        const char *what;
        enum facts_state state;
        const char *why;
    } parts[] = {{"instrument", instrument->state, instrument->why},
                 {"profile", f->profile.state, f->profile.why},
                 {"use", use->state, use->why}};
    for (size_t i = 0; i < PGO_COUNT(parts); i++) {
        waits |= parts[i].state == FACTS_WAITS;
        if (parts[i].state != FACTS_FRESH && parts[i].state != FACTS_WAITS)
            vec_addf(&stale, "%s: %s", parts[i].what,
                     parts[i].why ? parts[i].why : facts_state_text(parts[i].state));
    }
    for (size_t i = 0; i < f->trainings_n; i++) {
        const struct facts_training *t = &f->trainings[i];
        if (t->held_out)
            continue;
        trainings++;
        waits |= t->state == FACTS_WAITS;
        failed |= t->state == FACTS_FAILED;
        if (t->state == FACTS_FAILED && t->why)
            vec_add(&stale, t->why);
        else if (t->state != FACTS_FRESH && t->state != FACTS_WAITS)
            vec_addf(&stale, "training %s: %s", t->name,
                     t->why ? t->why : facts_state_text(t->state));
    }
    bool fresh = !stale.n && !waits;
    char *names = stale.n ? vec_some(&stale, CHECK_SHOWN) : str_dup("not known");
    if (fresh)
        buf_addf(text, "both stages, %zu training%s and the profile are as they would be made now",
                 trainings, trainings == 1 ? "" : "s");
    else if (f->busy)
        buf_addf(text, "%s; %s works on it", names, f->busy);
    else
        buf_addf(text, "%s; 'pgo use' %s", names,
                 failed ? "runs it again, once that is mended" : "brings it up to date");
    free(names);
    vec_release(&stale);
    return fresh ? CHECK_PASS : CHECK_FAIL;
}

static enum check_result check_profile(const struct check_input *in, struct buf *text)
{
    const struct facts_profile *p = &in->f->profile;
    double covered = profile_percent(p->covered, p->functions), wanted = in->s->min_coverage;
    if (!p->hash) {
        buf_adds(text, "there is none; 'pgo use' makes one");
        return CHECK_FAIL;
    }
    buf_addf(text, "%llu of %llu functions ran (%.1f %%), highest count %llu, %.1f kB", p->covered,
             p->functions, covered, p->max_count, (double)p->bytes / 1000);
    wanted = wanted > 0 ? wanted : CHECK_COVERED;
    if (covered >= wanted && p->max_count >= CHECK_COUNT)
        return CHECK_PASS;
    buf_addf(text, "; wanted are %.0f %% and %d: train with more", wanted, CHECK_COUNT);
    return CHECK_FAIL;
}

static enum check_result check_merge(const struct check_input *in, struct buf *text)
{
    const struct facts_profile *p = &in->f->profile;
    if (!p->hash) {
        buf_adds(text, "nothing was merged");
        return CHECK_UNKNOWN;
    }
    if (!p->trained_by.n) {
        buf_adds(text, "another version of pgo did it: it is not known of what");
        return CHECK_UNKNOWN;
    }
    buf_addf(text, "%llu raw profile%s of %zu training%s, %llu dropped", p->raw_files,
             p->raw_files == 1 ? "" : "s", p->trained_by.n, p->trained_by.n == 1 ? "" : "s",
             p->dropped);
    return profile_percent(p->dropped, p->raw_files) <= in->s->max_dropped ? CHECK_PASS
                                                                           : CHECK_FAIL;
}

static enum check_result check_match(const struct check_input *in, struct buf *text)
{
    const struct evidence *e = &in->f->evidence;
    if (!in->f->matched || !evidence_measured(e)) {
        buf_adds(text, in->f->matched ? "the compiler left no record of it"
                                      : "not known of this profile; 'pgo use' measures it");
        return CHECK_UNKNOWN;
    }
    double percent = evidence_percent(e);
    buf_addf(text, "%ld of %ld functions found their profile (%.1f %%, wanted are %.0f %%)",
             e->functions.matched, e->functions.matched + e->functions.unmatched, percent,
             in->s->min_match);
    return percent >= in->s->min_match ? CHECK_PASS : CHECK_FAIL;
}

/* Whether there is a comparison of these programs; else says so. */
static bool check_compared(const struct check_input *in, struct buf *text)
{
    if (!in->f->compared)
        buf_adds(text, "not compared; 'pgo compare' does it");
    else if (!in->f->compared_now)
        buf_adds(text,
                 "the last comparison was of other programs than these, or a stage is stale; 'pgo "
                 "compare' makes a new one");
    return in->f->compared && in->f->compared_now;
}

/* Whether there are workloads that it does not tell of; says which. */
static bool check_not_compared(const struct check_input *in, struct buf *text)
{
    check_names(text, "not compared as declared now", &in->f->not_compared);
    return in->f->not_compared.n;
}

/* What is loaded of the programs that were trained, all together. */
static enum check_result check_size(const struct check_input *in, struct buf *text)
{
    const struct footprint *fp = &in->f->comparison.footprint;
    double bytes[FOOTPRINT_STAGES] = {0};
    if (!check_compared(in, text))
        return CHECK_UNKNOWN;
    for (int stage = 0; stage < FOOTPRINT_STAGES; stage++)
        bytes[stage] =
            footprint_sum(fp, FOOTPRINT_TEXT, stage) + footprint_sum(fp, FOOTPRINT_DATA, stage);
    double base = bytes[FOOTPRINT_BASELINE], use = bytes[FOOTPRINT_USE];
    double more = base > 0 ? 100 * (use / base - 1) : 0;
    if (base > 0)
        buf_addf(text,
                 "code and data %.1f kB, the baseline's %.1f kB (%+.1f %%, allowed are %g %%)",
                 use / 1000, base / 1000, more, in->limits->size);
    else
        buf_adds(text, "it was not measured");
    if (base <= 0)
        return CHECK_UNKNOWN;
    return use <= base * (1 + in->limits->size / 100) ? CHECK_PASS : CHECK_FAIL;
}

static void check_interval(struct buf *text, const char *what, const struct interval *i)
{
    char *limits = stats_limits(i);
    if (i->middle > 0)
        buf_addf(text, "%s%s %.3f%s", text->len ? ", " : "", what, i->middle, limits);
    free(limits);
}

/* Consistent: the whole interval of the mean lies above 1, and no workload has become slower. */
static enum check_result check_gain(const struct check_input *in, struct buf *text)
{
    const struct comparison *c = &in->f->comparison;
    struct vec slower = VEC_INIT, failed = VEC_INIT, few = VEC_INIT;
    if (!check_compared(in, text))
        return CHECK_UNKNOWN;
    const struct interval *mean = comparison_mean(c);
    check_interval(text, "held out", &c->held_out);
    check_interval(text, "trained on", &c->trained);
    for (size_t i = 0; i < c->n; i++) {
        if (c->v[i].failure)
            vec_add(&failed, c->v[i].name);
        else if (c->v[i].sure == VERDICT_SLOWER)
            vec_add(&slower, c->v[i].name);
        else if (c->v[i].sure == VERDICT_UNKNOWN)
            vec_add(&few, c->v[i].name);
    }
    enum check_result result = slower.n || failed.n ? CHECK_FAIL : CHECK_PASS;
    check_names(text, "slower", &slower);
    check_names(text, "not compared", &failed);
    check_names(text, "too few runs to tell", &few);
    bool unknown = check_not_compared(in, text) || mean->low <= 0 || few.n;
    if (mean->low > 0 && mean->low <= 1) {
        buf_adds(text, "; no gain is shown");
        result = CHECK_FAIL;
    } else if (result == CHECK_PASS && unknown) {
        result = CHECK_UNKNOWN;
    }
    vec_release(&slower);
    vec_release(&failed);
    vec_release(&few);
    return result;
}

static enum check_result check_memory(const struct check_input *in, struct buf *text)
{
    const struct comparison *c = &in->f->comparison;
    const struct comparison_row *worst = NULL;
    const double limit = 1 + CHECK_MEMORY / 100;
    double most = 0;
    if (!check_compared(in, text))
        return CHECK_UNKNOWN;
    for (size_t i = 0; i < c->n; i++) {
        const double *kib = c->v[i].middle[MEASURE_MEMORY];
        double more = kib[0] > 0 ? kib[1] / kib[0] : 0;
        if (more > limit && kib[1] - kib[0] < CHECK_PAGES)
            more = limit;
        if (c->v[i].failure || more <= most)
            continue;
        worst = &c->v[i];
        most = more;
    }
    if (!worst) {
        buf_adds(text, "it was not measured");
        return CHECK_UNKNOWN;
    }
    const double *kib = worst->middle[MEASURE_MEMORY];
    buf_addf(text, "at most %+.1f %%: %s %.1f MB, the baseline's %.1f MB%s",
             100 * (kib[1] / kib[0] - 1), worst->name, kib[1] * 1024 / 1e6, kib[0] * 1024 / 1e6,
             kib[1] / kib[0] > most ? " (less than 1 MB more tells nothing)" : "");
    bool unknown = check_not_compared(in, text);
    return most > limit ? CHECK_FAIL : unknown ? CHECK_UNKNOWN : CHECK_PASS;
}

static enum check_result check_tests(const struct check_input *in, struct buf *text)
{
    const struct own_tests *t = &in->f->tests;
    enum check_result result = CHECK_UNKNOWN;
    if (!t->now && !own_tests_declared(in->s)) {
        buf_adds(text, "the project declares none; '--waive tests' leaves this check out");
    } else if (!in->f->tested) {
        buf_adds(text, "not run on these programs; 'pgo test' does it");
    } else if (!t->now) {
        buf_adds(text, "the programs or the tests have changed since; 'pgo test' runs them again");
    } else {
        buf_addf(text, "%zu of %zu pass", t->passed, t->tests);
        if (t->skipped.n)
            buf_addf(text, ", %zu skipped", t->skipped.n);
        if (t->again.n)
            buf_addf(text, ", %zu when run again", t->again.n);
        if (t->both.n)
            buf_addf(text, ", %zu fail%s on the baseline as well", t->both.n,
                     t->both.n == 1 ? "s" : "");
        check_names(text, "only when optimized fail", &t->only);
        check_names(text, "fail, and are skipped on the baseline", &t->unclear);
        check_names(text, "not run, for their programs are not built", &t->missing);
        if (!t->passed || own_tests_suspect(t))
            result = CHECK_FAIL;
        else
            result = t->missing.n ? CHECK_UNKNOWN : CHECK_PASS;
    }
    return result;
}

static enum check_result check_archived(const struct check_input *in, struct buf *text)
{
    const char *place = in->f->archive;
    if (in->f->archived)
        buf_addf(text, "profile and manifest are in '%s'", place);
    else if (place)
        buf_addf(text, "this profile is not in '%s'; 'pgo use --profile-dir DIR' puts it there",
                 place);
    else
        buf_adds(text, "nowhere; 'pgo use --profile-dir DIR' keeps the profile and its manifest");
    return in->f->archived ? CHECK_PASS : CHECK_FAIL;
}

static const struct {
    const char *name;
    enum check_result (*make)(const struct check_input *in, struct buf *text);
} check_table[] = {
    {"fresh", check_fresh},   {"profile", check_profile}, {"merge", check_merge},
    {"match", check_match},   {"size", check_size},       {"gain", check_gain},
    {"memory", check_memory}, {"tests", check_tests},     {"archived", check_archived}};

void checks_release(struct checks *c)
{
    for (size_t i = 0; i < c->n; i++)
        free(c->v[i].text);
    free(c->v);
    *c = (struct checks){NULL, 0};
}

static int check_waived(const struct vec *waived, struct err *err)
{
    struct vec known = VEC_INIT;
    int rc = 0;
    for (size_t i = 0; i < PGO_COUNT(check_table); i++)
        vec_add(&known, check_table[i].name);
    for (size_t i = 0; i < waived->n && rc == 0; i++) {
        const char *near = vec_nearest(&known, waived->v[i]);
        char *all = vec_join(&known, ", ");
        if (!vec_has(&known, waived->v[i])) {
            rc = err_status(err, PGO_USAGE, "there is no check '%s' to waive", waived->v[i]);
            err_hint(err, near ? "did you mean '%s'?" : "the checks are: %s", near ? near : all);
        }
        free(all);
    }
    vec_release(&known);
    return rc;
}

int checks_make(const struct session *s, const struct facts *f, const struct check_limits *limits,
                struct checks *out, struct err *err)
{
    const struct check_input in = {s, f, limits};
    *out = (struct checks){NULL, 0};
    if (check_waived(limits->waived, err) != 0)
        return -1;
    out->v = mem_alloc(PGO_COUNT(check_table) * sizeof(*out->v));
    for (size_t i = 0; i < PGO_COUNT(check_table); i++) {
        struct buf text = BUF_INIT;
        struct check *c = &out->v[out->n++];
        c->name = check_table[i].name;
        c->result = check_table[i].make(&in, &text);
        c->waived = vec_has(limits->waived, c->name);
        c->text = buf_detach(&text);
    }
    return 0;
}

bool check_stops(const struct check *c)
{
    return c->result != CHECK_PASS && !c->waived;
}

const char *check_result_text(const struct check *c)
{
    static const char *const texts[] = {"pass", "fail", "unknown"};
    return c->result != CHECK_PASS && c->waived ? "waived" : texts[c->result];
}
