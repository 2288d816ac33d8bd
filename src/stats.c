#include "stats.h"

#include "buf.h"

#include <math.h>
#include <stdlib.h>

static int stats_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double stats_median(double *v, size_t n)
{
    if (!n)
        return NAN;
    qsort(v, n, sizeof(*v), stats_compare);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

double stats_spread(double *v, size_t n)
{
    double middle = stats_median(v, n);
    return n && middle > 0 ? (v[n - 1 - n / 4] - v[n / 4]) / middle : 0;
}

size_t stats_rank(size_t n, double error)
{
    const double all = lgamma((double)n + 1) - (double)n * log(2);
    double below = 0; /* P(X <= k) */
    size_t k = 0;
    for (; k < n; k++) {
        below += exp(all - lgamma((double)k + 1) - lgamma((double)(n - k) + 1));
        if (2 * below > error)
            break;
    }
    return k;
}

struct interval stats_interval(double *v, size_t n, double error)
{
    struct interval out = {stats_median(v, n), 0, 0};
    size_t k = stats_rank(n, error);
    if (k) {
        out.low = v[k - 1];
        out.high = v[n - k];
    }
    return out;
}

struct interval stats_mean(const struct interval *v, size_t n)
{
    double middle = 0, low = 0, high = 0;
    bool limits = n > 0;
    for (size_t i = 0; i < n; i++) {
        middle += log(v[i].middle);
        limits = limits && v[i].low > 0;
        if (limits) {
            low += pow(log(v[i].middle / v[i].low), 2);
            high += pow(log(v[i].high / v[i].middle), 2);
        }
    }
    middle /= (double)n;
    return (struct interval){exp(middle), limits ? exp(middle - sqrt(low) / (double)n) : 0,
                             limits ? exp(middle + sqrt(high) / (double)n) : 0};
}

double stats_growth(const struct interval *i, double precision)
{
    double half = log(i->high / i->low) / 2 / precision;
    return half > 1 ? half * half : 1;
}

char *stats_limits(const struct interval *i)
{
    return i->low > 0 ? str_fmt(" [%.3f, %.3f]", i->low, i->high) : str_dup("");
}

enum verdict stats_verdict(const struct interval *i)
{
    return !(i->low > 0) ? VERDICT_UNKNOWN
           : i->low > 1  ? VERDICT_FASTER
           : i->high < 1 ? VERDICT_SLOWER
                         : VERDICT_NONE;
}

const char *stats_verdict_text(enum verdict v)
{
    static const char *const texts[] = {"no difference shown", "no difference shown", "faster",
                                        "slower"};
    return texts[v];
}
