#include "evidence.h"

#include "fs.h"
#include "msg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVIDENCE_RECORD "match"
#define EVIDENCE_WARN 95.0 /* per cent */
#define EVIDENCE_SHOWN 5   /* sources named in a message */
#define EVIDENCE_NONE " none"

void evidence_release(struct evidence *e)
{
    vec_release(&e->unmatched);
    vec_release(&e->lost);
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
    if (one->matched + one->unmatched) {
        e->units++;
        e->units_matched += one->matched > 0;
    }
    if (one->unmatched)
        vec_addf(&e->unmatched, "%s: %ld of %ld", o->source, one->unmatched,
                 one->matched + one->unmatched);
}

/* What is known of one object: from the record when object and profile are the same, otherwise read
   from the compiler's record, which is removed once ours is written. */
struct evidence_reader {
    const struct session *s;
    const struct stage *use;
    const struct tools *tools;
    const struct profile *profile;
    const struct flag_place *instrument;
    struct map old, now;
    struct vec read; /* compilers' records to remove */
    bool again;      /* lost objects were compiled again: what is unknown now stays so */
    void *state;     /* of the family, opened when first needed */
};

static int evidence_open(struct evidence_reader *r, struct err *err)
{
    const struct family *family = r->s->tree.compiler.family;
    if (!r->state)
        r->state = family->match_open(r->tools, r->profile->path, r->instrument,
                                      &r->profile->trained, err);
    return r->state ? 0 : -1;
}

/* An object without a record: our note of it is gone, or a launcher's cache had the object. */
static void evidence_lost(struct evidence_reader *r, const struct object *o, const char *stamp,
                          struct evidence *out)
{
    if (r->again) {
        map_setf(&r->now, o->path, "%s" EVIDENCE_NONE, stamp);
        vec_add(&r->read, "");
    } else {
        vec_add(&out->lost, o->path);
    }
}

static int evidence_object(struct evidence_reader *r, const struct object *o, struct match *one,
                           bool *known, struct evidence *out, struct err *err)
{
    const struct family *family = r->s->tree.compiler.family;
    char *stamp = fs_stamp(o->path);
    const char *old = map_get(&r->old, o->path);
    size_t n = strlen(stamp);
    int rc = 0;
    *known = true;
    if (old && strncmp(old, stamp, n) == 0 &&
        sscanf(old + n, " %ld %ld %ld", &one->matched, &one->unmatched, &one->absent) == 3) {
        map_set(&r->now, o->path, old);
    } else if (old && strncmp(old, stamp, n) == 0 && strcmp(old + n, EVIDENCE_NONE) == 0) {
        map_set(&r->now, o->path, old);
        *known = false;
    } else {
        rc = evidence_open(r, err);
        if (rc == 0)
            rc = family->match_object(r->state, r->use->dir, o, one, err);
        if (rc != 0 && err->msg && err->status == 0) {
            msg_verbose("%s", err->msg);
            err_release(err);
            evidence_lost(r, o, stamp, out);
            *known = false;
            rc = 0;
        } else if (rc == 0) {
            char *record = family->match_record(o->path);
            map_setf(&r->now, o->path, "%s %ld %ld %ld", stamp, one->matched, one->unmatched,
                     one->absent);
            vec_take(&r->read, record ? record : str_dup(""));
        }
    }
    free(stamp);
    return rc;
}

static int evidence_save(struct evidence_reader *r, const struct evidence *e, struct err *err)
{
    map_set(&r->now, "profile", r->profile->hash);
    map_setf(&r->now, "total", "%ld %ld %ld %ld %ld %ld %ld", e->functions.matched,
             e->functions.unmatched, e->functions.absent, e->units, e->units_matched, e->never_run,
             e->unmeasured);
    int rc = session_save(r->s, EVIDENCE_RECORD, &r->now, err);
    for (size_t i = 0; i < r->read.n && rc == 0; i++)
        if (*r->read.v[i])
            rc = fs_remove(r->read.v[i], err);
    return rc;
}

static int evidence_read(struct evidence_reader *r, const struct model *model,
                         const struct artifacts *artifacts, struct evidence *out, struct err *err)
{
    const struct object *worst = NULL;
    int rc = 0;
    for (size_t i = 0; i < model->objects_n && rc == 0; i++) {
        const struct object *o = &model->objects[i];
        struct match one = {0, 0, 0};
        bool known;
        if (!o->flagged || !fs_exists(o->path))
            continue;
        rc = evidence_object(r, o, &one, &known, out, err);
        if (rc != 0)
            break;
        if (!evidence_ran(model, artifacts, r->profile, o)) {
            out->never_run++;
        } else if (!known) {
            out->unmeasured++;
        } else {
            evidence_add(out, o, &one);
            if (!worst || (one.unmatched && !one.matched))
                worst = one.matched ? worst : o;
        }
    }
    if (rc == 0 && worst && (!out->functions.matched || out->functions.unmatched) &&
        evidence_open(r, err) == 0)
        out->example = r->s->tree.compiler.family->match_example(r->state, r->use->dir, worst);
    return rc;
}

int evidence_gather(const struct session *s, const struct stage *use, const struct model *model,
                    const struct profile *profile, const struct artifacts *artifacts,
                    const struct tools *tools, bool again, struct evidence *out, struct err *err)
{
    struct stage_place place;
    struct evidence_reader r = {
        .s = s, .use = use, .tools = tools, .profile = profile, .again = again};
    stage_place_init(s, &place, "instrument", NULL);
    struct flag_place at = stage_flag_place(s, &place);
    r.instrument = &at;
    session_record(s, EVIDENCE_RECORD, &r.old);
    if (!record_is(&r.old, "profile", profile->hash))
        map_release(&r.old);
    int rc = evidence_read(&r, model, artifacts, out, err);
    if (rc == 0 && (r.read.n || !r.old.keys.n))
        rc = evidence_save(&r, out, err);
    s->tree.compiler.family->match_close(r.state);
    map_release(&r.old);
    map_release(&r.now);
    vec_release(&r.read);
    stage_place_release(&place);
    return rc;
}

bool evidence_recall(const struct session *s, struct evidence *out)
{
    struct map m = MAP_INIT;
    memset(out, 0, sizeof(*out));
    session_record(s, EVIDENCE_RECORD, &m);
    const char *total = map_get(&m, "total");
    bool ok = total && sscanf(total, "%ld %ld %ld %ld %ld %ld %ld", &out->functions.matched,
                              &out->functions.unmatched, &out->functions.absent, &out->units,
                              &out->units_matched, &out->never_run, &out->unmeasured) == 7;
    map_release(&m);
    return ok;
}

int evidence_gate(const struct session *s, const struct evidence *e, struct err *err)
{
    long all = e->functions.matched + e->functions.unmatched;
    double percent = evidence_percent(e);
    if (e->unmeasured && !all && !e->functions.absent) {
        msg_warn("the match could not be measured: the compiler left no record beside its objects");
        return 0;
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
        return err_hint(err, "the profile is of other code: train again after 'pgo clean'; "
                             "PGO_MIN_MATCH moves the gate");
    }
    if (percent < EVIDENCE_WARN)
        msg_warn("%ld of %ld functions found their profile (%.1f %%): is all code the same in both "
                 "stages?",
                 e->functions.matched, all, percent);
    if (e->unmeasured)
        msg_warn("%ld translation units have no compiler's record: their match is not known",
                 e->unmeasured);
    return 0;
}
