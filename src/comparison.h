/* The result of a comparison: what each workload took on both sides. `pgo compare` makes and prints
   it; kept as the state record "compare", it is read by all that tell of it. */
#ifndef PGO_COMPARISON_H
#define PGO_COMPARISON_H

#include "footprint.h"
#include "stats.h"

enum measure { MEASURE_WALL, MEASURE_CPU, MEASURE_MEMORY, MEASURE_INSTRUCTIONS, MEASURES };

struct comparison_row {
    char *name;
    bool held_out;
    bool test;                  /* one of the project's own tests */
    enum measure metric;        /* of which the ratio is: wall-clock or CPU time */
    long runs;                  /* of each side */
    long inside;                /* of a short program: executions that are taken as one run */
    double middle[MEASURES][2]; /* medians of one execution: s, s, KiB, number; 0: not counted */
    struct interval ratio;      /* first side ÷ second, so that above 1 the second is faster */
    enum verdict sure; /* at an error that all workloads share, for gates over all of them */
    double spread;     /* of the times of one side, the larger one: stats_spread() */
    bool pinned;       /* to one CPU */
    char *failure;     /* why it could not be compared, or NULL */
    char *log;         /* of that failure */
    char workload[HASH_HEX + 1]; /* what was run: workload_hash(); "" when it is not kept */
    char parts[HASH_HEX + 1]; /* with what it read of ours: workload_parts_hash(); of a test "" */
    struct map files;         /* others that it named and only read: workload_files() */
};

struct comparison {
    struct comparison_row *v;
    size_t n;
    char *side[2];                     /* what the two are called */
    struct interval trained, held_out; /* geometric means; middle is 0 when there is none */
    struct footprint footprint;        /* of the stages; of other comparisons none */
    char *profile;                     /* the hash of the profile of the second one, or NULL */
    char *tests;        /* what the project's own tests were: tests_id() of the baseline */
    bool same_programs; /* of comparison_read: both stages' are still those that were compared */
};

void comparison_release(struct comparison *c);
struct comparison_row *comparison_add(struct comparison *c, const char *name, bool held_out);
/* The means, of the rows that did not fail. */
void comparison_means(struct comparison *c);
/* The mean that counts: of what was held out, else of what was trained. */
const struct interval *comparison_mean(const struct comparison *c);
/* Runs of each side that it takes, beyond those there are, to show a difference of 1 % in four of
   five cases; 0 when there are as many. */
long comparison_more(const struct comparison_row *row);
/* "no difference shown (about 40 more runs would show 1 %)"; the caller frees it. */
char *comparison_verdict(const struct comparison_row *row);

/* `m` gets the rows and more; what is in it already stays. */
void comparison_save(const struct comparison *c, struct map *m);
/* False when there is none, or one of another version of pgo. */
bool comparison_read(const struct session *s, struct comparison *out);
/* Warns of a long run that the last comparison knows to be much shorter without instrumentation. */
void comparison_warn(const struct session *s, const struct train_records *all);

#endif
