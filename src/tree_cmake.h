/* What the files of the CMake build system share. */
#ifndef PGO_TREE_CMAKE_H
#define PGO_TREE_CMAKE_H

#include "cmake_cache.h"
#include "tree.h"

struct cmake_tree {
    struct cache cache;
    char *files;   /* CMakeFiles/<version> of the user tree */
    char *command; /* the cmake that configured it */
};

/* cmake_model.c */
char *cmake_model_id(const struct tree *t, const struct stage *s);
int cmake_model(const struct tree *t, const struct stage *s, struct model *out, struct err *err);
/* Asks CMake for the answers that cmake_model reads; before configuring. */
int cmake_model_ask(const char *dir, struct err *err);
/* Whether any object of the stage is compiled with an optimization level above 0. */
bool cmake_model_optimized(const char *dir);

/* cmake_tests.c */
int cmake_tests(const struct tree *t, const struct stage *s, const struct plan_tests *select,
                const struct vec *env, struct plan *out, struct err *err);
void cmake_test_names(const struct tree *t, struct vec *names);
int cmake_run_tests(const struct tree *t, const struct stage *s, const struct vec *names,
                    const struct vec *wrap, const struct vec *env, long jobs, const char *log,
                    struct vec *failed, struct err *err);

#endif
