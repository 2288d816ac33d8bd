#include "pipeline.h"

#include "comparison.h"
#include "fs.h"
#include "given.h"
#include "runtime.h"
#include "workload.h"

#include <stdlib.h>
#include <string.h>

void pipeline_release(struct pipeline *p)
{
    stage_release(&p->instrument);
    stage_release(&p->use);
    model_release(&p->instrumented);
    model_release(&p->optimized);
    artifacts_release(&p->artifacts);
    trainings_release(&p->trainings);
    train_records_release(&p->records);
    tools_release(&p->tools);
    profile_release(&p->profile);
    evidence_release(&p->evidence);
}

bool pipeline_tools_known(const struct session *s, struct tools *out)
{
    struct map m = MAP_INIT;
    session_record(s, "tools", &m);
    const char *merge = map_get(&m, "merge");
    char *stamp = fs_stamp(merge && *merge ? merge : "");
    bool known =
        merge && record_is(&m, "compiler", s->compiler_stamp) && record_is(&m, "stamp", stamp);
    out->merge = known && *merge ? str_dup(merge) : NULL;
    free(stamp);
    map_release(&m);
    return known;
}

/* The tools are looked for before anything is built, and not again while nothing they depend on has
   changed. */
static int pipeline_tools(const struct session *s, struct tools *out, struct err *err)
{
    struct map m = MAP_INIT;
    int rc = 0;
    if (!pipeline_tools_known(s, out)) {
        rc = s->tree.compiler.family->tools(&s->tree.compiler, out, err);
        char *now = fs_stamp(out->merge ? out->merge : "");
        map_set(&m, "compiler", s->compiler_stamp);
        map_set(&m, "merge", out->merge ? out->merge : "");
        map_set(&m, "stamp", now);
        if (rc == 0)
            rc = session_save(s, "tools", &m, err);
        free(now);
    }
    map_release(&m);
    return rc;
}

/* What the command line declares is proven as soon as the targets are known, before the build; the
   project's own tests are known once it is built. Only then is it remembered. */
static int pipeline_instrument(struct session *s, struct pipeline *p, struct err *err)
{
    struct vec targets = VEC_INIT;
    bool tests = given_tests_new(&s->options->declared);
    stage_init(s, &p->instrument, PHASE_INSTRUMENT, NULL);
    int rc = stage_prepare(s, &p->instrument, &p->instrumented, err);
    if (rc == 0)
        rc = workload_check_targets(s, &p->instrument, &p->instrumented, err);
    if (rc == 0 && !tests)
        rc = session_remember(s, err);
    workload_depends(s, &p->instrumented, false, &targets);
    if (rc == 0)
        rc = stage_make(s, &p->instrument, &targets, &p->instrumented, err);
    if (rc == 0)
        rc = stage_artifacts(s, &p->instrument, &p->instrumented, &p->artifacts, err);
    if (rc == 0 && tests)
        rc = workload_check_tests(s, &p->instrument, err);
    if (rc == 0)
        rc = session_remember(s, err);
    vec_release(&targets);
    return rc;
}

/* Objects of which neither our record nor the compiler's is left are compiled again, once. */
static int pipeline_evidence(const struct session *s, struct pipeline *p, struct err *err)
{
    const struct vec none = VEC_INIT;
    int rc = 0;
    for (int again = 0; again < 2 && rc == 0; again++) {
        if (again && !p->evidence.lost.n)
            break;
        for (size_t i = 0; i < p->evidence.lost.n && rc == 0; i++)
            rc = fs_remove(p->evidence.lost.v[i], err);
        if (rc == 0 && again) {
            evidence_release(&p->evidence);
            model_release(&p->optimized);
            rc = stage_bring(s, &p->use, &none, &p->optimized, err);
        }
        if (rc == 0)
            rc = evidence_gather(s, &p->use, &p->optimized, &p->profile, &p->artifacts, &p->tools,
                                 again, &p->evidence, err);
    }
    return rc;
}

static int pipeline_use(const struct session *s, struct pipeline *p, struct err *err)
{
    struct vec none = VEC_INIT;
    stage_init(s, &p->use, PHASE_USE, p->profile.path);
    int rc = stage_bring(s, &p->use, &none, &p->optimized, err);
    if (rc == 0)
        rc = stage_same_settings(&p->instrumented, p->instrument.dir, &p->optimized, p->use.dir,
                                 err);
    if (rc == 0)
        rc = pipeline_evidence(s, p, err);
    if (rc == 0)
        rc = evidence_gate(s, &p->evidence, err);
    if (rc == 0)
        rc = profile_prune(s, &p->profile, err);
    return rc;
}

/* What is known of the trainings is so when one of them failed as well. */
static int pipeline_train(const struct session *s, struct pipeline *p, struct err *err)
{
    struct err ignored = ERR_INIT;
    int rc = train_bring(s, &p->instrument, &p->instrumented, &p->artifacts, &p->trainings, err);
    int known =
        train_records_bring(s, &p->trainings, &p->tools, &p->records, rc == 0 ? err : &ignored);
    if (known == 0)
        comparison_warn(s, &p->records);
    err_release(&ignored);
    return rc == 0 ? known : rc;
}

int pipeline_run(struct session *s, enum pipeline_end end, struct pipeline *p, struct err *err)
{
    memset(p, 0, sizeof(*p));
    int rc = end > PIPELINE_INSTRUMENT ? workload_check(s, err) : 0;
    if (rc == 0)
        rc = pipeline_tools(s, &p->tools, err);
    if (rc == 0)
        rc = runtime_bring(s, true, err);
    if (rc == 0)
        rc = pipeline_instrument(s, p, err);
    if (rc == 0 && end >= PIPELINE_TRAIN)
        rc = pipeline_train(s, p, err);
    if (rc == 0 && end >= PIPELINE_MERGE)
        rc = profile_bring(s, &p->trainings, &p->artifacts, &p->tools, &p->profile, err);
    if (rc == 0 && end >= PIPELINE_USE)
        rc = pipeline_use(s, p, err);
    return rc;
}
