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

static void test_spread(void **state)
{
    double v[] = {8, 1, 2, 3, 4, 5, 6, 7}, same[] = {3, 3, 3}, one[] = {4};
    (void)state;
    check_near(stats_spread(v, 8), (6.0 - 3.0) / 4.5);
    check_near(stats_spread(same, 3), 0);
    check_near(stats_spread(one, 1), 0);
}

/* For 5 %: one more than the critical values of the sign test, two-sided, as in Dixon and Massey,
   Introduction to Statistical Analysis, table A-10 (n = 6: 0, 9: 1, 12: 2, 15: 3, 17: 4, 20: 5,
   25: 7, 30: 9, 35: 11, 40: 13, 50: 17). Those and the others were also computed with Python's
   fractions and math.comb, without any rounding. */
static void test_rank(void **state)
{
    static const struct {
        size_t n, one_look, ten_looks;
    } rows[] = {{0, 0, 0},        {1, 0, 0},         {5, 0, 0},     {6, 1, 0},     {7, 1, 0},
                {8, 1, 1},        {9, 2, 1},         {11, 2, 1},    {12, 3, 2},    {15, 4, 3},
                {17, 5, 3},       {20, 6, 4},        {25, 8, 6},    {30, 10, 8},   {35, 12, 10},
                {40, 14, 12},     {50, 18, 16},      {100, 40, 37}, {200, 86, 82}, {1000, 469, 460},
                {1500, 712, 701}, {5000, 2431, 2410}};
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        assert_int_equal(stats_rank(rows[i].n, STATS_ONE_LOOK), rows[i].one_look);
        assert_int_equal(stats_rank(rows[i].n, STATS_TEN_LOOKS), rows[i].ten_looks);
    }
    assert_int_equal(stats_rank(STATS_LEAST, STATS_TEN_LOOKS), 1);
    assert_int_equal(stats_rank(STATS_LEAST - 1, STATS_TEN_LOOKS), 0);
}

/* Every way in which the ratios of two equal programs can fall on either side of 1: how many say
   that they differ. That is the error, to the last one. */
static void test_error_is_what_it_should_be(void **state)
{
    static const struct {
        size_t n;
        double error;
        long wrong;
    } rows[] = {{8, STATS_TEN_LOOKS, 2},     /* C(8,0), twice */
                {10, STATS_ONE_LOOK, 22},    /* C(10,0) + C(10,1) */
                {12, STATS_ONE_LOOK, 158},   /* and C(12,2) */
                {15, STATS_TEN_LOOKS, 242}}; /* C(15,0) to C(15,2) */
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        long wrong = 0;
        for (unsigned signs = 0; signs < 1u << rows[i].n; signs++) {
            double v[15];
            for (size_t k = 0; k < rows[i].n; k++)
                v[k] = exp((signs >> k & 1 ? 1 : -1) * (double)(k + 1) / 100);
            struct interval got = stats_interval(v, rows[i].n, rows[i].error);
            wrong += stats_verdict(&got) != VERDICT_NONE;
        }
        assert_int_equal(wrong, rows[i].wrong);
        assert_true((double)wrong / (double)(1u << rows[i].n) <= rows[i].error);
    }
}

static void test_interval(void **state)
{
    double v[] = {1.09, 1.01, 1.05, 1.03, 1.07, 1.02, 1.04, 1.08, 1.06};
    double few[] = {1.2, 1.1};
    (void)state;
    struct interval got = stats_interval(v, 9, STATS_ONE_LOOK);
    assert_true(got.low == 1.02 && got.middle == 1.05 && got.high == 1.08);
    got = stats_interval(v, 9, STATS_TEN_LOOKS);
    assert_true(got.low == 1.01 && got.middle == 1.05 && got.high == 1.09);
    got = stats_interval(few, 2, STATS_ONE_LOOK);
    check_near(got.middle, 1.15);
    assert_true(got.low == 0);
    assert_int_equal(stats_verdict(&got), VERDICT_UNKNOWN);
}

/* Computed by the formula of the paper in Python. */
static void test_mean(void **state)
{
    const struct interval v[] = {{1.2, 1.1, 1.4}, {0.9, 0.8, 0.95}, {1.05, 1.04, 1.06}};
    const struct interval unknown[] = {{2, 1.9, 2.1}, {8, 0, 0}};
    (void)state;
    struct interval one = stats_mean(v, 1), two = stats_mean(v, 2), three = stats_mean(v, 3);
    check_near(one.middle, 1.2);
    check_near(one.low, 1.1);
    check_near(one.high, 1.4);
    check_near(two.middle, 1.03923048454133);
    check_near(two.low, 0.965858411312702);
    check_near(two.high, 1.12767648384728);
    check_near(three.middle, 1.04280799346593);
    check_near(three.low, 0.993025027865611);
    check_near(three.high, 1.10126683153216);
    struct interval none = stats_mean(unknown, 2);
    check_near(none.middle, 4);
    assert_true(none.low == 0);
}

/* Half the width takes four times the data. */
static void test_growth(void **state)
{
    const struct interval wide = {1, exp(-0.02), exp(0.02)}, narrow = {1, 0.999, 1.001};
    (void)state;
    check_near(stats_growth(&wide, 0.01), 4);
    check_near(stats_growth(&wide, 0.02), 1);
    check_near(stats_growth(&narrow, 0.01), 1);
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
        {{NAN, NAN, NAN}, VERDICT_UNKNOWN}, {{1.2, 0, 0}, VERDICT_UNKNOWN},
        {{0.8, 0, 0}, VERDICT_UNKNOWN},
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
        cmocka_unit_test(test_median),   cmocka_unit_test(test_spread),
        cmocka_unit_test(test_rank),     cmocka_unit_test(test_error_is_what_it_should_be),
        cmocka_unit_test(test_interval), cmocka_unit_test(test_mean),
        cmocka_unit_test(test_growth),   cmocka_unit_test(test_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
