/* Runs the same workloads on two sides in turn until it is known how they compare, or the time is
   up. */
#ifndef PGO_BENCH_H
#define PGO_BENCH_H

#include "measure.h"

struct bench {
    struct measure_place place;
    const char *side[2]; /* what they are called */
    const char *dir[2];  /* of the programs, for what they print; NULL: nowhere special */
    long runs;           /* of each workload on each side; 0: see below */
    double precision;    /* of a ratio's interval: narrower is enough (0.01: 1 %) */
    double seconds;      /* for each workload */
    int cpu;             /* for what runs one thing at a time; -1: any; drawn by bench_run() */
    size_t workloads;    /* in all; set by bench_run() */
    bool check_output;   /* both sides must print the same */
};

/* Compares two workloads that are alike, and fills the row of that name. */
int bench_workload(const struct bench *b, const struct training *first,
                   const struct training *second, struct comparison_row *row, struct err *err);
/* Each workload that is in the plans of both sides, then the means; out->v stays empty when there
   is none. */
int bench_run(const struct bench *b, const struct plan *first, const struct plan *second,
              struct comparison *out, struct err *err);

#endif
