/* Builds and installs a stage tree. */
#include "fs.h"
#include "outdated.h"
#include "proc.h"
#include "tool.h"
#include "tree_cmake.h"

#include <stdlib.h>
#include <string.h>

/* Ninja and Make are called as `cmake --build` would, without the time that it takes to start. */
static void cmake_make_words(const struct tree *t, const struct stage *s, struct vec *words)
{
    const struct cmake_tree *c = t->state;
    vec_add(words, cache_get(&c->cache, "CMAKE_MAKE_PROGRAM"));
    vec_add(words, "-C");
    vec_add(words, s->dir);
    if (t->config) {
        vec_add(words, "-f");
        vec_addf(words, "build-%s.ninja", t->config);
    }
}

static int cmake_make(const struct tree *t, const struct stage *s, const struct cmake_job *job,
                      const char *log, struct err *err)
{
    struct vec words = VEC_INIT;
    cmake_make_words(t, s, &words);
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

/* What a build by Make asks CMake first: whether a file of the configure is newer than what it
 * wrote.
 */
static void cmake_list_newer(struct outdated *o)
{
    static const char start[] = "set(CMAKE_MAKEFILE_DEPENDS", each[] = "\n  \"";
    struct buf b = BUF_INIT;
    struct err ignored = ERR_INIT;
    char *path = path_join(o->dir, "CMakeFiles/Makefile.cmake");
    const char *list = fs_read(path, &b, &ignored) == 0 ? strstr(buf_str(&b), start) : NULL;
    const char *end = list ? strstr(list, "\n  )") : NULL;
    for (const char *at = end ? strstr(list, each) : NULL; at && at < end && !o->why;
         at = strstr(at + 1, each)) {
        const char *name = at + strlen(each);
        char *file = str_ndup(name, strcspn(name, "\""));
        outdated_newer(o, file, "CMakeFiles/cmake.check_cache");
        free(file);
    }
    free(path);
    buf_release(&b);
    err_release(&ignored);
}

int cmake_outdated(const struct tree *t, const struct stage *s, const struct vec *targets,
                   struct outdated *out, struct err *err)
{
    struct vec tool = VEC_INIT, goals = VEC_INIT;
    cmake_make_words(t, s, &tool);
    vec_add(&goals, "all");
    vec_all(&goals, targets);
    int rc = cmake_ninja(t) ? outdated_ninja(out, &tool, &goals, err)
                            : outdated_make(out, &tool, &goals, err);
    if (rc == 0 && !cmake_ninja(t))
        cmake_list_newer(out);
    vec_release(&tool);
    vec_release(&goals);
    return rc;
}

const char *cmake_prefix(const struct tree *t)
{
    const struct cmake_tree *c = t->state;
    return cache_get(&c->cache, "CMAKE_INSTALL_PREFIX");
}

int cmake_install(const struct tree *t, const struct stage *s, const struct tree_install *how,
                  const char *log, struct err *err)
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
    vec_add(&words, how->prefix ? how->prefix : cmake_prefix(t));
    if (how->component) {
        vec_add(&words, "--component");
        vec_add(&words, how->component);
    }
    if (how->strip)
        vec_add(&words, "--strip");
    int rc = tool_install(&words, log, err);
    vec_release(&words);
    return rc;
}
