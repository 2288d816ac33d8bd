#include "facts.h"

#include "deliver.h"
#include "fs.h"
#include "pipeline.h"
#include "runtime.h"
#include "workload.h"

#include <stdlib.h>
#include <string.h>

void facts_release(struct facts *f)
{
    for (size_t i = 0; i < FACTS_STAGES; i++) {
        free(f->stages[i].dir);
        free(f->stages[i].why);
    }
    for (size_t i = 0; i < f->trainings_n; i++) {
        free(f->trainings[i].name);
        free(f->trainings[i].command);
        free(f->trainings[i].why);
    }
    free(f->trainings);
    free(f->busy);
    free(f->runtime_missing);
    train_records_release(&f->records);
    free(f->profile.why);
    free(f->profile.hash);
    free(f->profile.path);
    free(f->profile.dataset);
    vec_release(&f->profile.trained_by);
    evidence_release(&f->evidence);
    comparison_release(&f->comparison);
    vec_release(&f->not_compared);
    own_tests_release(&f->tests);
    free(f->archive);
    memset(f, 0, sizeof(*f));
}

const char *facts_state_text(enum facts_state state)
{
    static const char *const texts[] = {"not made", "fresh",  "stale",
                                        "waiting",  "broken", "failed"};
    return texts[state];
}

/* What a stage builds, as it was last read; false when it was generated anew since. */
static bool facts_model(const struct session *s, const struct stage *stage, struct model *out)
{
    char *id = s->tree.ops->model_id(&s->tree, stage), *name = str_fmt("model.%s", stage->name);
    char *path = tree_path(&s->tree, "state", name);
    bool known = model_load(out, path, id);
    free(id);
    free(name);
    free(path);
    return known;
}

/* Whether all of a configured stage is built; what cannot be asked counts as stale. */
static void facts_built(const struct session *s, const struct stage *stage,
                        const struct model *model, struct facts_stage *out)
{
    struct vec targets = VEC_INIT;
    struct err failed = ERR_INIT;
    struct outdated o = {.dir = stage->dir, .source = s->tree.source, .model = model};
    if (stage->phase != PHASE_USE)
        workload_depends(s, model, stage->phase == PHASE_BASELINE, &targets);
    int rc = s->tree.ops->outdated(&s->tree, stage, &targets, &o, &failed);
    const char *why = rc != 0 && !o.why ? failed.msg : o.why;
    out->why = why ? str_dup(why) : NULL;
    out->state = out->why ? FACTS_STALE : FACTS_FRESH;
    out->steps = rc == 0 && (o.steps || !why) ? o.steps : -1;
    outdated_release(&o);
    err_release(&failed);
    vec_release(&targets);
}

/* What has not ended may be what another pgo is at. */
static void facts_unfinished(const struct facts *f, const char *what, struct facts_stage *out)
{
    out->state = f->busy ? FACTS_WAITS : FACTS_BROKEN;
    free(out->why);
    out->why = str_fmt(f->busy ? "its %s goes on" : "its last %s did not end", what);
}

static void facts_look(const struct session *s, const struct facts *f, enum phase phase,
                       const char *profile, struct facts_stage *out, struct model *model)
{
    struct stage stage;
    stage_init(s, &stage, phase, profile);
    char *name = str_fmt("building.%s", stage.name), *mark = tree_path(&s->tree, "state", name);
    out->name = stage.name;
    out->dir = str_dup(stage.dir);
    out->steps = -1;
    enum stage_need need = stage_need(s, &stage, &out->why);
    if (need == STAGE_NEW) {
        out->state = FACTS_NONE;
        free(out->why);
        out->why = NULL;
    } else if (need == STAGE_UNFINISHED) {
        facts_unfinished(f, "configure", out);
    } else if (need == STAGE_STALE) {
        out->state = FACTS_STALE;
    } else if (fs_exists(mark)) {
        facts_unfinished(f, "build", out);
    } else if (!facts_model(s, &stage, model)) {
        out->state = FACTS_STALE;
        out->why = str_dup("it was generated anew");
    } else {
        facts_built(s, &stage, model, out);
    }
    if (!model->id)
        facts_model(s, &stage, model);
    free(name);
    free(mark);
    stage_release(&stage);
}

/* What depends on something that is not fresh will be known when that is. */
static void facts_wait(enum facts_state *state, char **why, const char *what,
                       enum facts_state other)
{
    if (*state != FACTS_FRESH || other == FACTS_FRESH)
        return;
    *state = FACTS_WAITS;
    *why = str_fmt("%s is %s", what, facts_state_text(other));
}

static struct facts_training *facts_add(struct facts *f, const struct session *s,
                                        const struct training *t)
{
    f->trainings = mem_grow(f->trainings, f->trainings_n + 1, sizeof(*f->trainings));
    struct facts_training *out = &f->trainings[f->trainings_n++];
    memset(out, 0, sizeof(*out));
    out->name = str_dup(t->name);
    out->given = plan_find(&s->given, t->name) != NULL;
    out->test = t->test;
    out->held_out = t->held_out;
    out->weight = t->weight;
    out->command = t->command.n ? vec_join(&t->command, " ") : NULL;
    return out;
}

static bool facts_has(const struct facts *f, const char *name)
{
    for (size_t i = 0; i < f->trainings_n; i++)
        if (strcmp(f->trainings[i].name, name) == 0)
            return true;
    return false;
}

/* The record of its last run, and what that says of a training that does not stand. */
static void facts_record(struct facts *f, const size_t *only, struct facts_training *t)
{
    for (size_t i = 0; i < f->records.n && !t->held_out; i++) {
        const struct map *run = &f->records.v[i].run;
        const char *failure = map_get(run, "failure"), *damaged = map_get(run, "damaged");
        if (!record_is(run, "name", t->name))
            continue;
        t->record = &f->records.v[i];
        t->only = only[i];
        if (t->state == FACTS_FRESH)
            continue;
        t->state = failure ? FACTS_FAILED : damaged ? FACTS_BROKEN : t->state;
        if (failure || damaged) {
            free(t->why);
            t->why = str_dup(failure ? failure : damaged);
        }
    }
}

static void facts_trained(struct facts_training *out, const struct trained *t)
{
    out->why = t->why ? str_dup(t->why) : NULL;
    out->state = t->run ? FACTS_FRESH : FACTS_STALE;
}

/* The trainings as the instrument stage has them; those that only the user's tree declares, or when
   there is no stage, are new. */
static int facts_trainings(const struct session *s, struct facts *f, const struct stage *stage,
                           const struct model *model, struct trainings *now, struct err *err)
{
    struct plan plan = PLAN_INIT;
    struct artifacts artifacts = {NULL, 0};
    struct err failed = ERR_INIT;
    struct facts_stage *instrument = &f->stages[FACTS_INSTRUMENT];
    const struct plan *const declared[] = {&s->plan, &s->given};
    int rc = 0;
    if (model->id) {
        rc = workload_declared(s, stage, model, &plan, err);
        train_records_tests(&f->records, &plan);
        if (stage_artifacts(s, stage, model, &artifacts, &failed) != 0 &&
            instrument->state == FACTS_FRESH) {
            instrument->state = FACTS_BROKEN;
            instrument->why = str_dup(failed.msg);
        }
        train_read(s, stage, &artifacts, &plan, now);
    }
    for (size_t i = 0, k = 0; i < plan.n && rc == 0; i++) {
        struct facts_training *t = facts_add(f, s, &plan.trainings[i]);
        if (!t->held_out)
            facts_trained(t, &now->v[k++]);
        facts_wait(&t->state, &t->why, "the stage 'instrument'", instrument->state);
    }
    for (size_t k = 0; k < PGO_COUNT(declared) && instrument->state != FACTS_FRESH; k++)
        for (size_t i = 0; i < declared[k]->n; i++)
            if (!facts_has(f, declared[k]->trainings[i].name))
                facts_add(f, s, &declared[k]->trainings[i]);
    plan_release(&plan);
    artifacts_release(&artifacts);
    err_release(&failed);
    return rc;
}

static void facts_records(struct facts *f)
{
    size_t *only = mem_alloc((f->records.n + 1) * sizeof(*only));
    f->only_known = train_records_only(&f->records, only);
    for (size_t i = 0; i < f->trainings_n; i++)
        facts_record(f, only, &f->trainings[i]);
    for (size_t i = 0; i < f->trainings_n; i++) {
        struct facts_training *t = &f->trainings[i];
        if (t->state == FACTS_STALE && !t->record) {
            t->state = FACTS_NONE;
            free(t->why);
            t->why = NULL;
        } else if (t->state == FACTS_NONE && t->record) {
            t->state = FACTS_FRESH;
            facts_wait(&t->state, &t->why, "the stage 'instrument'",
                       f->stages[FACTS_INSTRUMENT].state);
        }
    }
    free(only);
}

/* The first training that keeps the profile from being one of all trainings as they stand. */
static const struct facts_training *facts_unready(const struct facts *f)
{
    for (size_t i = 0; i < f->trainings_n; i++)
        if (!f->trainings[i].held_out && f->trainings[i].state != FACTS_FRESH)
            return &f->trainings[i];
    return NULL;
}

static void facts_profile(const struct session *s, struct facts *f, const struct trainings *now)
{
    struct facts_profile *out = &f->profile;
    const struct facts_training *unready = facts_unready(f);
    struct tools tools = {NULL};
    struct profile p;
    pipeline_tools_known(s, &tools);
    char *why = profile_read(s, now, &tools, &p);
    if (p.path) {
        out->hash = str_dup(p.hash);
        out->path = str_dup(p.path);
        out->dataset = str_dup(p.dataset);
        vec_all(&out->trained_by, &p.names);
        out->bytes = fs_tree_size(p.path);
        out->functions = p.report.functions;
        out->covered = p.report.covered;
        out->max_count = p.report.max_count;
        out->raw_files = p.report.files;
        out->dropped = p.report.dropped;
        out->state = unready || !why ? FACTS_FRESH : FACTS_STALE;
        out->why = unready ? NULL : why;
        if (unready) {
            char *what = str_fmt("training '%s'", unready->name);
            facts_wait(&out->state, &out->why, what, unready->state);
            free(what);
        }
    }
    if (out->why != why)
        free(why);
    tools_release(&tools);
    profile_release(&p);
}

static const struct comparison_row *facts_row(const struct facts *f, const char *name)
{
    for (size_t i = 0; i < f->comparison.n; i++)
        if (strcmp(f->comparison.v[i].name, name) == 0)
            return &f->comparison.v[i];
    return NULL;
}

/* Whether a row is of a workload as it is; of a test (NULL) only the files are known. An input that
   is missing now as it was then makes no difference. */
static bool facts_same_workload(const struct session *s, const struct comparison_row *row,
                                const struct training *t, const char *build)
{
    char hex[HASH_HEX + 1] = "";
    struct err ignored = ERR_INIT;
    if (t)
        workload_parts_hash(s, t, build, hex, &ignored);
    bool same = !t || strcmp(row->parts, hex) == 0;
    for (size_t i = 0; i < row->files.keys.n && same; i++)
        same = workload_digest(s, row->files.keys.v[i], hex) &&
               strcmp(row->files.values.v[i], hex) == 0;
    err_release(&ignored);
    return same;
}

/* The project's own tests that are held out; which they are is not known without their runner, but
   whether they are what they were. */
static void facts_tests_not_compared(const struct session *s, struct facts *f,
                                     const struct stage *baseline)
{
    struct vec held_out = VEC_INIT, all = VEC_INIT;
    char *id = s->tree.ops->tests_id(&s->tree, baseline);
    bool same = strcmp(id, f->comparison.tests) == 0;
    for (size_t i = 0; i < f->comparison.n; i++) {
        const struct comparison_row *row = &f->comparison.v[i];
        if (row->test && !(same && facts_same_workload(s, row, NULL, NULL)))
            vec_add(&f->not_compared, row->name);
    }
    s->tree.ops->test_names(&s->tree, TREE_HELD_OUT, &held_out);
    s->tree.ops->test_names(&s->tree, NULL, &all);
    for (size_t i = 0; i < held_out.n && !same; i++)
        if (vec_has(&all, held_out.v[i]) && !facts_row(f, held_out.v[i]))
            vec_add(&f->not_compared, held_out.v[i]);
    vec_release(&held_out);
    vec_release(&all);
    free(id);
}

/* What the comparison does not tell of as it is declared now; it is as little of use when it tells
   of more. */
static int facts_not_compared(const struct session *s, struct facts *f, const struct model *model,
                              struct err *err)
{
    struct plan plan = PLAN_INIT;
    struct stage baseline;
    stage_init(s, &baseline, PHASE_BASELINE, NULL);
    int rc = model->id ? workload_declared(s, &baseline, model, &plan, err) : 0;
    for (size_t i = 0; i < plan.n; i++) {
        const struct training *t = &plan.trainings[i];
        const struct comparison_row *row = facts_row(f, t->name);
        if (!row || !facts_same_workload(s, row, t, baseline.dir))
            vec_add(&f->not_compared, t->name);
    }
    for (size_t i = 0; i < f->comparison.n && rc == 0; i++)
        if (!f->comparison.v[i].test && !plan_find(&plan, f->comparison.v[i].name))
            vec_add(&f->not_compared, f->comparison.v[i].name);
    facts_tests_not_compared(s, f, &baseline);
    plan_release(&plan);
    stage_release(&baseline);
    return rc;
}

/* A held-out workload stands as the comparison does. */
static void facts_held_out(const struct facts *f, const struct comparison_row *row,
                           struct facts_training *t)
{
    const char *stale = !f->compared_now                     ? "it was compared with other programs"
                        : vec_has(&f->not_compared, t->name) ? "what it runs or reads changed"
                                                             : NULL;
    t->state = stale ? FACTS_STALE : row->failure ? FACTS_FAILED : FACTS_FRESH;
    free(t->why);
    t->why = stale || row->failure ? str_dup(stale ? stale : row->failure) : NULL;
}

static int facts_compared(const struct session *s, struct facts *f, const struct model *baseline,
                          struct err *err)
{
    f->compared = comparison_read(s, &f->comparison);
    f->compared_now = f->compared && f->profile.hash && f->comparison.same_programs &&
                      strcmp(f->comparison.profile, f->profile.hash) == 0 &&
                      f->stages[FACTS_USE].state == FACTS_FRESH &&
                      f->stages[FACTS_BASELINE].state == FACTS_FRESH;
    int rc = f->compared_now ? facts_not_compared(s, f, baseline, err) : 0;
    for (size_t i = 0; i < f->comparison.n; i++) {
        const struct comparison_row *row = &f->comparison.v[i];
        struct training t;
        if (row->test && !facts_has(f, row->name)) {
            training_init(&t, row->name);
            t.held_out = t.test = true;
            facts_add(f, s, &t);
            training_release(&t);
        }
    }
    for (size_t i = 0; i < f->trainings_n; i++) {
        const struct comparison_row *row = facts_row(f, f->trainings[i].name);
        if (row && f->trainings[i].held_out)
            facts_held_out(f, row, &f->trainings[i]);
    }
    return rc;
}

static void facts_delivered(const struct session *s, struct facts *f)
{
    const char *asked = s->options->archive;
    f->archive = asked ? path_abs(asked) : deliver_place(s);
    f->archived = f->archive && f->profile.hash && deliver_holds(s, f->archive, f->profile.hash);
}

static void facts_identity(const struct session *s, struct facts *f)
{
    char *lock = tree_path(&s->tree, "state", "lock");
    f->dir = s->tree.dir;
    f->source = s->tree.source;
    f->dataset = s->dataset;
    f->config = s->tree.config;
    f->system = s->tree.ops->name;
    f->compiler = &s->tree.compiler;
    f->given = &s->given;
    f->busy = s->lock.fd >= 0 ? NULL : lock_holder(lock);
    f->runtime_missing = runtime_missing(s);
    free(lock);
}

int facts_read(struct session *s, struct facts *f, struct err *err)
{
    struct model models[FACTS_STAGES] = {MODEL_INIT, MODEL_INIT, MODEL_INIT};
    struct trainings now = {NULL, 0};
    struct facts_stage *use = &f->stages[FACTS_USE];
    struct stage instrument;
    memset(f, 0, sizeof(*f));
    runtime_recall(s);
    facts_identity(s, f);
    stage_init(s, &instrument, PHASE_INSTRUMENT, NULL);
    train_records_find(s, &f->records);
    facts_look(s, f, PHASE_INSTRUMENT, NULL, &f->stages[FACTS_INSTRUMENT],
               &models[FACTS_INSTRUMENT]);
    int rc = facts_trainings(s, f, &instrument, &models[FACTS_INSTRUMENT], &now, err);
    if (rc == 0) {
        facts_records(f);
        facts_profile(s, f, &now);
        facts_look(s, f, PHASE_USE, f->profile.path, use, &models[FACTS_USE]);
        facts_look(s, f, PHASE_BASELINE, NULL, &f->stages[FACTS_BASELINE], &models[FACTS_BASELINE]);
        facts_wait(&use->state, &use->why, "the profile", f->profile.state);
        f->matched = f->profile.hash && evidence_recall(s, f->profile.hash, &f->evidence);
        f->tested = own_tests_read(s, &f->tests);
        facts_delivered(s, f);
        rc = facts_compared(s, f, &models[FACTS_BASELINE], err);
    }
    for (size_t i = 0; i < FACTS_STAGES; i++)
        model_release(&models[i]);
    trainings_release(&now);
    stage_release(&instrument);
    if (rc != 0)
        facts_release(f);
    return rc;
}
