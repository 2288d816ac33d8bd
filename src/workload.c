#include "workload.h"

#include "exec.h"
#include "fs.h"

#include <stdlib.h>
#include <string.h>

#define WORKLOAD_RUNS 1000000 /* in a row, the most that `pgo exec` takes */

/* The program that the first word of a command names: a target of that name, or one whose program
   has it; NULL when there is none. With `after`, the one before, another such target. */
static const struct target *workload_target(const struct model *m, const char *word,
                                            const struct target *after)
{
    const struct target *t = model_target(m, word);
    if (t && t->kind == TARGET_PROGRAM)
        return after ? NULL : t;
    for (t = after ? after + 1 : m->targets; t < m->targets + m->targets_n; t++)
        if (t->kind == TARGET_PROGRAM && strcmp(path_base(t->artifact), word) == 0)
            return t;
    return NULL;
}

/* The program in a stage that a word of the command line names: a target, or a path in the user's
   tree. NULL when it is neither; the caller frees it. */
static char *workload_program(const struct session *s, const struct stage *stage,
                              const struct model *model, const char *word)
{
    const struct target *target = workload_target(model, word, NULL);
    const char *below = path_below(word, s->tree.dir);
    char *path = target ? str_dup(target->artifact) : below ? path_join(stage->dir, below) : NULL;
    for (size_t i = 0; i < model->targets_n && path; i++)
        if (strcmp(model->targets[i].artifact, path) == 0)
            return path;
    free(path);
    return NULL;
}

static const struct target *workload_library(const struct model *m, const char *word)
{
    for (size_t i = 0; i < m->targets_n; i++)
        if (m->targets[i].kind != TARGET_PROGRAM &&
            (strcmp(m->targets[i].name, word) == 0 ||
             strcmp(path_base(m->targets[i].artifact), word) == 0))
            return &m->targets[i];
    return NULL;
}

static void workload_need(struct vec *targets, const char *name)
{
    if (!vec_has(targets, name))
        vec_add(targets, name);
}

static void workload_need_programs(const struct model *model, const struct training *t,
                                   bool held_out, struct vec *targets)
{
    struct vec words = VEC_INIT;
    training_programs(t, &words);
    for (size_t i = 0; i < words.n && (held_out || !t->held_out); i++) {
        const struct target *target = workload_target(model, words.v[i], NULL);
        if (target)
            workload_need(targets, target->goal);
    }
    vec_release(&words);
}

void workload_depends(const struct session *s, const struct model *model, bool held_out,
                      struct vec *targets)
{
    for (size_t i = 0; i < s->plan.n; i++) {
        const struct training *t = &s->plan.trainings[i];
        for (size_t k = 0; k < t->depends.n && (held_out || !t->held_out); k++)
            workload_need(targets, t->depends.v[k]);
        if (t->server.n || t->also.n)
            workload_need_programs(model, t, held_out, targets);
    }
    for (size_t i = 0; i < s->given.n; i++)
        workload_need_programs(model, &s->given.trainings[i], held_out, targets);
}

/* Whether a path is only there once a stage is built. */
static bool workload_is_built(const struct session *s, const char *path)
{
    return strchr(path, '{') ||
           (path_below(path, s->tree.dir) != NULL && !path_below(s->tree.source, s->tree.dir));
}

static int workload_no_program(const struct training *t, const char *program,
                               const struct vec *targets, struct err *err)
{
    const char *near = vec_nearest(targets, program);
    err_status(err, PGO_USAGE,
               "training '%s': the command '%s' is neither a target of the project nor a program%s",
               t->name, program, strchr(program, '/') ? " that can be run" : " on PATH");
    if (near)
        return err_hint(err, "did you mean the target '%s'?", near);
    return err_hint(err, "name a target, a program on PATH or a full path; a target that is new in "
                         "the sources is known once your build directory is configured again");
}

static bool workload_is_program(const char *word)
{
    char *found = fs_find_program(word);
    free(found);
    return found != NULL;
}

/* Only a comparison needs those of a held-out workload, and says in its row when one is missing. */
static int workload_check_inputs(const struct session *s, const struct training *t, struct err *err)
{
    const struct training_place place = {.source = s->tree.source};
    int rc = 0;
    if (t->held_out)
        return 0;
    for (size_t i = 0; i <= t->inputs.n && rc == 0; i++) {
        const char *text = i < t->inputs.n ? t->inputs.v[i] : t->std_in;
        char *input = text ? training_fill(text, &place) : NULL;
        if (input && !workload_is_built(s, input) && !fs_exists(input)) {
            rc = err_status(err, PGO_FAILED, "training '%s' needs '%s', which is not there",
                            t->name, input);
            err_hint(err,
                     "nothing was built; make the file, or correct %s (--train anew forgets "
                     "--input and --stdin)",
                     s->tree.ops->words->inputs);
        }
        free(input);
    }
    return rc;
}

/* The program of a declared training as it is named outside of a stage: a path is relative to the
   working directory, which is a stage's own when none is declared. The caller frees it. */
static char *workload_named(const struct session *s, const struct training *t)
{
    const struct training_place place = {.source = s->tree.source};
    char *program = training_fill(t->command.v[0], &place);
    if (strchr(program, '/') && *program != '/') {
        char *cwd = training_fill(t->cwd ? t->cwd : "", &place), *dir = path_join("{build}", cwd);
        char *path = path_join(dir, program);
        free(program);
        program = *path == '/' ? path_abs(path) : str_dup(path);
        free(cwd);
        free(dir);
        free(path);
    }
    return program;
}

static int workload_check_declared(const struct session *s, const struct training *t,
                                   struct err *err)
{
    const struct vec none = VEC_INIT;
    if (!t->command.n || !*t->command.v[0])
        return err_status(err, PGO_USAGE, "training '%s' has no command", t->name);
    char *program = workload_named(s, t);
    /* A target of the project is also named as a dependency. */
    bool found = workload_is_built(s, program) || vec_has(&t->depends, program) ||
                 workload_is_program(program);
    int rc = found ? workload_check_inputs(s, t, err) : workload_no_program(t, program, &none, err);
    free(program);
    return rc;
}

static int workload_none(const struct session *s, struct err *err)
{
    static const char give[] = "give one, --train 'NAME=PROGRAM ARGUMENT…', or declare one";
    const struct tree_words *words = s->tree.ops->words;
    struct vec names = VEC_INIT;
    s->tree.ops->test_names(&s->tree, NULL, &names);
    char *list = vec_some(&names, 10);
    err_status(err, PGO_USAGE, "no training is declared for '%s'", s->tree.dir);
    if (names.n)
        err_hint(err,
                 "%s, %s; or train with the project's own tests, --train-with-tests REGEX or %s: "
                 "%s",
                 give, words->training, words->tests, list);
    else
        err_hint(err, "%s, %s", give, words->training);
    free(list);
    vec_release(&names);
    return -1;
}

int workload_check_only(const struct session *s, const struct plan *plan, const struct plan *other,
                        struct err *err)
{
    const struct plan *both[] = {plan, other};
    struct vec names = VEC_INIT, held_out = VEC_INIT;
    int rc = 0;
    for (size_t k = 0; k < PGO_COUNT(both); k++)
        for (size_t i = 0; both[k] && i < both[k]->n; i++)
            vec_add(both[k]->trainings[i].held_out ? &held_out : &names,
                    both[k]->trainings[i].name);
    for (size_t i = 0; i < s->only.n && rc == 0; i++) {
        const char *name = s->only.v[i], *near = vec_nearest(&names, name);
        if (vec_has(&names, name))
            continue;
        rc = err_status(err, PGO_USAGE,
                        vec_has(&held_out, name) ? "'%s' is held out: it is never trained on"
                                                 : "there is no training '%s'",
                        name);
        char *list = names.n ? vec_some(&names, 10) : str_dup("none");
        if (near)
            err_hint(err, "did you mean '%s'?", near);
        else
            err_hint(err, "the trainings are: %s", list);
        free(list);
    }
    vec_release(&names);
    vec_release(&held_out);
    return rc;
}

/* Whether its attributes fit together, and with --repeat. */
static int workload_check_attributes(const struct session *s, const struct training *t,
                                     struct err *err)
{
    if (training_check(t, err) != 0)
        return -1;
    if (t->held_out || t->repeat <= WORKLOAD_RUNS / s->iterations)
        return 0;
    return err_status(err, PGO_USAGE,
                      "training '%s': %ld times its %ld runs are more than the %d that can be",
                      t->name, s->iterations, t->repeat, WORKLOAD_RUNS);
}

int workload_check(const struct session *s, struct err *err)
{
    size_t trained = s->plan.tests_n + s->given.tests_n;
    int rc = 0;
    for (size_t i = 0; i < s->plan.n && rc == 0; i++) {
        trained += !s->plan.trainings[i].held_out;
        rc = workload_check_declared(s, &s->plan.trainings[i], err);
        if (rc == 0)
            rc = workload_check_attributes(s, &s->plan.trainings[i], err);
    }
    for (size_t i = 0; i < s->given.n && rc == 0; i++) {
        trained += !s->given.trainings[i].held_out;
        rc = workload_check_inputs(s, &s->given.trainings[i], err);
        if (rc == 0)
            rc = workload_check_attributes(s, &s->given.trainings[i], err);
    }
    if (rc == 0 && !trained)
        return workload_none(s, err);
    /* The project's own tests are known once a stage is built. */
    if (rc == 0 && !s->plan.tests_n && !s->given.tests_n)
        rc = workload_check_only(s, &s->plan, &s->given, err);
    return rc;
}

int workload_not_timed(const struct session *s, struct err *err)
{
    err_status(err, PGO_USAGE,
               "nothing is declared that can be timed: the project's own tests, "
               "which '%s' is trained with, are not",
               s->tree.dir);
    return err_hint(err, "give a workload, --held-out 'NAME=PROGRAM ARGUMENT…', or declare one, %s",
                    s->tree.ops->words->held_out);
}

int workload_check_timed(const struct session *s, struct err *err)
{
    if (workload_check(s, err) != 0)
        return -1;
    struct vec names = VEC_INIT;
    s->tree.ops->test_names(&s->tree, TREE_HELD_OUT, &names);
    bool any = s->plan.n || s->given.n || names.n;
    vec_release(&names);
    return any ? 0 : workload_not_timed(s, err);
}

/* Where programs are looked for. */
struct workload_in {
    const struct session *s;
    const struct stage *stage;
    const struct model *model;
    struct vec programs; /* of a training, in the order of training_resolve */
    size_t at;
};

/* The first of two would be run in silence. */
static int workload_check_name(const struct model *m, const struct training *t, const char *word,
                               struct err *err)
{
    const struct target *first = workload_target(m, word, NULL);
    const struct target *second = first ? workload_target(m, word, first) : NULL;
    if (!second)
        return 0;
    err_status(err, PGO_USAGE,
               "training '%s': the command '%s' is the program of the targets '%s' and '%s'",
               t->name, word, first->name, second->name);
    return err_hint(err, "name one of these targets");
}

/* What a training that the command line gives names to be run. */
static int workload_check_word(const struct workload_in *in, const struct training *t,
                               const char *word, const struct vec *programs, struct err *err)
{
    const struct target *library = workload_library(in->model, word);
    char *program = workload_program(in->s, in->stage, in->model, word);
    int rc = 0;
    if (program)
        rc = workload_check_name(in->model, t, word, err);
    else if (*word == '{' || workload_is_program(word))
        rc = 0;
    else if (library)
        rc = err_status(err, PGO_USAGE,
                        "training '%s': the target '%s' is a library, which cannot be run", t->name,
                        word);
    else
        rc = workload_no_program(t, word, programs, err);
    free(program);
    return rc;
}

static int workload_check_words(const struct workload_in *in, const struct training *t, bool given,
                                const struct vec *programs, struct err *err)
{
    struct vec words = VEC_INIT;
    int rc = 0;
    training_programs(t, &words);
    for (size_t i = 0; i < words.n && rc == 0; i++)
        rc = given ? workload_check_word(in, t, words.v[i], programs, err)
                   : workload_check_name(in->model, t, words.v[i], err);
    vec_release(&words);
    return rc;
}

int workload_check_targets(const struct session *s, const struct stage *stage,
                           const struct model *model, struct err *err)
{
    struct vec all = VEC_INIT, programs = VEC_INIT;
    int rc = 0;
    for (size_t i = 0; i < model->targets_n; i++) {
        vec_add(&all, model->targets[i].name);
        if (model->targets[i].kind == TARGET_PROGRAM)
            vec_add(&programs, model->targets[i].name);
    }
    const struct workload_in in = {.s = s, .stage = stage, .model = model};
    for (size_t i = 0; i < s->plan.n && rc == 0; i++)
        rc = workload_check_words(&in, &s->plan.trainings[i], false, &programs, err);
    for (size_t i = 0; i < s->given.n && rc == 0; i++)
        rc = workload_check_words(&in, &s->given.trainings[i], true, &programs, err);
    for (size_t i = 0; i < s->given.excluded.n && rc == 0; i++) {
        const char *name = s->given.excluded.v[i], *near = vec_nearest(&all, name);
        if (vec_has(&all, name))
            continue;
        rc = err_status(err, PGO_USAGE, "'--exclude': there is no target '%s' with code", name);
        if (near)
            err_hint(err, "did you mean '%s'?", near);
    }
    vec_release(&all);
    vec_release(&programs);
    return rc;
}

/* The next of the words as they were declared: a path of one may have a brace of its own. */
static char *workload_find(const char *word, void *arg)
{
    struct workload_in *in = arg;
    (void)word;
    return workload_program(in->s, in->stage, in->model, in->programs.v[in->at++]);
}

static void workload_take(const struct session *s, const struct stage *stage,
                          const struct model *model, const struct training *from, struct plan *out)
{
    char *slug = training_slug(from->name), *tmp = tree_path(&s->tree, "scratch", "tmp");
    char *own = path_join(tmp, slug);
    const struct training_place place = {stage->dir, s->tree.source, s->dataset, own, NULL};
    struct training *t = plan_add(out, "");
    training_release(t);
    training_expand(t, from, &place);
    struct workload_in in = {.s = s, .stage = stage, .model = model};
    training_programs(from, &in.programs);
    training_resolve(t, workload_find, &in);
    vec_release(&in.programs);
    free(slug);
    free(tmp);
    free(own);
}

/* Adds the project's own tests that `from` chooses. */
static int workload_tests(const struct session *s, const struct stage *stage,
                          const struct plan *from, struct plan *out, struct err *err)
{
    struct vec env = VEC_INIT;
    int rc = from->tests_n ? stage_env(s, &env, err) : 0;
    for (size_t i = 0; i < from->tests_n && rc == 0; i++)
        rc = s->tree.ops->tests(&s->tree, stage, &from->tests[i], &env, out, err);
    vec_release(&env);
    return rc;
}

/* Those that are held out by their label are of interest in a comparison alone. */
static int workload_held_out_tests(const struct session *s, const struct stage *stage,
                                   struct plan *out, struct err *err)
{
    struct vec env = VEC_INIT, names = VEC_INIT;
    int rc = 0;
    s->tree.ops->test_names(&s->tree, TREE_HELD_OUT, &names);
    if (names.n && stage->phase != PHASE_INSTRUMENT)
        rc = stage_env(s, &env, err);
    if (rc == 0 && names.n && stage->phase != PHASE_INSTRUMENT)
        rc = s->tree.ops->tests(&s->tree, stage, NULL, &env, out, err);
    vec_release(&env);
    vec_release(&names);
    return rc;
}

int workload_check_tests(const struct session *s, const struct stage *stage, struct err *err)
{
    struct plan found = PLAN_INIT;
    int rc = workload_tests(s, stage, &s->given, &found, err);
    plan_release(&found);
    return rc;
}

/* What a stage's plan declares and the command line gave; `raw` gets the former. */
static int workload_take_all(const struct session *s, const struct stage *stage,
                             const struct model *model, struct plan *raw, struct plan *out,
                             struct err *err)
{
    const struct plan *both[] = {raw, &s->given};
    int rc = s->tree.ops->plan(&s->tree, stage->dir, raw, err);
    for (size_t k = 0; k < PGO_COUNT(both); k++)
        for (size_t i = 0; i < both[k]->n && rc == 0; i++)
            workload_take(s, stage, model, &both[k]->trainings[i], out);
    return rc;
}

int workload_declared(const struct session *s, const struct stage *stage, const struct model *model,
                      struct plan *out, struct err *err)
{
    struct plan raw = PLAN_INIT;
    int rc = workload_take_all(s, stage, model, &raw, out, err);
    plan_release(&raw);
    return rc;
}

int workload_plan(const struct session *s, const struct stage *stage, const struct model *model,
                  struct plan *out, struct err *err)
{
    struct plan raw = PLAN_INIT;
    const struct plan *both[] = {&raw, &s->given};
    int rc = workload_take_all(s, stage, model, &raw, out, err);
    for (size_t k = 0; k < PGO_COUNT(both) && rc == 0; k++)
        rc = workload_tests(s, stage, both[k], out, err);
    if (rc == 0)
        rc = workload_held_out_tests(s, stage, out, err);
    for (size_t i = 0; i < out->n && stage->phase == PHASE_INSTRUMENT; i++)
        out->trainings[i].repeat *= s->iterations;
    plan_release(&raw);
    return rc;
}

void workload_hash(const struct training *t, const char *build, char hex[HASH_HEX + 1])
{
    const struct vec *const all[] = {&t->command, &t->also, &t->server, &t->env};
    const char *const places[] = {t->cwd, t->std_in};
    struct hash h;
    hash_init(&h);
    for (size_t i = 0; i < PGO_COUNT(all); i++) {
        for (size_t k = 0; k < all[i]->n; k++) {
            char *word = str_replace(all[i]->v[k], build, "{build}");
            hash_str(&h, word);
            free(word);
        }
        hash_str(&h, NULL);
    }
    for (size_t i = 0; i < PGO_COUNT(places); i++) {
        char *place = places[i] ? str_replace(places[i], build, "{build}") : NULL;
        hash_str(&h, place);
        free(place);
    }
    hash_hex(&h, hex);
}

void workload_exec_words(const struct training *t, struct vec *argv)
{
    vec_add(argv, exec_path());
    vec_add(argv, "exec");
    vec_addf(argv, "--timeout=%ld", t->timeout);
    vec_addf(argv, "--repeat=%ld", t->repeat);
    vec_addf(argv, "--cwd=%s", t->cwd);
    if (t->tmp)
        vec_addf(argv, "--tmp=%s", t->tmp);
    if (t->std_in)
        vec_addf(argv, "--stdin=%s", t->std_in);
    for (size_t i = 0; i < t->env.n; i++)
        vec_addf(argv, "--env=%s", t->env.v[i]);
    for (size_t i = 0; i < t->also.n; i++)
        vec_addf(argv, "--also=%s", t->also.v[i]);
    if (t->parallel)
        vec_add(argv, "--parallel");
    if (!t->server.n)
        return;
    for (size_t i = 0; i < t->server.n; i++)
        vec_addf(argv, "--server=%s", t->server.v[i]);
    for (size_t i = 0; i < t->ready.n; i++)
        vec_addf(argv, "--ready=%s", t->ready.v[i]);
    vec_addf(argv, "--ready-timeout=%ld", t->ready_timeout);
    vec_addf(argv, "--stop=%s", t->stop ? t->stop : "TERM");
    vec_addf(argv, "--grace=%ld", t->grace);
}
