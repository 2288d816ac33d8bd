#include "facts.h"

#include "fs.h"
#include "pipeline.h"
#include "runtime.h"
#include "workload.h"

#include <stdlib.h>
#include <string.h>

static const enum phase facts_phases[FACTS_STAGES] = {PHASE_INSTRUMENT, PHASE_USE, PHASE_BASELINE};

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
    memset(f, 0, sizeof(*f));
}

const struct facts_stage *facts_stage(const struct facts *f, const char *name)
{
    for (size_t i = 0; i < FACTS_STAGES; i++)
        if (strcmp(f->stages[i].name, name) == 0)
            return &f->stages[i];
    return NULL;
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
    out->why = rc != 0 && !o.why ? str_dup(failed.msg) : o.why;
    out->state = out->why ? FACTS_STALE : FACTS_FRESH;
    out->steps = rc == 0 && (o.steps || !out->why) ? o.steps : -1;
    err_release(&failed);
    vec_release(&targets);
}

static void facts_look(const struct session *s, enum phase phase, const char *profile,
                       struct facts_stage *out, struct model *model)
{
    struct stage stage;
    struct err failed = ERR_INIT;
    stage_init(s, &stage, phase, profile);
    char *name = str_fmt("building.%s", stage.name), *mark = tree_path(&s->tree, "state", name);
    out->name = stage.name;
    out->dir = str_dup(stage.dir);
    out->steps = -1;
    if (fs_is_dir(stage.dir) && stage_why(s, &stage, &out->why, &failed) != 0)
        out->why = str_dup(failed.msg);
    if (!fs_is_dir(stage.dir)) {
        out->state = FACTS_NONE;
    } else if (out->why) {
        out->state = strcmp(out->why, STAGE_UNFINISHED) == 0 ? FACTS_BROKEN : FACTS_STALE;
    } else if (fs_exists(mark)) {
        out->state = FACTS_BROKEN;
        out->why = str_dup("its last build did not end");
    } else if (!facts_model(s, &stage, model)) {
        out->state = FACTS_STALE;
        out->why = str_dup("it was generated anew");
    } else {
        facts_built(s, &stage, model, out);
    }
    if (!model->id)
        facts_model(s, &stage, model);
    err_release(&failed);
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
    struct err ignored = ERR_INIT;
    const struct plan *const declared[] = {&s->plan, &s->given};
    int rc = 0;
    if (model->id) {
        rc = workload_declared(s, stage, model, &plan, err);
        train_records_tests(&f->records, &plan);
        stage_artifacts(s, stage, model, &artifacts, &ignored);
        train_read(s, stage, &artifacts, &plan, now);
    }
    for (size_t i = 0, k = 0; i < plan.n && rc == 0; i++) {
        struct facts_training *t = facts_add(f, s, &plan.trainings[i]);
        if (!t->held_out)
            facts_trained(t, &now->v[k++]);
        facts_wait(&t->state, &t->why, "the stage 'instrument'", f->stages[0].state);
    }
    for (size_t k = 0; k < PGO_COUNT(declared) && f->stages[0].state != FACTS_FRESH; k++)
        for (size_t i = 0; i < declared[k]->n; i++)
            if (!facts_has(f, declared[k]->trainings[i].name))
                facts_add(f, s, &declared[k]->trainings[i]);
    plan_release(&plan);
    artifacts_release(&artifacts);
    err_release(&ignored);
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
            facts_wait(&t->state, &t->why, "the stage 'instrument'", f->stages[0].state);
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

/* Of a file, or of all in a directory. */
static unsigned long long facts_size(const char *path)
{
    struct stat st;
    if (fs_is_dir(path))
        return fs_tree_size(path);
    return stat(path, &st) == 0 ? (unsigned long long)st.st_size : 0;
}

static void facts_profile(const struct session *s, struct facts *f, const struct trainings *now)
{
    struct facts_profile *out = &f->profile;
    const struct facts_training *unready = facts_unready(f);
    struct map m = MAP_INIT;
    struct tools tools = {NULL};
    struct profile p;
    pipeline_tools_known(s, &tools);
    char *why = profile_read(s, now, &tools, &p);
    session_record(s, "merge", &m);
    if (p.path) {
        const char *dataset = map_get(&m, "dataset"), *names = map_get(&m, "trainings");
        out->hash = str_dup(p.hash);
        out->path = str_dup(p.path);
        out->dataset = str_dup(dataset ? dataset : "");
        if (names && *names)
            vec_split(&out->trained_by, names, '\n');
        out->bytes = facts_size(p.path);
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
    map_release(&m);
    tools_release(&tools);
    profile_release(&p);
}

/* A held-out workload stands as the comparison does. */
static void facts_compared(const struct session *s, struct facts *f)
{
    f->compared = comparison_read(s, &f->comparison);
    f->compared_now = f->compared && f->profile.hash && f->comparison.profile &&
                      strcmp(f->comparison.profile, f->profile.hash) == 0 &&
                      facts_stage(f, "use")->state == FACTS_FRESH &&
                      facts_stage(f, "baseline")->state == FACTS_FRESH;
    for (size_t i = 0; i < f->comparison.n; i++) {
        const struct comparison_row *row = &f->comparison.v[i];
        struct training t;
        if (row->held_out && !facts_has(f, row->name)) { /* one of the project's own tests */
            training_init(&t, row->name);
            t.held_out = t.test = true;
            facts_add(f, s, &t);
            training_release(&t);
        }
        for (size_t k = 0; k < f->trainings_n; k++) {
            struct facts_training *held = &f->trainings[k];
            if (!held->held_out || strcmp(held->name, row->name) != 0)
                continue;
            held->state = row->failure ? FACTS_FAILED : f->compared_now ? FACTS_FRESH : FACTS_STALE;
            free(held->why);
            held->why = row->failure      ? str_dup(row->failure)
                        : f->compared_now ? NULL
                                          : str_dup("it was compared with other programs");
        }
    }
}

static void facts_identity(const struct session *s, struct facts *f)
{
    char *lock = tree_path(&s->tree, "state", "lock");
    f->dir = s->tree.dir;
    f->source = s->tree.source;
    f->home = s->tree.home;
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
    struct stage instrument;
    memset(f, 0, sizeof(*f));
    runtime_recall(s);
    facts_identity(s, f);
    stage_init(s, &instrument, PHASE_INSTRUMENT, NULL);
    train_records_find(s, &f->records);
    facts_look(s, facts_phases[0], NULL, &f->stages[0], &models[0]);
    int rc = facts_trainings(s, f, &instrument, &models[0], &now, err);
    if (rc == 0) {
        facts_records(f);
        facts_profile(s, f, &now);
        for (size_t i = 1; i < FACTS_STAGES; i++)
            facts_look(s, facts_phases[i], facts_phases[i] == PHASE_USE ? f->profile.path : NULL,
                       &f->stages[i], &models[i]);
        facts_wait(&f->stages[1].state, &f->stages[1].why, "the profile", f->profile.state);
        f->matched = f->profile.hash && evidence_recall(s, f->profile.hash, &f->evidence);
        facts_compared(s, f);
    }
    for (size_t i = 0; i < FACTS_STAGES; i++)
        model_release(&models[i]);
    trainings_release(&now);
    stage_release(&instrument);
    if (rc != 0)
        facts_release(f);
    return rc;
}
