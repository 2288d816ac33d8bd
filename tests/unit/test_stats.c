/* The numbers behind "faster" and "slower". */
#include "unit.h"

#include "stats.h"

#include <math.h>

static void check_near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-9 * fabs(want)))
        fail_msg("%.12g instead of %.12g", got, want);
}

static void test_median(void **state)
{
    double odd[] = {9, 1, 5}, even[] = {4, 1, 3, 2}, one[] = {7}, same[] = {2, 2, 2, 2};
    double tiny[] = {1e-9, -1, 1e9};
    (void)state;
    assert_true(stats_median(odd, 3) == 5);
    assert_true(stats_median(even, 4) == 2.5);
    assert_true(even[0] == 1 && even[3] == 4);
    assert_true(stats_median(one, 1) == 7);
    assert_true(stats_median(same, 4) == 2);
    assert_true(stats_median(tiny, 3) == 1e-9);
    assert_true(isnan(stats_median(one, 0)));
}

/* x(k) = 1 + k²/1000, shuffled; unlike ranks have unlike distances. */
static double value(size_t rank)
{
    return 1 + (double)(rank * rank) / 1000;
}

static void fill(double *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        v[i] = value(i * 4 % n + 1); /* n is odd: a permutation */
}

/* The distribution of the median of a resample of odd size n is known: it is at most x(k) when more
   than half of n draws, each with probability k/n, are. Its 2.5 % and 97.5 % quantiles are thus the
   first ranks k where sum over j > n/2 of C(n,j) (k/n)^j (1-k/n)^(n-j) reaches 0.025 and 0.975.
   Computed apart from this program, with Python's math.comb; the probabilities on both sides are
   so far from the limits that 20,000 rounds cannot hit another rank but by a wrong method:
     n = 11: .0072 | .0512 and .9488 | .9928;   n = 21: .0183 | .0557 and .9443 | .9817;
     n = 31: .0197 | .0479 and .9521 | .9803. */
static void test_interval_has_the_exact_ranks(void **state)
{
    static const struct {
        size_t n, low, high;
    } rows[] = {{11, 3, 9}, {21, 7, 15}, {31, 11, 21}};
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        double v[31];
        fill(v, rows[i].n);
        struct interval got = stats_bootstrap(v, rows[i].n, 20000);
        check_near(got.middle, value((rows[i].n + 1) / 2));
        check_near(got.low, value(rows[i].low));
        check_near(got.high, value(rows[i].high));
    }
}

static void test_same_data_same_answer(void **state)
{
    double v[21], before[21];
    (void)state;
    fill(v, 21);
    memcpy(before, v, sizeof(v));
    struct interval a = stats_bootstrap(v, 21, 500), b = stats_bootstrap(v, 21, 500);
    assert_memory_equal(v, before, sizeof(v));
    assert_true(a.low == b.low && a.middle == b.middle && a.high == b.high);
    assert_true(a.low < a.middle && a.middle < a.high);
}

static void test_few_values(void **state)
{
    const double one[] = {1.25}, same[] = {3, 3, 3, 3}, two[] = {1, 2};
    (void)state;
    struct interval i = stats_bootstrap(one, 1, 1000);
    check_near(i.low, 1.25);
    check_near(i.middle, 1.25);
    check_near(i.high, 1.25);
    i = stats_bootstrap(same, 4, 1000);
    check_near(i.low, 3);
    check_near(i.high, 3);
    /* a quarter of the resamples of two values is all of the one, a quarter all of the other */
    i = stats_bootstrap(two, 2, 1000);
    check_near(i.low, 1);
    check_near(i.middle, 1.5);
    check_near(i.high, 2);
}

/* No interval is shown by one round or none; the indices stay inside. */
static void test_few_rounds(void **state)
{
    double v[11];
    (void)state;
    fill(v, 11);
    for (size_t rounds = 1; rounds < 50; rounds++) {
        struct interval i = stats_bootstrap(v, 11, rounds);
        assert_true(i.low <= i.high);
        assert_true(i.low >= value(1) && i.high <= value(11));
    }
}

static void test_overall_is_the_geometric_mean(void **state)
{
    double a[] = {2, 2, 2}, b[] = {8, 8}, c[] = {0.5};
    double *const samples[] = {a, b, c};
    const size_t counts[] = {3, 2, 1};
    (void)state;
    struct interval i = stats_overall(samples, counts, 2, 200);
    check_near(i.middle, 4);
    check_near(i.low, 4);
    check_near(i.high, 4);
    check_near(stats_overall(samples, counts, 3, 200).middle, 2);
}

/* A workload that is four times as fast moves the mean of two by two, and so the interval. */
static void test_overall_scales(void **state)
{
    double a[11], b[11], c[11];
    double *const first[] = {a, b}, *const second[] = {a, c};
    const size_t counts[] = {11, 11};
    (void)state;
    fill(a, 11);
    fill(b, 11);
    for (size_t k = 0; k < 11; k++)
        c[k] = 4 * b[k];
    struct interval x = stats_overall(first, counts, 2, 2000);
    struct interval y = stats_overall(second, counts, 2, 2000);
    check_near(x.middle, value(6));
    check_near(y.middle, 2 * x.middle);
    check_near(y.low, 2 * x.low);
    check_near(y.high, 2 * x.high);
    /* two workloads together are known better than one alone */
    struct interval alone = stats_overall(first, counts, 1, 2000);
    assert_true(x.high - x.low < alone.high - alone.low);
}

static void test_verdict(void **state)
{
    static const struct {
        struct interval i;
        enum verdict want;
    } rows[] = {
        {{1.1, 1.05, 1.2}, VERDICT_FASTER}, {{0.9, 0.8, 0.95}, VERDICT_SLOWER},
        {{1.1, 0.99, 1.2}, VERDICT_NONE},   {{0.9, 0.8, 1.01}, VERDICT_NONE},
        {{1.1, 1.0, 1.2}, VERDICT_NONE},    {{0.9, 0.8, 1.0}, VERDICT_NONE},
        {{1.0, 1.0, 1.0}, VERDICT_NONE},    {{1.0001, 1.00001, 1.1}, VERDICT_FASTER},
        {{NAN, NAN, NAN}, VERDICT_NONE},
    };
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++)
        assert_int_equal(stats_verdict(&rows[i].i), rows[i].want);
    assert_string_equal(stats_verdict_text(VERDICT_FASTER), "faster");
    assert_string_equal(stats_verdict_text(VERDICT_SLOWER), "slower");
    assert_string_equal(stats_verdict_text(VERDICT_NONE), "no difference shown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_median),
        cmocka_unit_test(test_interval_has_the_exact_ranks),
        cmocka_unit_test(test_same_data_same_answer),
        cmocka_unit_test(test_few_values),
        cmocka_unit_test(test_few_rounds),
        cmocka_unit_test(test_overall_is_the_geometric_mean),
        cmocka_unit_test(test_overall_scales),
        cmocka_unit_test(test_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
