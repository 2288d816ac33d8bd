#include "workload.h"

#include "exec.h"
#include "fs.h"

#include <stdlib.h>
#include <string.h>

void workload_depends(const struct session *s, bool held_out, struct vec *targets)
{
    for (size_t i = 0; i < s->plan.n; i++) {
        const struct training *t = &s->plan.trainings[i];
        for (size_t k = 0; k < t->depends.n && (held_out || !t->held_out); k++)
            if (!vec_has(targets, t->depends.v[k]))
                vec_add(targets, t->depends.v[k]);
    }
}

/* Whether a path is only there once a stage is built. */
static bool workload_is_built(const struct session *s, const char *path)
{
    return strchr(path, '{') ||
           (path_below(path, s->tree.dir) != NULL && !path_below(s->tree.source, s->tree.dir));
}

static int workload_check_one(const struct session *s, const struct training *t, struct err *err)
{
    const char *program = t->command.n ? t->command.v[0] : "";
    if (!*program)
        return err_status(err, PGO_USAGE, "training '%s' has no command", t->name);
    /* A target may write its program anywhere; it is named as a dependency then. */
    bool built = workload_is_built(s, program) || (*program == '/' && t->depends.n);
    char *found = built ? str_dup(program) : fs_find_program(program, NULL);
    if (!found) {
        err_status(
            err, PGO_USAGE,
            "training '%s': the command '%s' is neither a target of the project nor a program%s",
            t->name, program, strchr(program, '/') ? " that can be run" : " on PATH");
        return err_hint(err, "name a target, a program on PATH or a full path");
    }
    free(found);
    for (size_t i = 0; i <= t->inputs.n; i++) {
        const char *input = i < t->inputs.n ? t->inputs.v[i] : t->std_in;
        if (input && !workload_is_built(s, input) && !fs_exists(input)) {
            err_status(err, PGO_FAILED, "training '%s' needs '%s', which is not there", t->name,
                       input);
            return err_hint(err, "nothing was built; make the file, or correct INPUTS or STDIN");
        }
    }
    return 0;
}

int workload_check(const struct session *s, struct err *err)
{
    size_t trained = s->plan.tests_n;
    int rc = 0;
    for (size_t i = 0; i < s->plan.n && rc == 0; i++) {
        trained += !s->plan.trainings[i].held_out;
        rc = workload_check_one(s, &s->plan.trainings[i], err);
    }
    if (rc == 0 && !trained) {
        struct vec names = VEC_INIT;
        s->tree.ops->test_names(&s->tree, &names);
        char *list = vec_some(&names, 10);
        rc = err_status(err, PGO_USAGE, "no training is declared for '%s'", s->tree.dir);
        if (names.n)
            err_hint(
                err,
                "declare one with pgo_add_training(), or train with the project's own tests by "
                "pgo_train_with_tests(REGEX …); they are: %s",
                list);
        else
            err_hint(
                err,
                "declare one: pgo_add_training(NAME COMMAND program argument…) after include(PGO)");
        free(list);
        vec_release(&names);
    }
    return rc;
}

int workload_plan(const struct session *s, const struct stage *stage, struct plan *out,
                  struct err *err)
{
    struct plan raw = PLAN_INIT;
    char *path = s->tree.ops->plan(&s->tree, stage->dir);
    char *tmp = tree_path(&s->tree, "scratch", "tmp");
    int rc = plan_read(path, &raw, err);
    for (size_t i = 0; i < raw.n && rc == 0; i++) {
        char *slug = training_slug(raw.trainings[i].name), *own = path_join(tmp, slug);
        const struct training_place place = {stage->dir, s->tree.source, s->dataset, own};
        struct training *t = plan_add(out, "");
        training_release(t);
        training_expand(t, &raw.trainings[i], &place);
        free(slug);
        free(own);
    }
    for (size_t i = 0; i < raw.tests_n && rc == 0; i++) {
        struct vec env = VEC_INIT;
        rc = stage_env(s, &env, err);
        if (rc == 0)
            rc = s->tree.ops->tests(&s->tree, stage, &raw.tests[i], &env, out, err);
        vec_release(&env);
    }
    free(path);
    free(tmp);
    plan_release(&raw);
    return rc;
}

void workload_exec_words(const struct training *t, struct vec *argv)
{
    vec_add(argv, exec_path());
    vec_add(argv, "exec");
    vec_addf(argv, "--timeout=%ld", t->timeout);
    vec_addf(argv, "--repeat=%ld", t->repeat);
    vec_addf(argv, "--cwd=%s", t->cwd);
    if (t->std_in)
        vec_addf(argv, "--stdin=%s", t->std_in);
    for (size_t i = 0; i < t->env.n; i++)
        vec_addf(argv, "--env=%s", t->env.v[i]);
}
