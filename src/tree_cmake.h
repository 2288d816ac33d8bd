/* What the files of the CMake build system share. */
#ifndef PGO_TREE_CMAKE_H
#define PGO_TREE_CMAKE_H

#include "cmake_cache.h"
#include "tree.h"

struct cmake_tree {
    struct cache cache;
    char *files;   /* CMakeFiles/<version> of the user tree */
    char *command; /* the cmake that configured it */
    char *plain;   /* a configuration without optimization that was asked for, or NULL */
};

/* cmake_config.c */
/* Whether one of CMake's "Ninja" generators made the tree. */
bool cmake_ninja(const struct tree *t);
/* Settles which of the tree's configurations is built, from the one asked for. */
int cmake_config(struct tree *t, struct err *err);

/* cmake_configure.c */
enum cmake_way {
    CMAKE_CLONE,
    CMAKE_AFRESH,
    CMAKE_RELEASE /* afresh, of that build type */
};
/* Writes the stage's flags where its configure reads them; only when they are new. */
int cmake_write_include(const struct stage *s, struct err *err);
/* Copies what the user's configure found out into the stage. */
int cmake_clone(const struct tree *t, const struct stage *s, struct err *err);
/* Runs CMake on the stage. */
int cmake_generate(const struct tree *t, const struct stage *s, enum cmake_way way, const char *log,
                   struct err *err);

/* cmake_way.c */
struct cmake_job {
    int (*run)(const struct tree *t, const struct stage *s, const struct cmake_job *job,
               const char *log, struct err *err);
    const struct vec *targets, *env;
    long jobs;
};
int cmake_configure(const struct tree *t, const struct stage *s, const char *log, struct err *err);
/* Builds; when it is a clone's first build and fails, on a stage that is configured afresh. */
int cmake_first_build(const struct tree *t, const struct stage *s, const struct cmake_job *build,
                      const char *log, struct err *err);

/* cmake_report.c */
/* Tells when another configuration is built than was asked for. */
void cmake_tell_config(const struct tree *t);
/* Tells what the last configure came to; its output stands in `log` behind `from` bytes. `first`:
   nothing was built in the stage yet. */
void cmake_report(const struct tree *t, const struct stage *s, bool first, const char *log,
                  long from);

/* cmake_deps.c */
/* Adds the arguments that have a stage use the user tree's dependencies, and copies the CMake code
   that the user's configure found in its build tree. */
int cmake_deps(const struct tree *t, const struct stage *s, struct vec *words, struct err *err);

/* cmake_setup.c */
void cmake_tree_setup(const struct tree *t, struct tree_setup *out);

/* cmake_presets.c */
/* Adds the presets' files. */
void cmake_presets_parts(const struct tree *t, struct map *parts);
/* Remembers the environment of the preset that the tree was configured by, if there is one. */
int cmake_presets(const struct tree *t, struct err *err);
/* Sets what it remembered. */
int cmake_presets_env(const struct tree *t, struct vec *env, struct err *err);

/* cmake_build.c */
int cmake_build(const struct tree *t, const struct stage *s, const struct vec *targets, long jobs,
                bool unclean, const struct vec *env, const char *log, struct err *err);
int cmake_outdated(const struct tree *t, const struct stage *s, const struct vec *targets,
                   struct outdated *out, struct err *err);
int cmake_install(const struct tree *t, const struct stage *s, const struct tree_install *how,
                  const char *log, struct err *err);
const char *cmake_prefix(const struct tree *t);

/* cmake_model.c */
char *cmake_model_id(const struct tree *t, const struct stage *s);
int cmake_model(const struct tree *t, const struct stage *s, struct model *out, struct err *err);
/* Asks CMake for the answers that cmake_model reads; before configuring. */
int cmake_model_ask(const char *dir, struct err *err);

/* cmake_tests.c */
char *cmake_ctest(const struct tree *t); /* the program; the caller frees it */
int cmake_tests(const struct tree *t, const struct stage *s, const struct plan_tests *select,
                const struct vec *env, struct plan *out, struct err *err);
void cmake_test_names(const struct tree *t, const char *label, struct vec *names);
char *cmake_tests_id(const struct tree *t, const struct stage *s);
int cmake_list_tests(const struct tree *t, const struct stage *s, const char *regex,
                     const struct vec *env, struct vec *names, struct vec *missing,
                     struct map *named, struct err *err);
int cmake_run_tests(const struct tree *t, const struct stage *s, const struct vec *names,
                    const struct vec *wrap, const struct vec *env, long jobs, const char *log,
                    struct test_ends *out, struct err *err);

#endif
