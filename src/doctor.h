/* `pgo doctor`: whether all that the stages need is there and works, before anything is built. One
   table of checks (cmd_doctor.c); each looks at one thing, and says what it found and how to mend
   it. */
#ifndef PGO_DOCTOR_H
#define PGO_DOCTOR_H

#include "opt.h"
#include "tree.h"

enum doctor_state {
    DOCTOR_NONE, /* there is nothing to say */
    DOCTOR_OK,
    DOCTOR_NOTE, /* nothing that fails, but the user may want to know */
    DOCTOR_MISSING,
    DOCTOR_WRONG
};

struct finding {
    enum doctor_state state;
    char *found, *mend; /* `mend` is NULL when there is nothing to do */
};

/* What the checks look at, and what earlier ones leave for later ones. */
struct doctor {
    const struct options *options;
    struct tree tree;        /* without `ops`: a compiler alone, if it could be found */
    struct tree_setup setup; /* of a tree; of a compiler alone only `start` */
    struct err refused;      /* why the tree, or the compiler, cannot be used */
    bool known;              /* there is a tree, of use or not */
    bool works;              /* the compilers, what starts them and what they start are there */
    struct tools tools;
    bool paired;   /* these are there */
    char *scratch; /* a directory of ours, removed at the end; no '%' in its path */
    char *runtime; /* the object file, or NULL */
};

typedef void doctor_check(struct doctor *d, struct finding *f);

/* Fills a finding; `mend` is copied, NULL for none. */
void doctor_say(struct finding *f, enum doctor_state state, const char *mend, const char *fmt, ...)
    PGO_PRINTF(4, 5);
/* The same from a failure: its message, the telling line of a tool, and its hint unless `mend` is
   given. */
void doctor_fail(struct finding *f, enum doctor_state state, const char *mend,
                 const struct err *err);

/* Whether a program that a tree names is there still. */
bool doctor_there(const char *program);

/* doctor_build.c: the tree. */
void doctor_tree(struct doctor *d, struct finding *f);
void doctor_tool(struct doctor *d, struct finding *f);
void doctor_tests(struct doctor *d, struct finding *f);
void doctor_launcher(struct doctor *d, struct finding *f);
void doctor_flags(struct doctor *d, struct finding *f);
void doctor_path(struct doctor *d, struct finding *f);
void doctor_write(struct doctor *d, struct finding *f);
void doctor_disk(struct doctor *d, struct finding *f);

/* doctor_compiler.c: the compilers, and what goes with them. */
void doctor_compilers(struct doctor *d, struct finding *f);
void doctor_tools(struct doctor *d, struct finding *f);
void doctor_linker(struct doctor *d, struct finding *f);
void doctor_lto(struct doctor *d, struct finding *f);
/* The package that has what a tool complains of, as a command; NULL when that is not known. */
char *doctor_package(const struct doctor *d, const char *complaint);

/* doctor_try.c: a program of five lines. */
void doctor_runtime(struct doctor *d, struct finding *f);
void doctor_try(struct doctor *d, struct finding *f);
/* Runs the compiler of that index (tree_setup) with more words, in the scratch directory or one in
   it. */
int doctor_compile(const struct doctor *d, size_t at, const struct vec *words, const char *dir,
                   const char *what, struct err *err);

/* doctor_machine.c */
void doctor_environment(struct doctor *d, struct finding *f);
void doctor_cpus(struct doctor *d, struct finding *f);
void doctor_perf(struct doctor *d, struct finding *f);
void doctor_counters(struct doctor *d, struct finding *f);
void doctor_branches(struct doctor *d, struct finding *f);
void doctor_bolt(struct doctor *d, struct finding *f);

#endif
