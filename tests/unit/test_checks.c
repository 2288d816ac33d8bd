/* The checklist, over facts that are made up: what passes, what fails, and what is not known. */
#include "unit.h"

#include "checks.h"

static struct session session;
static struct facts facts;
static struct facts_training training;
static struct comparison_row rows[2];
static const char *own_test; /* the one that the project declares */

static void test_names(const struct tree *t, const char *label, struct vec *out)
{
    (void)t;
    if (own_test && !label)
        vec_add(out, own_test);
}

static const struct tree_ops ops = {.test_names = test_names};

/* Facts of which all is well but that no test was run and the profile was put nowhere. */
static int setup(void **state)
{
    static char *trained[] = {"parse"};
    (void)state;
    session = (struct session){.tree.ops = &ops, .min_match = 50, .max_dropped = 10};
    own_test = "sums";
    training = (struct facts_training){.name = "parse", .state = FACTS_FRESH, .weight = 1};
    rows[0] = (struct comparison_row){.name = "parse",
                                      .middle = {[MEASURE_MEMORY] = {2000, 2010}},
                                      .ratio = {1.1, 1.05, 1.2},
                                      .sure = VERDICT_FASTER};
    rows[1] = (struct comparison_row){.name = "load",
                                      .held_out = true,
                                      .middle = {[MEASURE_MEMORY] = {1000, 900}},
                                      .ratio = {1.05, 1.01, 1.1},
                                      .sure = VERDICT_NONE};
    facts = (struct facts){
        .stages = {{.name = "instrument", .state = FACTS_FRESH},
                   {.name = "use", .state = FACTS_FRESH},
                   {.name = "baseline", .state = FACTS_FRESH}},
        .trainings = &training,
        .trainings_n = 1,
        .profile = {.state = FACTS_FRESH,
                    .hash = "0123",
                    .trained_by = {trained, 1},
                    .functions = 200,
                    .covered = 90,
                    .max_count = 5000,
                    .raw_files = 10},
        .matched = true,
        .evidence = {.functions = {.matched = 90, .unmatched = 10}, .units = 4},
        .compared = true,
        .compared_now = true,
        .comparison = {
            .v = rows, .n = 2, .trained = {1.1, 1.05, 1.2}, .held_out = {1.05, 1.01, 1.1}}};
    return 0;
}

static struct checks make(const char *waived)
{
    struct checks all;
    struct err err = ERR_INIT;
    struct vec names = VEC_INIT;
    if (waived)
        vec_add(&names, waived);
    const struct check_limits limits = {5, &names};
    assert_int_equal(checks_make(&session, &facts, &limits, &all, &err), 0);
    vec_release(&names);
    return all;
}

/* The result of one check; its text is to contain `text`. */
static void expect(const char *name, const char *result, const char *text)
{
    struct checks all = make(NULL);
    bool found = false;
    for (size_t i = 0; i < all.n; i++) {
        if (strcmp(all.v[i].name, name) != 0)
            continue;
        found = true;
        assert_string_equal(check_result_text(&all.v[i]), result);
        if (!strstr(all.v[i].text, text))
            fail_msg("'%s' is not in '%s'", text, all.v[i].text);
    }
    assert_true(found);
    checks_release(&all);
}

static void test_well(void **state)
{
    (void)state;
    expect("fresh", "pass", "1 training and the profile");
    expect("profile", "pass", "90 of 200 functions ran (45.0 %), highest count 5000");
    expect("merge", "pass", "10 raw profiles");
    expect("match", "pass", "90 of 100 functions found their profile (90.0 %");
    expect("gain", "pass", "held out 1.050 [1.010, 1.100], trained on 1.100 [1.050, 1.200]");
    expect("memory", "pass", "at most +0.5 %: parse");
    expect("tests", "unknown", "'pgo test' does it");
    expect("archived", "fail", "--profile-dir");
}

static void test_stale(void **state)
{
    (void)state;
    facts.stages[FACTS_USE].state = FACTS_STALE;
    facts.stages[FACTS_USE].why = "a.c is newer";
    training.state = FACTS_FAILED;
    training.why = "training 'parse' failed: it exited with status 7";
    expect("fresh", "fail",
           "use: a.c is newer, training 'parse' failed: it exited with status 7; 'pgo use' runs it "
           "again, once that is mended");
    facts.stages[FACTS_USE].state = training.state = FACTS_WAITS;
    expect("fresh", "fail", "not known; 'pgo use' brings");
    facts.busy = "process 1 (pgo use)";
    expect("fresh", "fail", "not known; process 1 (pgo use) works on it");
}

static void test_small_profile(void **state)
{
    (void)state;
    facts.profile.max_count = 999;
    expect("profile", "fail", "wanted are 5 % and 1000");
    facts.profile.max_count = 1000;
    facts.profile.covered = 9;
    expect("profile", "fail", "(4.5 %)");
    session.min_coverage = 4;
    expect("profile", "pass", "(4.5 %)");
    facts.profile.dropped = 2;
    expect("merge", "fail", "2 dropped");
    session.min_match = 95;
    expect("match", "fail", "wanted are 95 %");
    facts.profile.hash = NULL;
    expect("profile", "fail", "there is none");
}

/* What was held out counts; one workload that is slower does as well. */
static void test_gain(void **state)
{
    (void)state;
    facts.comparison.held_out.low = 0.99;
    expect("gain", "fail", "no gain is shown");
    facts.comparison.held_out.low = 1;
    expect("gain", "fail", "no gain is shown");
    facts.comparison.held_out.low = 1.01;
    rows[0].sure = VERDICT_UNKNOWN;
    expect("gain", "unknown", "too few runs to tell: parse");
    rows[0].sure = VERDICT_NONE;
    expect("gain", "pass", "held out 1.050");
    facts.comparison.held_out = (struct interval){0, 0, 0};
    expect("gain", "pass", "trained on 1.100");
    vec_add(&facts.not_compared, "new");
    expect("gain", "unknown", "not compared as declared now: new");
    expect("memory", "unknown", "not compared as declared now: new");
    rows[1].middle[MEASURE_MEMORY][1] = 4000;
    expect("memory", "fail", "not compared as declared now: new");
    vec_release(&facts.not_compared);
    rows[0].sure = VERDICT_SLOWER;
    expect("gain", "fail", "slower: parse");
    rows[0].failure = "it broke";
    expect("gain", "fail", "not compared: parse");
    facts.compared_now = false;
    expect("gain", "unknown", "other programs than these");
    expect("size", "unknown", "other programs than these");
}

static void test_size_and_memory(void **state)
{
    (void)state;
    expect("size", "unknown", "not measured");
    struct footprint_program program = {
        .name = "prog",
        .bytes = {
            [FOOTPRINT_TEXT] = {90000, 200000, 95000}, [FOOTPRINT_DATA] = {10000, 20000, 10000}}};
    facts.comparison.footprint = (struct footprint){.v = &program, .n = 1};
    expect("size", "pass", "105.0 kB, the baseline's 100.0 kB (+5.0 %, allowed are 5 %)");
    program.bytes[FOOTPRINT_TEXT][FOOTPRINT_USE] = 96000;
    expect("size", "fail", "(+6.0 %");

    rows[1].middle[MEASURE_MEMORY][1] = 1060;
    expect("memory", "pass", "(less than 1 MB more tells nothing)");
    rows[1].middle[MEASURE_MEMORY][0] = 100000;
    rows[1].middle[MEASURE_MEMORY][1] = 106000;
    expect("memory", "fail", "at most +6.0 %: load");
    rows[0].failure = rows[1].failure = "it broke";
    expect("memory", "unknown", "not measured");
}

/* A profile of which nothing tells what it is of; one that was put somewhere. */
static void test_profile_of_others(void **state)
{
    (void)state;
    facts.profile.trained_by.n = 0;
    expect("merge", "unknown", "another version of pgo");
    facts.archive = "/there";
    expect("archived", "fail", "not in '/there'");
    facts.archived = true;
    expect("archived", "pass", "'/there'");
}

/* Only what was tried and is still the same passes. */
static void test_tests(void **state)
{
    struct own_tests *t = &facts.tests;
    (void)state;
    facts.tested = true;
    *t = (struct own_tests){.tests = 3, .passed = 2, .now = true};
    vec_add(&t->both, "old");
    expect("tests", "pass", "2 of 3 pass, 1 fails on the baseline as well");
    vec_add(&t->missing, "unbuilt");
    expect("tests", "unknown", "not run, for their programs are not built: unbuilt");
    vec_add(&t->unclear, "network");
    expect("tests", "fail", "fail, and are skipped on the baseline: network");
    t->now = false;
    expect("tests", "unknown", "have changed since");
    own_tests_release(t);
    *t = (struct own_tests){.tests = 1, .now = true};
    vec_add(&t->skipped, "all");
    expect("tests", "fail", "0 of 1 pass, 1 skipped");
    own_tests_release(t);
    facts.tested = false;
    expect("tests", "unknown", "'pgo test' does it");
    own_test = NULL;
    expect("tests", "unknown", "the project declares none; '--waive tests'");
}

static void test_waived(void **state)
{
    struct checks all = make("tests");
    struct err err = ERR_INIT;
    struct vec names = VEC_INIT;
    const struct check_limits limits = {5, &names};
    size_t stops = 0;
    (void)state;
    for (size_t i = 0; i < all.n; i++) {
        stops += check_stops(&all.v[i]);
        assert_true(strcmp(all.v[i].name, "tests") != 0 || !check_stops(&all.v[i]));
    }
    assert_int_equal(stops, 2); /* size and archived */
    checks_release(&all);
    vec_add(&names, "tets");
    assert_int_equal(checks_make(&session, &facts, &limits, &all, &err), -1);
    assert_int_equal(err.status, PGO_USAGE);
    assert_string_equal(err.hint, "did you mean 'tests'?");
    err_release(&err);
    vec_release(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup(test_well, setup),
                                       cmocka_unit_test_setup(test_stale, setup),
                                       cmocka_unit_test_setup(test_small_profile, setup),
                                       cmocka_unit_test_setup(test_gain, setup),
                                       cmocka_unit_test_setup(test_size_and_memory, setup),
                                       cmocka_unit_test_setup(test_profile_of_others, setup),
                                       cmocka_unit_test_setup(test_tests, setup),
                                       cmocka_unit_test_setup(test_waived, setup)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
