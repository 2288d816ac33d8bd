/* What is known of a tree and of what pgo made of it: one model, of which `status` and `check` are
   views. Reading it builds, configures and runs nothing of the project's, and writes nothing. */
#ifndef PGO_FACTS_H
#define PGO_FACTS_H

#include "comparison.h"
#include "own_tests.h"

enum facts_state {
    FACTS_NONE,   /* not made, never run */
    FACTS_FRESH,  /* as it would be made now */
    FACTS_STALE,  /* what it is made from has changed */
    FACTS_WAITS,  /* made from something that is not fresh itself: known once that is made again */
    FACTS_BROKEN, /* a stage whose last configure or build did not end, a record that is damaged */
    FACTS_FAILED  /* a training: its last run */
};

enum facts_phase { FACTS_INSTRUMENT, FACTS_USE, FACTS_BASELINE, FACTS_STAGES };

struct facts_stage {
    const char *name;
    char *dir;
    enum facts_state state;
    char *why;  /* what changed, or did not end; NULL when it is fresh or was not made */
    long steps; /* of the build tool that are to be done; -1: not known */
};

struct facts_training {
    char *name;
    bool given; /* by the command line */
    bool test;  /* one of the project's own tests */
    bool held_out;
    long weight;
    char *command; /* its words, quoted for a shell; NULL: not known */
    /* A held-out workload is never run to train: FACTS_NONE until it was compared, then as the
       comparison is. */
    enum facts_state state;
    char *why;                   /* what changed, how it failed; NULL when it is fresh */
    struct train_record *record; /* its last run, in `records`; NULL: there was none */
    size_t only;                 /* functions that no other ran, when `only_known` */
};

struct facts_profile {
    enum facts_state state; /* FACTS_NONE: nothing was merged */
    char *why;
    char *hash, *path;     /* NULL: none */
    char *dataset;         /* what it was trained on */
    struct vec trained_by; /* names of the trainings that it was merged from */
    unsigned long long bytes, functions, covered, max_count, raw_files, dropped;
};

struct facts {
    /* Of the tree; the strings are the session's. */
    const char *dir, *source, *dataset, *config; /* config: NULL when it has only one */
    const char *system;                          /* "cmake", "meson" */
    const struct compiler *compiler;
    const struct plan *given; /* what is remembered of the command line */
    char *busy;               /* another pgo that works on the tree, or NULL */
    char *runtime_missing;    /* why programs have the compiler's runtime alone; "" when they have
                                 pgo's; NULL: not tried yet */
    struct facts_stage stages[FACTS_STAGES];
    struct facts_training *trainings;
    size_t trainings_n;
    struct train_records records; /* of all that have a directory, declared or not */
    bool only_known;
    struct facts_profile profile;
    bool matched; /* `evidence` is there, and of this profile */
    struct evidence evidence;
    bool compared;     /* there is a comparison */
    bool compared_now; /* it is of this profile and these programs, and both stages are fresh */
    struct comparison comparison;
    struct vec not_compared; /* workloads that it has no row of as they are declared now, and rows
                                of none */
    bool tested;             /* there is a result of the project's own tests */
    struct own_tests tests;
    char *archive; /* where the profile is to be put: --archive, else where it was put last */
    bool archived; /* this profile is there, with its manifest */
};

/* With s->runtime as the last run had it from then on. */
int facts_read(struct session *s, struct facts *out, struct err *err);
void facts_release(struct facts *f);
const char *facts_state_text(enum facts_state state); /* "fresh" */

#endif
