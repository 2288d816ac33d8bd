#include "stats.h"

#include "buf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* xorshift64* (Vigna 2016). */
static uint64_t stats_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1du;
}

static double stats_resampled_median(const double *v, size_t n, double *room, uint64_t *state)
{
    for (size_t i = 0; i < n; i++)
        room[i] = v[(stats_random(state) >> 11) % n];
    return stats_median(room, n);
}

static struct interval stats_interval(double middle, double *resamples, size_t rounds)
{
    qsort(resamples, rounds, sizeof(*resamples), stats_compare);
    size_t low = (size_t)(0.025 * (double)rounds), high = (size_t)(0.975 * (double)rounds);
    if (high >= rounds)
        high = rounds - 1;
    return (struct interval){middle, resamples[low], resamples[high]};
}

struct interval stats_overall(double *const *samples, const size_t *counts, size_t n, size_t rounds)
{
    size_t most = 1;
    uint64_t state = 0x9e3779b97f4a7c15u;
    double middle = 0;
    for (size_t i = 0; i < n; i++)
        most = counts[i] > most ? counts[i] : most;
    double *room = mem_alloc(most * sizeof(*room)),
           *resamples = mem_alloc((rounds + 1) * sizeof(*resamples));
    for (size_t i = 0; i < n; i++) {
        memcpy(room, samples[i], counts[i] * sizeof(*room));
        middle += log(stats_median(room, counts[i])) / (double)n;
    }
    for (size_t k = 0; k < rounds; k++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += log(stats_resampled_median(samples[i], counts[i], room, &state));
        resamples[k] = exp(sum / (double)n);
    }
    struct interval result = stats_interval(exp(middle), resamples, rounds);
    free(room);
    free(resamples);
    return result;
}

struct interval stats_bootstrap(const double *v, size_t n, size_t rounds)
{
    double *copy = mem_alloc((n + 1) * sizeof(*copy));
    memcpy(copy, v, n * sizeof(*copy));
    struct interval result = stats_overall(&copy, &n, 1, rounds);
    free(copy);
    return result;
}

enum verdict stats_verdict(const struct interval *i)
{
    return i->low > 1 ? VERDICT_FASTER : i->high < 1 ? VERDICT_SLOWER : VERDICT_NONE;
}

const char *stats_verdict_text(enum verdict v)
{
    static const char *const texts[] = {"no difference shown", "faster", "slower"};
    return texts[v];
}
