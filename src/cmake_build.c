/* Builds and installs a stage tree. */
#include "fs.h"
#include "proc.h"
#include "tool.h"
#include "tree_cmake.h"

#include <stdlib.h>
#include <string.h>

/* Ninja and Make are called as `cmake --build` would, without the time that it takes to start. */
static int cmake_make(const struct tree *t, const struct stage *s, const struct cmake_job *job,
                      const char *log, struct err *err)
{
    const struct cmake_tree *c = t->state;
    struct vec words = VEC_INIT;
    vec_add(&words, cache_get(&c->cache, "CMAKE_MAKE_PROGRAM"));
    vec_add(&words, "-C");
    vec_add(&words, s->dir);
    if (t->config) {
        vec_add(&words, "-f");
        vec_addf(&words, "build-%s.ninja", t->config);
    }
    vec_addf(&words, "-j%ld", job->jobs);
    vec_all(&words, job->targets);
    /* Compilers name their directory by PWD when it is true, and Make's shells make it so. */
    struct vec spelled = VEC_INIT;
    vec_all(&spelled, job->env);
    proc_set_env(&spelled, "PWD", s->dir);
    char *what = str_fmt("building the stage '%s'", s->name);
    int rc = cmake_presets_env(t, &spelled, err);
    if (rc == 0)
        rc = tool_run(&words, NULL, &spelled, log, what, err);
    vec_release(&spelled);
    free(what);
    vec_release(&words);
    return rc;
}

int cmake_build(const struct tree *t, const struct stage *s, const struct vec *targets, long jobs,
                bool unclean, const struct vec *env, const char *log, struct err *err)
{
    struct vec clean = VEC_INIT, all = VEC_INIT;
    struct cmake_job job = {cmake_make, &clean, env, jobs};
    int rc = cmake_write_include(s, err);
    if (s->phase == PHASE_INSTRUMENT)
        cmake_tell_config(t);
    vec_add(&clean, "clean");
    vec_add(&all, "all");
    vec_all(&all, targets);
    /* Make takes a half-written file of a killed build for a good one; Ninja does not. */
    if (rc == 0 && unclean && !cmake_ninja(t))
        rc = cmake_make(t, s, &job, log, err);
    job.targets = &all;
    if (rc == 0)
        rc = cmake_first_build(t, s, &job, log, err);
    vec_release(&clean);
    vec_release(&all);
    return rc;
}

int cmake_install(const struct tree *t, const struct stage *s, const char *prefix,
                  const char *component, const char *log, struct err *err)
{
    const struct cmake_tree *c = t->state;
    struct vec words = VEC_INIT;
    const char *start[] = {c->command, "--install", s->dir, NULL};
    vec_words(&words, start);
    if (t->config) {
        vec_add(&words, "--config");
        vec_add(&words, t->config);
    }
    /* One in the user tree was moved into the stage, like all that is written there. */
    vec_add(&words, "--prefix");
    vec_add(&words, prefix ? prefix : cache_get(&c->cache, "CMAKE_INSTALL_PREFIX"));
    if (component) {
        vec_add(&words, "--component");
        vec_add(&words, component);
    }
    int rc = tool_install(&words, log, err);
    vec_release(&words);
    return rc;
}
