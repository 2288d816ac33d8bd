/* The plan: what a front end declared, in text. Written by cmake/PGO.cmake at generate time:
     pgo-plan 1
     setting <name> <value>       dataset, min_match, min_coverage, max_dropped, atomic, waive
     training <name>              followed by its lines, one attribute each, and an empty line:
       arg <word>  weight <n>  timeout <s>  repeat <n>  input <file>  env <k=v>  stdin <file>
       cwd <dir>  depends <target>  serial 1  held-out 1  server <word>  also <words, joined by the
       byte 31>  parallel 1  ready <word>  stop <signal>  grace <s>  ready-timeout <s>
     tests                        the project's own tests: regex, exclude, label, weight
     exclude <target>             compiled without profile flags
     end
   What the command line declares is kept in the same form (given.h). */
#ifndef PGO_PLAN_H
#define PGO_PLAN_H

#include "training.h"

struct plan_tests {
    char *regex, *exclude; /* NULL: all, none */
    struct vec labels;
    long weight;
};

struct plan {
    struct map settings;
    struct training *trainings;
    size_t n;
    struct plan_tests *tests;
    size_t tests_n;
    struct vec excluded;
};

#define PLAN_INIT                                                                                  \
    {                                                                                              \
        MAP_INIT, NULL, 0, NULL, 0, VEC_INIT                                                       \
    }

void plan_release(struct plan *p);
/* A missing file is an empty plan. A damaged one is an error that names file and line. */
int plan_read(const char *path, struct plan *p, struct err *err);
/* The same text again; the caller frees it. */
char *plan_text(const struct plan *p);
/* Appends an empty training (or choice of tests) and returns it; owned by the plan. */
struct training *plan_add(struct plan *p, const char *name);
struct plan_tests *plan_add_tests(struct plan *p);
/* The training of that name, or NULL. */
struct training *plan_find(const struct plan *p, const char *name);
/* Removes the training, the choice of tests by that expression and the exclusion of that name, as
   far as they are there; adds what it was to `removed`. */
void plan_remove(struct plan *p, const char *name, struct vec *removed);

#endif
