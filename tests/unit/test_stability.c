/* Leaving out a training: overlaps, computed by hand from their definition, and what only one
 * reached. */
#include "unit.h"

#include "stability.h"

#define COUNTERS 2

struct part {
    const char *name;
    unsigned long long v[COUNTERS];
};

static void fill(struct counts *out, const struct part *parts, size_t n)
{
    *out = (struct counts){NULL, 0};
    for (size_t i = 0; i < n; i++) {
        struct counts_function *f = counts_add(out, str_dup(parts[i].name));
        f->v = mem_alloc(sizeof(parts[i].v));
        f->n = COUNTERS;
        memcpy(f->v, parts[i].v, sizeof(parts[i].v));
    }
}

static void near(double a, double b)
{
    assert_true(a - b < 1e-9 && b - a < 1e-9);
}

static void test_disjoint(void **state)
{
    const struct part a[] = {{"f", {10, 0}}}, b[] = {{"f", {0, 10}}};
    struct counts counts[2];
    struct stability s;
    (void)state;
    fill(&counts[0], a, 1);
    fill(&counts[1], b, 1);
    struct stability_input in[] = {{"a", 1, &counts[0]}, {"b", 1, &counts[1]}};
    stability_compute(in, 2, &s);
    near(s.v[0].overlap, 0.5);
    near(s.v[1].overlap, 0.5);
    assert_int_equal(s.v[0].functions, 0);
    assert_int_equal(s.v[0].blocks, 1);
    assert_false(s.v[0].adds_nothing);
    assert_int_equal(s.hot, 1);
    assert_int_equal(s.once_n, 0);
    stability_release(&s);
    in[0].weight = 3; /* 30 of 40 counts */
    stability_compute(in, 2, &s);
    near(s.v[0].overlap, 0.25);
    near(s.v[1].overlap, 0.75);
    stability_release(&s);
    counts_release(&counts[0]);
    counts_release(&counts[1]);
}

/* The same shares are the same profile, whatever the counts; a third one that reaches more is told.
 */
static void test_alike(void **state)
{
    const struct part a[] = {{"f", {10, 30}}}, b[] = {{"f", {20, 60}}};
    const struct part c[] = {{"f", {0, 20}}, {"g", {840, 0}}};
    struct counts counts[3];
    struct stability s;
    (void)state;
    fill(&counts[0], a, 1);
    fill(&counts[1], b, 1);
    fill(&counts[2], c, 2);
    struct stability_input in[] = {
        {"a", 1, &counts[0]}, {"b", 1, &counts[1]}, {"c", 1, &counts[2]}};
    stability_compute(in, 2, &s);
    near(s.v[0].overlap, 1);
    assert_true(!s.v[0].adds_nothing && s.v[1].adds_nothing); /* one is to stay */
    assert_int_equal(s.v[1].twin, 0);
    stability_release(&s);

    stability_compute(in, 3, &s);
    /* All: f 30 110, g 840 of 980. Without c: f 0.25 0.75. */
    near(s.v[2].overlap, 30.0 / 980 + 110.0 / 980);
    /* Without a: f 20 80, g 840 of 940. */
    near(s.v[0].overlap, 20.0 / 940 + 80.0 / 940 + 840.0 / 980);
    /* The second one shifts weight, but only as a higher weight of the first would. */
    assert_true(s.v[1].overlap < 0.99 && s.v[1].adds_nothing);
    assert_false(s.v[0].adds_nothing || s.v[2].adds_nothing);
    assert_int_equal(s.v[2].twin, 2);
    assert_int_equal(s.v[2].functions, 1);
    assert_int_equal(s.v[2].blocks, 1);
    assert_int_equal(s.hot, 2); /* g alone has 86 % */
    assert_int_equal(s.once_n, 1);
    assert_string_equal(s.once[0].function, "g");
    assert_int_equal(s.once[0].training, 2);
    near(s.once[0].share, 840.0 / 980);
    stability_release(&s);
    for (size_t i = 0; i < 3; i++)
        counts_release(&counts[i]);
}

static void test_nothing(void **state)
{
    const struct part a[] = {{"f", {5, 5}}};
    struct counts counts[2];
    struct stability s;
    (void)state;
    fill(&counts[0], a, 1);
    fill(&counts[1], a, 0);
    const struct stability_input in[] = {{"a", 1, &counts[0]}, {"idle", 1, &counts[1]}};
    stability_compute(in, 2, &s);
    near(s.v[0].overlap, 0);
    assert_true(s.v[1].adds_nothing);
    stability_release(&s);
    stability_compute(in + 1, 1, &s);
    near(s.v[0].overlap, 0);
    assert_int_equal(s.hot, 0);
    stability_release(&s);
    counts_release(&counts[0]);
    counts_release(&counts[1]);
}

/* What has the profile of an earlier one but for a little that this one does not reach is not its
   twin: left out with all of its own twins, that would be lost. */
static void test_little(void **state)
{
    const struct part a[] = {{"f", {100000, 200000}}, {"g", {0, 0}}};
    const struct part b[] = {{"f", {100000, 200001}}, {"g", {3, 1}}};
    struct counts counts[3];
    struct stability s;
    (void)state;
    fill(&counts[0], a, 2);
    fill(&counts[1], b, 2);
    fill(&counts[2], b, 2);
    const struct stability_input in[] = {
        {"a", 1, &counts[0]}, {"b", 1, &counts[1]}, {"c", 1, &counts[2]}};
    stability_compute(in, 2, &s);
    assert_int_equal(s.v[1].twin, 1);
    assert_int_equal(s.v[1].blocks, 2);
    assert_false(s.v[1].adds_nothing);
    stability_release(&s);
    stability_compute(in, 3, &s);
    assert_int_equal(s.v[1].blocks, 0);
    assert_int_equal(s.v[1].twin, 1);
    assert_int_equal(s.v[2].twin, 1);
    stability_release(&s);
    for (size_t i = 0; i < 3; i++)
        counts_release(&counts[i]);
}

/* Almost the same as a twin is not the same as what that is alike, which alone stays. */
static void test_chain(void **state)
{
    const unsigned long long more[] = {0, 10, 25};
    struct counts counts[3];
    struct stability_input in[3];
    struct stability s;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const struct part part = {"f", {10000, 10000 + more[i]}};
        fill(&counts[i], &part, 1);
        in[i] = (struct stability_input){"one", 1, &counts[i]};
    }
    stability_compute(in, 3, &s);
    assert_int_equal(s.v[1].twin, 0);
    assert_int_equal(s.v[2].twin, 2);
    stability_release(&s);
    stability_compute(in + 1, 2, &s);
    assert_int_equal(s.v[1].twin, 0);
    stability_release(&s);
    for (size_t i = 0; i < 3; i++)
        counts_release(&counts[i]);
}

#define MANY 40

/* Without one of many everything is as it was; those that are said to add nothing are so together:
   a part of them that is as good as all stays. */
static void test_many(void **state)
{
    struct counts counts[MANY];
    struct stability_input in[MANY];
    struct stability s;
    size_t nothing = 0;
    unsigned long long f = 0, g = 0, all_f = 0, all_g = 0;
    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        const struct part parts[] = {{"f", {10000, 10000 + 40 * i}}, {"g", {100, 100}}};
        fill(&counts[i], parts, 2);
        in[i] = (struct stability_input){"one", 1, &counts[i]};
    }
    stability_compute(in, MANY, &s);
    for (size_t i = 0; i < MANY; i++) {
        assert_true(s.v[i].overlap >= 0.9995 && !s.v[i].blocks);
        nothing += s.v[i].adds_nothing;
        all_f += counts[i].v[0].v[0];
        all_g += counts[i].v[0].v[1];
        f += s.v[i].adds_nothing ? 0 : counts[i].v[0].v[0];
        g += s.v[i].adds_nothing ? 0 : counts[i].v[0].v[1];
    }
    assert_in_range(nothing, 1, MANY - 1);
    double gone = (double)g / (double)(f + g) - (double)all_g / (double)(all_f + all_g);
    assert_true(gone < 0.0005 && gone > -0.0005);
    stability_release(&s);
    for (size_t i = 0; i < MANY; i++)
        counts_release(&counts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_disjoint), cmocka_unit_test(test_alike),
        cmocka_unit_test(test_little),   cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_many),     cmocka_unit_test(test_chain)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
