/* Statistics of paired measurements. Nothing is assumed of how they are distributed. */
#ifndef PGO_STATS_H
#define PGO_STATS_H

#include "base.h"

/* A ratio and the limits of what it may be; without limits (`low` is 0) when there is too little
   data for any. All are above 0. */
struct interval {
    double middle, low, high;
};

/* The error that one look at the data may have, and that each of ten may have for 5 % in all, when
   they are evenly spaced and each can end it by what it finds (Pocock, "Group sequential methods in
   the design and analysis of clinical trials", Biometrika 64, 1977, table 1). */
#define STATS_ONE_LOOK 0.05
#define STATS_TEN_LOOKS 0.0106
/* Values from which there is an interval with each of these errors. */
#define STATS_LEAST_ONCE 6
#define STATS_LEAST 8
/* By how much an interval's half width must be below a difference that is to be shown in four of
   five cases: (1.96 + 0.84) / 1.96, by the normal distribution. */
#define STATS_POWER 1.43

/* The middle value, the mean of the two middle ones of an even count; sorts `v`. NAN when n is 0.
 */
double stats_median(double *v, size_t n);
/* The distance between the quarters of v, as a share of its median; sorts `v`. */
double stats_spread(double *v, size_t n);
/* Which of n sorted values, counted from 1 and from either end, is the limit of an interval that
   misses the median with a probability of at most `error`: the largest k with 2 P(X < k) <= error,
   X binomial of n and 1/2. That is the sign test turned round (Conover, Practical Nonparametric
   Statistics, 3.2). 0 when n is too small. */
size_t stats_rank(size_t n, double error);
/* The median of v and that interval; sorts `v`. */
struct interval stats_interval(double *v, size_t n, double error);
/* Geometric mean of independent ratios. Its limits are recovered from theirs: on the scale of
   logarithms their distances to the middle add up as squares do (Zou and Donner, "Construction of
   confidence limits about effect measures", Statistics in Medicine 27, 2008). No limits when one
   has none. */
struct interval stats_mean(const struct interval *v, size_t n);
/* How many times the data it takes until the half width of the interval, which shrinks with the
   square root of their number, is `precision` (0.01: 1 %); at least 1. */
double stats_growth(const struct interval *i, double precision);

/* " [1.020, 1.060]", or nothing when there are none; the caller frees it. */
char *stats_limits(const struct interval *i);

/* Unknown: there is too little data for an interval; none: no difference is shown. */
enum verdict { VERDICT_UNKNOWN, VERDICT_NONE, VERDICT_FASTER, VERDICT_SLOWER };
/* Of ratios baseline ÷ optimized: faster or slower only when the whole interval lies beyond 1. */
enum verdict stats_verdict(const struct interval *i);
const char *stats_verdict_text(enum verdict v);

#endif
