/* Statistics of paired measurements. */
#ifndef PGO_STATS_H
#define PGO_STATS_H

#include "base.h"

struct interval {
    double middle, low, high;
};

/* The middle value, the mean of the two middle ones of an even count; sorts `v`. NAN when n is 0.
 */
double stats_median(double *v, size_t n);
/* The median of v with its 95 % interval by the percentile bootstrap (Efron 1979): `rounds`
   resamples drawn by a fixed seed, so that the same data give the same answer. */
struct interval stats_bootstrap(const double *v, size_t n, size_t rounds);
/* Geometric mean over workloads of the medians in `medians`, resampled together: `samples` holds
   for each workload `n` ratios. */
struct interval stats_overall(double *const *samples, const size_t *counts, size_t n,
                              size_t rounds);

enum verdict { VERDICT_NONE, VERDICT_FASTER, VERDICT_SLOWER };
/* Of ratios baseline ÷ optimized: faster or slower only when the whole interval lies beyond 1. */
enum verdict stats_verdict(const struct interval *i);
const char *stats_verdict_text(enum verdict v);

#endif
