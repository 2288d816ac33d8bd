/* What a verdict rests on, over runs that are made up: in which order they are made, by which time
   they are judged, how often the data is looked at, and what a gate over several workloads asks
   for. */
#include "unit.h"

#include "bench.h"

#include <time.h>

/* What the runs say; the ratio of block i is ratios[i], 1.05 beyond. */
static struct {
    const double *ratios;
    size_t ratios_n;
    double busy;     /* CPU time of wall-clock time */
    size_t slow;     /* the run, warm-ups included, that takes 1.2 s in earnest; 0: none */
    size_t runs;     /* done */
    char order[400]; /* the sides of all runs */
    int pinned[400];
} fake;

#define WARM_UPS 4

void sample_release(struct sample *s)
{
    free(s->failure);
    free(s->log);
}

int measure_run(const struct measure_place *place, const struct training *t, const char *side,
                long inside, int cpu, struct sample *out, struct err *err)
{
    (void)place, (void)t, (void)inside, (void)err;
    size_t block = fake.runs < WARM_UPS ? 0 : (fake.runs - WARM_UPS) / 4;
    double ratio = block < fake.ratios_n ? fake.ratios[block] : 1.05;
    assert_true(fake.runs < sizeof(fake.order) - 1);
    fake.order[fake.runs] = *side;
    fake.pinned[fake.runs++] = cpu;
    if (fake.runs == fake.slow)
        nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 200000000}, NULL);
    memset(out, 0, sizeof(*out));
    out->v[MEASURE_WALL] = 0.02 * (*side == 'a' ? ratio : 1);
    out->v[MEASURE_CPU] = fake.busy * 0.02 * (*side == 'a' ? ratio : 1);
    return 0;
}

static void fake_runs(const double *ratios, size_t n, double busy)
{
    memset(&fake, 0, sizeof(fake));
    fake.ratios = ratios;
    fake.ratios_n = n;
    fake.busy = busy;
}

/* One of so many workloads. */
static struct comparison compare(long runs, double seconds, size_t workloads)
{
    const struct bench b = {.side = {"a", "b"},
                            .runs = runs,
                            .precision = 0.001,
                            .seconds = seconds,
                            .workloads = workloads};
    struct plan plan = PLAN_INIT;
    struct comparison out = {0};
    struct err err = ERR_INIT;
    struct training *t = plan_add(&plan, "w");
    assert_int_equal(bench_workload(&b, t, t, comparison_add(&out, "w", false), &err), 0);
    plan_release(&plan);
    err_release(&err);
    return out;
}

/* Five of twenty blocks below 1, so that the sixth, the limit of a single look (2 P(X < 6) = 0.041
   of twenty), is above it; the fourth, the limit of one of ten (2 P(X < 4) = 0.0026), is not. */
static const double mixed[20] = {0.99,  1.021, 1.022, 0.98,  1.023, 1.024, 1.025,
                                 0.97,  1.026, 1.027, 1.028, 0.96,  1.029, 1.031,
                                 1.032, 0.95,  1.033, 1.034, 1.035, 1.036};

static void test_order(void **state)
{
    bool first[2] = {false, false};
    (void)state;
    fake_runs(NULL, 0, 1);
    struct comparison c = compare(80, 0, 1);
    assert_int_equal(c.v[0].runs, 80);
    assert_int_equal(fake.runs, WARM_UPS + 160);
    for (size_t i = WARM_UPS; i < fake.runs; i += 4) {
        const char *block = fake.order + i;
        assert_true(strncmp(block, "abba", 4) == 0 || strncmp(block, "baab", 4) == 0);
        first[*block == 'b'] = true;
    }
    assert_true(first[0] && first[1]); /* by chance not once in 10^11 */
    comparison_release(&c);
}

static void test_time_that_counts(void **state)
{
    (void)state;
    fake_runs(NULL, 0, 1);
    struct comparison c = compare(20, 0, 1);
    assert_int_equal(c.v[0].metric, MEASURE_CPU);
    assert_true(c.v[0].pinned);
    assert_int_equal(fake.pinned[WARM_UPS], 0);
    comparison_release(&c);
    fake_runs(NULL, 0, 0.5); /* it waits for something */
    c = compare(20, 0, 1);
    assert_int_equal(c.v[0].metric, MEASURE_WALL);
    comparison_release(&c);
    fake_runs(NULL, 0, 1.9); /* several at once */
    c = compare(20, 0, 1);
    assert_int_equal(c.v[0].metric, MEASURE_WALL);
    assert_false(c.v[0].pinned);
    assert_int_equal(fake.pinned[WARM_UPS], -1);
    comparison_release(&c);
}

static void test_one_look(void **state)
{
    (void)state;
    fake_runs(mixed, PGO_COUNT(mixed), 1);
    struct comparison c = compare(40, 0, 1);
    assert_float_equal(c.v[0].ratio.low, 1.021, 1e-9);
    assert_int_equal(stats_verdict(&c.v[0].ratio), VERDICT_FASTER);
    assert_int_equal(c.v[0].sure, VERDICT_FASTER);
    comparison_release(&c);
}

/* Of twenty workloads one looks faster by chance: a gate over all asks each for more. */
static void test_many_workloads(void **state)
{
    (void)state;
    fake_runs(mixed, PGO_COUNT(mixed), 1);
    struct comparison c = compare(40, 0, 20);
    assert_int_equal(stats_verdict(&c.v[0].ratio), VERDICT_FASTER);
    assert_int_equal(c.v[0].sure, VERDICT_NONE);
    comparison_release(&c);
}

/* The same data, looked at twice: at eight blocks, and when the time is up, which is in the
 * twentieth. */
static void test_two_looks(void **state)
{
    (void)state;
    fake_runs(mixed, PGO_COUNT(mixed), 1);
    fake.slow = WARM_UPS + 4 * 20;
    struct comparison c = compare(0, 1, 1);
    assert_int_equal(c.v[0].runs, 40);
    assert_float_equal(c.v[0].ratio.low, 0.98, 1e-9);
    assert_int_equal(stats_verdict(&c.v[0].ratio), VERDICT_NONE);
    comparison_release(&c);
}

/* The narrow interval of eight blocks does not end it: they say nothing at the error of one of two.
 */
static void test_ends_when_all_can_be_known(void **state)
{
    static const double slower[20] = {0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95,
                                      0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95};
    (void)state;
    fake_runs(slower, PGO_COUNT(slower), 1);
    struct comparison c = compare(0, 600, 2);
    assert_true(c.v[0].runs > 2 * STATS_LEAST);
    assert_int_equal(c.v[0].sure, VERDICT_SLOWER);
    comparison_release(&c);
    fake_runs(slower, PGO_COUNT(slower), 1);
    c = compare(12, 0, 2);
    assert_int_equal(stats_verdict(&c.v[0].ratio), VERDICT_SLOWER);
    assert_int_equal(c.v[0].sure, VERDICT_UNKNOWN);
    comparison_release(&c);
}

static void test_ends_when_known(void **state)
{
    (void)state;
    fake_runs(NULL, 0, 1);
    struct comparison c = compare(0, 600, 1);
    assert_int_equal(c.v[0].runs, 2 * STATS_LEAST);
    assert_float_equal(c.v[0].ratio.middle, 1.05, 1e-9);
    assert_int_equal(stats_verdict(&c.v[0].ratio), VERDICT_FASTER);
    comparison_release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_time_that_counts),
        cmocka_unit_test(test_one_look),
        cmocka_unit_test(test_many_workloads),
        cmocka_unit_test(test_two_looks),
        cmocka_unit_test(test_ends_when_known),
        cmocka_unit_test(test_ends_when_all_can_be_known),
    };
    return UNIT_RUN(tests);
}
