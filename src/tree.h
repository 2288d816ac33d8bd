/* A configured build directory of the user's, and the stage trees cloned from it: one table row of
   functions per build system. */
#ifndef PGO_TREE_H
#define PGO_TREE_H

#include "family.h"
#include "json.h"
#include "model.h"
#include "outdated.h"
#include "parts.h"
#include "plan.h"

struct tree {
    const struct tree_ops *ops;
    char *dir;    /* the user tree, spelled as its build system does */
    char *source; /* the project's source directory */
    char *home;   /* our folder in it */
    char *config; /* the configuration to build, of a tree that has several; else NULL */
    struct compiler compiler;
    struct compiler other; /* the one for C++ beside one for C; without a path when there is none */
    bool other_languages;  /* than C and C++: their compilers may link what we compile */
    struct vec machine;    /* the words for the compiler by which the project chooses the machine */
    void *state;           /* of the build system */
};

struct stage {
    const char *name;
    enum phase phase;
    char *dir;
    struct flags flags;
    char *profile;              /* of the stage use */
    const struct vec *excluded; /* names of targets that the command line excludes; not owned */
    struct map before, sources; /* of stage_prepare: what the user's files looked like */
};

/* How the user tree is configured, as far as something can be wrong with that. */
struct tree_setup {
    char *system;    /* the build system, with the version that configured the tree */
    char *generator; /* whose files it wrote */
    char *configure, *build, *tests; /* programs: the build system's, the build tool, for tests */
    char *type;                      /* of build, "" when there is none */
    /* Of the tree's compiler and the other one: what starts it, a launcher before it perhaps, and
       the options that settings give all that it compiles. */
    struct vec start[2], flags[2];
    struct vec link;     /* options that settings give all that is linked */
    struct map settings; /* which have options: name → those, a line each */
    struct map commands; /* options by which something is compiled, a line each → its target */
};

/* What a front end calls what can be declared; for messages. */
struct tree_words {
    const char *training, *held_out, *tests, *exclude; /* whole declarations */
    const char *timeout, *inputs, *depends;            /* attributes of a training */
    const char *dataset, *min_match, *min_coverage, *max_dropped, *atomic; /* settings */
};

/* Which of the tests that were run did not pass; fixtures of theirs may be among them. */
struct test_ends {
    struct vec failed, skipped;
};

enum test_end { TEST_PASSED, TEST_SKIPPED, TEST_FAILED };

/* How one that was run ended. */
enum test_end test_end(const struct test_ends *e, const char *name);
void test_ends_release(struct test_ends *e);

/* The label (CTest) or suite (Meson) of tests that are never trained on. */
#define TREE_HELD_OUT "pgo-held-out"

struct tree_install {
    const char *prefix, *component; /* NULL: the tree's own, all */
    bool strip;
};

struct tree_ops {
    const char *name; /* "cmake" */
    const struct tree_words *words;
    /* Whether the compiler is given sources relative to the build directory. */
    bool relative;
    /* Fills the tree when `t->dir` is a configured tree of this build system: 1; 0 when it is not
       of this system at all; -1 and err when it is but cannot be used. */
    int (*open)(struct tree *t, struct err *err);
    void (*close)(struct tree *t);
    /* Adds all of the user tree's settings that a stage tree is made from. */
    int (*parts)(const struct tree *t, struct map *parts, struct err *err);
    /* Makes or refreshes a stage tree as a clone. Objects in it are kept. */
    int (*configure)(const struct tree *t, const struct stage *s, const char *log, struct err *err);
    /* Builds everything, then `targets`; after an unclean end of the last build `unclean` is set.
     */
    int (*build)(const struct tree *t, const struct stage *s, const struct vec *targets, long jobs,
                 bool unclean, const struct vec *env, const char *log, struct err *err);
    /* What a build of a configured stage would do; nothing is done. */
    int (*outdated)(const struct tree *t, const struct stage *s, const struct vec *targets,
                    struct outdated *out, struct err *err);
    /* A text that changes whenever the tree was generated anew. The caller frees it. */
    char *(*model_id)(const struct tree *t, const struct stage *s);
    int (*model)(const struct tree *t, const struct stage *s, struct model *out, struct err *err);
    /* Reads what the project declares in a tree: the user's, or a stage's, which may differ. */
    int (*plan)(const struct tree *t, const char *dir, struct plan *out, struct err *err);
    /* Adds the project's own tests that `select` names as trainings to `out`; when it is NULL,
       those of the label TREE_HELD_OUT, which no selection takes, as held-out workloads. */
    int (*tests)(const struct tree *t, const struct stage *s, const struct plan_tests *select,
                 const struct vec *env, struct plan *out, struct err *err);
    /* Names of the project's own tests, of a label unless that is NULL, as far as they can be read
       without running anything; with a label also what may hold tests, which is known later. */
    void (*test_names)(const struct tree *t, const char *label, struct vec *names);
    /* A text that changes whenever the tests of a stage do; nothing is run. The caller frees it. */
    char *(*tests_id)(const struct tree *t, const struct stage *s);
    /* Adds the names of all tests of a built stage that `regex` fits (NULL: all), as run_tests
       takes them; to `missing` go those whose program is not built, to `named` the keys of
       tree_named(). */
    int (*list_tests)(const struct tree *t, const struct stage *s, const char *regex,
                      const struct vec *env, struct vec *names, struct vec *missing,
                      struct map *named, struct err *err);
    /* Runs those of `names`, under `wrap` (an argument vector in which {slug} is the test's slug)
       unless that is NULL. */
    int (*run_tests)(const struct tree *t, const struct stage *s, const struct vec *names,
                     const struct vec *wrap, const struct vec *env, long jobs, const char *log,
                     struct test_ends *out, struct err *err);
    int (*install)(const struct tree *t, const struct stage *s, const struct tree_install *how,
                   const char *log, struct err *err);
    /* Where it goes when no other prefix is given. */
    const char *(*prefix)(const struct tree *t);
    /* Whether a file of the user tree (relative path) may change while we work: the build tool's
     * own. */
    bool (*own_file)(const char *name);
    /* Whether the project's own build makes a file or directory of that name in the user tree. */
    bool (*makes)(const struct tree *t, const char *name);
    void (*setup)(const struct tree *t, struct tree_setup *out);
};

extern const struct tree_ops tree_cmake, tree_meson;

/* `config`: the configuration that is asked for, or NULL. */
int tree_open(struct tree *t, const char *dir, const char *config, struct err *err);
void tree_close(struct tree *t);
/* Whether a build system has been at work in a directory, though it may be of no use to us. */
bool tree_known(const char *dir);
/* Adds as keys the paths below the source directory, seen from `dir`, that a command's words may
   name. */
void tree_named(const struct tree *t, const struct json *words, const char *dir, struct map *out);
void tree_setup_release(struct tree_setup *s);
void stage_release(struct stage *s);
/* <home>/<a>[/<b>]; the caller frees it. */
char *tree_path(const struct tree *t, const char *a, const char *b);

/* What the user's files looked like; compared after we worked beside them. */
int tree_snapshot(const struct tree *t, struct map *out, struct err *err);
/* An error that names the first file of the user tree that is not as it was. */
int tree_compare(const struct tree *t, const struct map *before, struct err *err);
/* The same for source files outside the user tree; what differs is a warning that names them, says
   when it was, and who did it if it was no edit. */
int tree_sources(const struct tree *t, struct map *out, struct err *err);
int tree_warn_sources(const struct tree *t, const struct map *before, const char *when,
                      const char *who, struct err *err);
/* Names headers that the configure of a stage (config.h), where nothing was built yet, wrote with
   other content than in the user tree. */
void tree_warn_headers(const struct tree *t, const struct stage *s);

#endif
