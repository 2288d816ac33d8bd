/* Strings: what every number and word of a user's input goes through. */
#include "unit.h"

#include <limits.h>

static void test_empty_is_a_string(void **state)
{
    struct buf b = BUF_INIT;
    (void)state;
    assert_string_equal(buf_str(&b), "");
    char *p = buf_detach(&b);
    assert_string_equal(p, "");
    free(p);
    buf_release(&b);
}

static void test_grows_and_stays_terminated(void **state)
{
    struct buf b = BUF_INIT;
    (void)state;
    for (int i = 0; i < 10000; i++) {
        buf_addc(&b, (char)('a' + i % 26));
        assert_int_equal(b.p[b.len], '\0');
    }
    assert_int_equal(b.len, 10000);
    assert_int_equal(b.p[9999], 'a' + 9999 % 26);
    buf_clear(&b);
    assert_string_equal(buf_str(&b), "");
    buf_add(&b, "a\0b", 3);
    assert_int_equal(b.len, 3);
    assert_memory_equal(b.p, "a\0b", 4);
    buf_release(&b);
    assert_null(b.p);
}

static void test_formats_longer_than_any_room(void **state)
{
    struct buf b = BUF_INIT;
    (void)state;
    buf_adds(&b, "x");
    buf_addf(&b, "%0300d|%s", 7, "end");
    assert_int_equal(b.len, 1 + 300 + 4);
    assert_true(str_ends(b.p, "07|end"));
    buf_addf(&b, "%s", "");
    assert_int_equal(b.len, 305);
    char *p = buf_detach(&b);
    assert_int_equal(strlen(p), 305);
    assert_int_equal(b.len, 0);
    free(p);
}

static void test_starts_and_ends(void **state)
{
    (void)state;
    assert_true(str_starts("--jobs", "--"));
    assert_true(str_starts("a", ""));
    assert_false(str_starts("-", "--"));
    assert_true(str_ends("a.gcda", ".gcda"));
    assert_false(str_ends("gcda", ".gcda"));
    assert_true(str_ends("", ""));
}

static void test_long(void **state)
{
    static const char *const bad[] = {"",
                                      " ",
                                      "x",
                                      "1x",
                                      "1 ",
                                      " 1",
                                      "\t1",
                                      "--1",
                                      "0x10",
                                      "1.0",
                                      "1e3",
                                      "-",
                                      "+",
                                      "9223372036854775808",
                                      "-9223372036854775809"};
    long v = -77;
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(bad); i++) {
        if (str_long(bad[i], LONG_MIN, LONG_MAX, &v))
            fail_msg("'%s' was taken for a number", bad[i]);
        assert_int_equal(v, -77);
    }
    assert_true(str_long("0", 0, 10, &v) && v == 0);
    assert_true(str_long("10", 0, 10, &v) && v == 10);
    assert_true(str_long("-5", -5, 10, &v) && v == -5);
    assert_true(str_long("007", 0, 10, &v) && v == 7);
    assert_true(str_long("9223372036854775807", 0, LONG_MAX, &v) && v == LONG_MAX);
    assert_false(str_long("11", 0, 10, &v));
    assert_false(str_long("-1", 0, 10, &v));
}

static void test_double(void **state)
{
    static const char *const bad[] = {"",    " ",   "x",     "1x", "1 ",  " 1", ".",
                                      "nan", "inf", "1e999", "-1", "101", "1,5"};
    double v = -77;
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(bad); i++) {
        if (str_double(bad[i], 0, 100, &v))
            fail_msg("'%s' was taken for a number", bad[i]);
        assert_true(v == -77);
    }
    assert_true(str_double("0", 0, 100, &v) && v == 0);
    assert_true(str_double("100", 0, 100, &v) && v == 100);
    assert_true(str_double("12.5", 0, 100, &v) && v == 12.5);
    assert_true(str_double("1e2", 0, 100, &v) && v == 100);
}

static void test_replace(void **state)
{
    static const struct {
        const char *s, *from, *to, *want;
    } rows[] = {{"a/b/c", "/", "::", "a::b::c"},
                {"aaa", "aa", "b", "ba"},
                {"", "x", "y", ""},
                {"xx", "x", "", ""},
                {"abc", "", "y", "abc"},
                {"ab", "abc", "y", "ab"},
                {"x", "x", "xx", "xx"}};
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        char *got = str_replace(rows[i].s, rows[i].from, rows[i].to);
        assert_string_equal(got, rows[i].want);
        free(got);
    }
}

static void test_distance(void **state)
{
    static const struct {
        const char *a, *b;
        size_t want;
    } rows[] = {{"", "", 0},
                {"", "abc", 3},
                {"abc", "", 3},
                {"kitten", "sitting", 3},
                {"Saturday", "Sunday", 3},
                {"same", "same", 0},
                {"use", "sue", 2},
                {"train", "rain", 1}};
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        assert_int_equal(str_distance(rows[i].a, rows[i].b), rows[i].want);
        assert_int_equal(str_distance(rows[i].b, rows[i].a), rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty_is_a_string),
        cmocka_unit_test(test_grows_and_stays_terminated),
        cmocka_unit_test(test_formats_longer_than_any_room),
        cmocka_unit_test(test_starts_and_ends),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_double),
        cmocka_unit_test(test_replace),
        cmocka_unit_test(test_distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
