/* What the files of the Meson build system share. */
#ifndef PGO_TREE_MESON_H
#define PGO_TREE_MESON_H

#include "json.h"
#include "tree.h"

struct meson_tree {
    char *version;           /* of the Meson that configured it */
    struct vec compilers[2]; /* the words that start those for C and C++; empty for one not used */
    struct vec command;      /* which starts that Meson */
    char *ninja;
    char *project;
    struct map options; /* name → value, as -D takes it */
    /* Its compilers are all such that Meson can give them b_pgo, and leaves alone what they compile
       when it does: no Rust, for instance, which fails or gets profiles of its own. */
    bool takes_b_pgo;
};

#define MESON_NINJA_FILE "build.ninja"
#define MESON_DRIVER_FLAG "-DPGO_DRIVER" /* in what our own meson.build compiles */

/* tree_meson.c */
/* The words that start the compiler of a language in a build.ninja; none when there is no rule. */
void meson_compiler_words(const char *ninja, const char *language, struct vec *words);
extern const char *const meson_languages[2];

/* meson_info.c */
/* Reads meson-info/<name>.json of a build directory. */
int meson_read(const char *dir, const char *name, struct json *out, struct err *err);
int meson_options(const char *dir, struct map *out, struct err *err);
/* The option's value, "" when there is none of that name. */
const char *meson_option(const struct tree *t, const char *name);
/* The project's name as it stands in suites; the caller frees it. */
char *meson_suite_name(const struct tree *t);
/* Whether a test or benchmark, as introspection has it, is in a suite. */
bool meson_in_suite(const struct json *test, const char *suite);
int meson_plan(const struct tree *t, const char *dir, struct plan *out, struct err *err);

/* meson_setup.c */
void meson_tree_setup(const struct tree *t, struct tree_setup *out);

/* meson_stage.c */
int meson_configure(const struct tree *t, const struct stage *s, const char *log, struct err *err);
int meson_build(const struct tree *t, const struct stage *s, const struct vec *targets, long jobs,
                bool unclean, const struct vec *env, const char *log, struct err *err);
int meson_outdated(const struct tree *t, const struct stage *s, const struct vec *targets,
                   struct outdated *out, struct err *err);
int meson_install(const struct tree *t, const struct stage *s, const struct tree_install *how,
                  const char *log, struct err *err);
const char *meson_prefix(const struct tree *t);

/* meson_report.c */
/* Names checks that the last configure of a stage answered otherwise than that of the user tree. */
void meson_warn_probes(const struct tree *t, const struct stage *s);

/* meson_model.c */
char *meson_model_id(const struct tree *t, const struct stage *s);
int meson_model(const struct tree *t, const struct stage *s, struct model *out, struct err *err);
/* Reads the targets alone. */
int meson_targets(const struct stage *s, struct model *out, struct err *err);
/* Where Meson has the objects of a linked target or archive, below the stage, with a slash at the
   end; NULL for one without. The caller frees it. */
char *meson_private(const struct stage *s, const struct target *t);

/* meson_tests.c */
int meson_tests(const struct tree *t, const struct stage *s, const struct plan_tests *select,
                const struct vec *env, struct plan *out, struct err *err);
void meson_test_names(const struct tree *t, const char *label, struct vec *names);
char *meson_tests_id(const struct tree *t, const struct stage *s);
int meson_list_tests(const struct tree *t, const struct stage *s, const char *regex,
                     const struct vec *env, struct vec *names, struct vec *missing,
                     struct map *named, struct err *err);
int meson_run_tests(const struct tree *t, const struct stage *s, const struct vec *names,
                    const struct vec *wrap, const struct vec *env, long jobs, const char *log,
                    struct test_ends *out, struct err *err);

#endif
