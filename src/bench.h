/* The comparison: the same workloads on the baseline and on the optimized programs, interleaved. */
#ifndef PGO_BENCH_H
#define PGO_BENCH_H

#include "pipeline.h"
#include "stats.h"

struct bench_workload {
    char *name;
    bool held_out;
    double *ratios; /* baseline ÷ optimized, one per pair of runs */
    size_t n;
    double base, opt; /* median seconds of one run */
    struct interval ratio;
    char *failure; /* why it could not be compared, or NULL */
    char *log;     /* of that failure */
};

struct bench {
    struct bench_workload *v;
    size_t n;
    struct interval trained, held_out; /* geometric means; middle is 0 when there is none */
    struct interval all;
};

void bench_release(struct bench *b);
/* Runs each workload of the plans of both stages `pairs` times on both, in blocks ABBA. */
int bench_run(const struct session *s, const struct plan *baseline, const struct plan *use,
              long pairs, struct bench *out, struct err *err);

#endif
