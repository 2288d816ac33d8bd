#include "evidence.h"

#include "fs.h"
#include "msg.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define EVIDENCE_RECORD "match"
#define EVIDENCE_WARN 95.0 /* per cent */
#define EVIDENCE_SHOWN 5   /* sources named in a message */
#define EVIDENCE_NONE "none"

/* Reads `n` whole numbers; false when there are others than so many. */
static bool evidence_numbers(const char *text, long *const *out, size_t n)
{
    struct vec words = VEC_INIT;
    vec_split(&words, text, ' ');
    bool ok = words.n == n;
    for (size_t i = 0; i < n && ok; i++)
        ok = str_long(words.v[i], 0, LONG_MAX, out[i]);
    vec_release(&words);
    return ok;
}

void evidence_release(struct evidence *e)
{
    vec_release(&e->unmatched);
    vec_release(&e->lost);
    vec_release(&e->unknown);
    free(e->example);
    memset(e, 0, sizeof(*e));
}

double evidence_percent(const struct evidence *e)
{
    long all = e->functions.matched + e->functions.unmatched;
    return all ? 100.0 * (double)e->functions.matched / (double)all : 0;
}

/* Whether the object belongs to something that a training ran; objects of archives may. */
static bool evidence_ran(const struct model *m, const struct artifacts *artifacts,
                         const struct profile *p, const struct object *o)
{
    const struct target *t = model_target(m, o->target);
    if (!t || !target_is_linked(t))
        return true;
    for (size_t i = 0; i < artifacts->n; i++)
        if (strcmp(artifacts->v[i].target, o->target) == 0)
            return vec_has(&p->trained, artifacts->v[i].path);
    return false;
}

static void evidence_add(struct evidence *e, const struct object *o, const struct match *one)
{
    e->functions.matched += one->matched;
    e->functions.unmatched += one->unmatched;
    e->functions.absent += one->absent;
    e->functions.corrected += one->corrected;
    if (one->matched + one->unmatched) {
        e->units++;
        e->units_matched += one->matched > 0;
    }
    if (one->unmatched)
        vec_addf(&e->unmatched, "%s: %ld of %ld", o->source, one->unmatched,
                 one->matched + one->unmatched);
}

/* What is known of an object is kept in our record, under its stamp. Of the others the family is
   asked, with the record that their compiler left beside them, which is removed once ours is
   written. */
struct evidence_reader {
    const struct session *s;
    const struct profile *profile;
    struct match_request request;
    struct map old, now;
    struct vec read; /* compilers' records to remove */
    bool again;      /* lost objects were compiled again: what is unknown now stays so */
    void *state;     /* of the family */
};

static const struct family *evidence_family(const struct evidence_reader *r)
{
    return r->s->tree.compiler.family;
}

/* What our record says of an object after its stamp, or NULL. */
static const char *evidence_known(const struct evidence_reader *r, const struct object *o)
{
    char *stamp = fs_stamp(o->path);
    const char *known = record_stamped(&r->old, o->path, stamp);
    free(stamp);
    return known;
}

static void evidence_note(struct evidence_reader *r, const struct object *o, const char *what)
{
    char *stamp = fs_stamp(o->path);
    map_setf(&r->now, o->path, "%s %s", stamp, what);
    free(stamp);
}

/* Our note of it is gone, or a launcher's cache had the object: it is compiled again, once. */
static void evidence_lost(struct evidence_reader *r, const struct object *o, struct evidence *out)
{
    if (r->again)
        evidence_note(r, o, EVIDENCE_NONE);
    else
        vec_add(&out->lost, o->path);
}

static int evidence_ask(struct evidence_reader *r, const struct object *o, struct match *one,
                        bool *known, struct evidence *out, struct err *err)
{
    *known = false;
    if (!r->state) {
        evidence_lost(r, o, out);
        return 0;
    }
    if (evidence_family(r)->match_object(r->state, o, one, err) != 0) {
        if (err->status != 0)
            return -1;
        msg_verbose("%s", err->msg);
        err_release(err);
        evidence_lost(r, o, out);
        return 0;
    }
    char *counts =
        str_fmt("%ld %ld %ld %ld", one->matched, one->unmatched, one->absent, one->corrected);
    char *record = evidence_family(r)->match_record(o->path);
    evidence_note(r, o, counts);
    if (record)
        vec_take(&r->read, record);
    *known = true;
    free(counts);
    return 0;
}

static int evidence_object(struct evidence_reader *r, const struct object *o, struct match *one,
                           bool *known, struct evidence *out, struct err *err)
{
    const char *old = evidence_known(r, o);
    if (!old)
        return evidence_ask(r, o, one, known, out, err);
    long *const counts[] = {&one->matched, &one->unmatched, &one->absent, &one->corrected};
    *known = evidence_numbers(old, counts, PGO_COUNT(counts));
    evidence_note(r, o, old);
    return 0;
}

static int evidence_save(struct evidence_reader *r, const struct evidence *e, struct err *err)
{
    map_set(&r->now, "profile", r->profile->hash);
    map_setf(&r->now, "total", "%ld %ld %ld %ld %ld %ld %ld %ld", e->functions.matched,
             e->functions.unmatched, e->functions.absent, e->functions.corrected, e->units,
             e->units_matched, e->never_run, e->unmeasured);
    if (e->example)
        map_set(&r->now, "example", e->example);
    int rc = session_save(r->s, EVIDENCE_RECORD, &r->now, err);
    for (size_t i = 0; i < r->read.n && rc == 0; i++)
        rc = fs_remove(r->read.v[i], err);
    return rc;
}

static bool evidence_counts(const struct object *o)
{
    return o->flagged && fs_exists(o->path);
}

static int evidence_read(struct evidence_reader *r, const struct model *model,
                         const struct artifacts *artifacts, struct evidence *out, struct err *err)
{
    const struct object *worst = NULL;
    for (size_t i = 0; i < model->objects_n; i++) {
        const struct object *o = &model->objects[i];
        struct match one = {0, 0, 0, 0};
        bool known;
        if (!evidence_counts(o))
            continue;
        if (evidence_object(r, o, &one, &known, out, err) != 0)
            return -1;
        if (!evidence_ran(model, artifacts, r->profile, o)) {
            out->never_run++;
        } else if (!known) {
            out->unmeasured++;
            vec_add(&out->unknown, o->source);
        } else {
            evidence_add(out, o, &one);
            if (!worst || (one.unmatched && !one.matched))
                worst = one.matched ? worst : o;
        }
    }
    const char *told = map_get(&r->old, "example");
    if (worst && (!out->functions.matched || out->functions.unmatched))
        out->example = r->state ? evidence_family(r)->match_example(r->state, worst)
                       : told   ? str_dup(told)
                                : NULL;
    return 0;
}

/* Opens the family's match for the objects that our record does not know. */
static int evidence_open(struct evidence_reader *r, const struct model *model, struct err *err)
{
    struct match_request *q = &r->request;
    q->objects = mem_alloc((model->objects_n + 1) * sizeof(const struct object *));
    for (size_t i = 0; i < model->objects_n; i++)
        if (evidence_counts(&model->objects[i]) && !evidence_known(r, &model->objects[i]))
            q->objects[q->n++] = &model->objects[i];
    if (!q->n)
        return 0;
    if (fs_mkdirs(q->scratch, err) != 0)
        return -1;
    r->state = evidence_family(r)->match_open(q, err);
    return r->state ? 0 : -1;
}

int evidence_gather(const struct session *s, const struct stage *use, const struct model *model,
                    const struct profile *profile, const struct artifacts *artifacts,
                    const struct tools *tools, bool again, struct evidence *out, struct err *err)
{
    struct stage_place place;
    stage_place_init(s, &place, "instrument", NULL);
    struct flag_place at = stage_flag_place(s, &place);
    char *scratch = tree_path(&s->tree, "scratch", "match");
    struct evidence_reader r = {.s = s, .profile = profile, .again = again};
    r.request = (struct match_request){.tools = tools,
                                       .compiler = &s->tree.compiler,
                                       .profile = profile->path,
                                       .build = use->dir,
                                       .flags = &use->flags,
                                       .instrument = &at,
                                       .trained = &profile->trained,
                                       .scratch = scratch,
                                       .jobs = s->options->jobs};
    session_record(s, EVIDENCE_RECORD, &r.old);
    if (!record_is(&r.old, "profile", profile->hash))
        map_release(&r.old);
    int rc = evidence_open(&r, model, err);
    if (rc == 0)
        rc = evidence_read(&r, model, artifacts, out, err);
    if (rc == 0 && (r.request.n || out->lost.n || again || !r.old.keys.n))
        rc = evidence_save(&r, out, err);
    evidence_family(&r)->match_close(r.state);
    map_release(&r.old);
    map_release(&r.now);
    vec_release(&r.read);
    free(r.request.objects);
    free(scratch);
    stage_place_release(&place);
    return rc;
}

bool evidence_recall(const struct session *s, const char *profile, struct evidence *out)
{
    struct map m = MAP_INIT;
    memset(out, 0, sizeof(*out));
    session_record(s, EVIDENCE_RECORD, &m);
    const char *total = map_get(&m, "total");
    long *const counts[] = {&out->functions.matched,
                            &out->functions.unmatched,
                            &out->functions.absent,
                            &out->functions.corrected,
                            &out->units,
                            &out->units_matched,
                            &out->never_run,
                            &out->unmeasured};
    bool ok = total && record_is(&m, "profile", profile) &&
              evidence_numbers(total, counts, PGO_COUNT(counts));
    map_release(&m);
    return ok;
}

bool evidence_measured(const struct evidence *e)
{
    const struct match *m = &e->functions;
    return !e->unmeasured || m->matched + m->unmatched + m->absent;
}

static void evidence_warn_corrected(const struct session *s, long n)
{
    char *advice = s->atomic == ATOMIC_OFF
                       ? str_fmt("; %s ON (--atomic) counts each of a thread's, but runs slower",
                                 s->tree.ops->words->atomic)
                       : str_dup("");
    if (n)
        msg_warn(
            "the counts of %ld function%s contradict each other, as those of threads do, or of "
            "one that calls pgo_reset(): the compiler has corrected them%s",
            n, n == 1 ? "" : "s", advice);
    free(advice);
}

int evidence_gate(const struct session *s, const struct evidence *e, struct err *err)
{
    long all = e->functions.matched + e->functions.unmatched;
    double percent = evidence_percent(e);
    if (!evidence_measured(e)) {
        static const char what[] =
            "the match could not be measured: the compiler left no record beside its objects";
        if (!s->match_asked) {
            msg_warn("%s", what);
            return 0;
        }
        err_status(err, PGO_GATE, "%s, and %.1f %% are wanted", what, s->min_match);
        return err_hint(err,
                        "the project's own compile rule or a compiler launcher may keep it from "
                        "that; without %s (--min-match) this is a warning",
                        s->tree.ops->words->min_match);
    }
    if (!e->functions.matched) {
        err_status(err, PGO_GATE, "0 of %ld functions found their profile%s%s",
                   all + e->functions.absent, e->example ? ": " : "", e->example ? e->example : "");
        return err_hint(
            err, "the optimized programs gained nothing; is the source the one that was trained?");
    }
    for (size_t i = 0; i < e->unmatched.n && i < EVIDENCE_SHOWN; i++)
        msg_warn("functions without their profile: %s", e->unmatched.v[i]);
    if (percent < s->min_match) {
        err_status(
            err, PGO_GATE,
            "only %ld of %ld functions found their profile (%.1f %%, wanted are %.1f %%)%s%s",
            e->functions.matched, all, percent, s->min_match, e->example ? ": " : "",
            e->example ? e->example : "");
        return err_hint(err,
                        "the profile is of other code: train again after 'pgo clean'; %s "
                        "(--min-match) moves the gate",
                        s->tree.ops->words->min_match);
    }
    if (percent < EVIDENCE_WARN)
        msg_warn("%ld of %ld functions found their profile (%.1f %%): is all code the same in both "
                 "stages?",
                 e->functions.matched, all, percent);
    evidence_warn_corrected(s, e->functions.corrected);
    if (e->unmeasured) {
        char *names = vec_some(&e->unknown, EVIDENCE_SHOWN);
        msg_warn("the compiler left no record of %s: whether they found their profile is not known",
                 names);
        free(names);
    }
    return 0;
}
