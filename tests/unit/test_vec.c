/* Lists, command lines and maps. */
#include "unit.h"

static void test_terminated_and_owned(void **state)
{
    struct vec v = VEC_INIT, copy = VEC_INIT;
    char word[] = "first";
    (void)state;
    vec_add(&v, word);
    word[0] = 'X';
    assert_string_equal(v.v[0], "first");
    for (int i = 1; i < 100; i++) {
        vec_addf(&v, "word %d", i);
        assert_null(v.v[v.n]);
    }
    assert_int_equal(v.n, 100);
    assert_string_equal(v.v[99], "word 99");
    vec_all(&copy, &v);
    vec_release(&v);
    assert_null(v.v);
    assert_string_equal(copy.v[99], "word 99");
    assert_null(copy.v[100]);
    vec_release(&copy);
}

static void test_same(void **state)
{
    struct vec a = VEC_INIT, b = VEC_INIT;
    (void)state;
    assert_true(vec_same(&a, &b));
    vec_add(&a, "one");
    assert_false(vec_same(&a, &b));
    assert_false(vec_same(&b, &a));
    vec_add(&b, "one");
    assert_true(vec_same(&a, &b));
    vec_add(&a, "two");
    vec_add(&b, "other");
    assert_false(vec_same(&a, &b));
    vec_release(&a);
    vec_release(&b);
}

static void test_split_and_join(void **state)
{
    struct vec v = VEC_INIT;
    (void)state;
    vec_split(&v, ";;a;b c;;d;", ';');
    unit_vec(&v, UNIT_WORDS("a", "b c", "d"));
    char *text = vec_join(&v, ", ");
    assert_string_equal(text, "a, b c, d");
    free(text);
    vec_release(&v);
    text = vec_join(&v, ",");
    assert_string_equal(text, "");
    free(text);
    vec_split(&v, "", ';');
    assert_int_equal(v.n, 0);
}

static void test_sort_and_find(void **state)
{
    struct vec v = VEC_INIT;
    (void)state;
    assert_false(vec_has(&v, "a"));
    assert_false(vec_has_sorted(&v, "a"));
    vec_sort(&v);
    vec_words(&v, UNIT_WORDS("pear", "Zoo", "apple", "pear", ""));
    vec_sort(&v);
    unit_vec(&v, UNIT_WORDS("", "Zoo", "apple", "pear", "pear"));
    assert_true(vec_has_sorted(&v, ""));
    assert_true(vec_has_sorted(&v, "pear"));
    assert_false(vec_has_sorted(&v, "pea"));
    assert_true(vec_has(&v, "Zoo"));
    assert_false(vec_has(&v, "zoo"));
    vec_release(&v);
}

/* The words that sh itself makes of these (XCU 2.2), checked with `printf '<%s>'`. */
static void test_shell_words(void **state)
{
    static const struct {
        const char *text;
        const char *words[5];
    } rows[] = {
        {"", {NULL}},
        {" \t\n ", {NULL}},
        {"cc -c  a.c\t-O2\n", {"cc", "-c", "a.c", "-O2", NULL}},
        {"'a b' \"c d\"", {"a b", "c d", NULL}},
        {"'' \"\"", {"", "", NULL}},
        {"a'b c'd\"e f\"g", {"ab cde fg", NULL}},
        {"'a\\b' '\"'", {"a\\b", "\"", NULL}},
        {"\"a\\\"b\\\\c\\$d\\`e\"", {"a\"b\\c$d`e", NULL}},
        {"\"a\\nb'c\"", {"a\\nb'c", NULL}},
        {"a\\ b \\'c\\\" \\\\", {"a b", "'c\"", "\\", NULL}},
        {"-DX=\\\"v\\ w\\\"", {"-DX=\"v w\"", NULL}},
        {"\"a\nb\"", {"a\nb", NULL}},
        {"cc \\\n -c a\\\nb", {"cc", "-c", "ab", NULL}},
        {"\"a\\\nb\" 'c\\\nd'", {"ab", "c\\\nd", NULL}},
        {"$HOME *", {"$HOME", "*", NULL}},
    };
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        struct vec v = VEC_INIT;
        print_message("    row %zu\n", i);
        assert_true(vec_shell(&v, rows[i].text));
        unit_vec(&v, rows[i].words);
        vec_release(&v);
    }
}

static void test_quoted(void **state)
{
    const char *const words[] = {"cc",         "-O2",  "a b",   "",       "it's", "$HOME",
                                 "{source}/x", "a\\n", "{a,b}", "{1..3}", NULL};
    struct vec v = VEC_INIT, again = VEC_INIT;
    (void)state;
    vec_words(&v, words);
    char *text = vec_quoted(&v);
    assert_string_equal(text,
                        "cc -O2 'a b' '' 'it'\"'\"'s' '$HOME' {source}/x 'a\\n' '{a,b}' '{1..3}'");
    assert_true(vec_shell(&again, text));
    unit_vec(&again, words);
    free(text);
    vec_release(&v);
    vec_release(&again);
}

static void test_shell_open_quote(void **state)
{
    static const char *const rows[] = {"'a", "a \"b", "\"a\\\"", "'a\\'b'"};
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        struct vec v = VEC_INIT;
        assert_false(vec_shell(&v, rows[i]));
        vec_release(&v);
    }
}

static void test_nearest(void **state)
{
    struct vec known = VEC_INIT;
    (void)state;
    assert_null(vec_nearest(&known, "use"));
    vec_words(&known, UNIT_WORDS("instrument", "train", "merge", "use", "compare"));
    assert_string_equal(vec_nearest(&known, "instrumnet"), "instrument");
    assert_string_equal(vec_nearest(&known, "trian"), "train");
    assert_string_equal(vec_nearest(&known, "usee"), "use");
    assert_string_equal(vec_nearest(&known, "merge"), "merge");
    assert_null(vec_nearest(&known, "qqqqqq"));
    assert_null(vec_nearest(&known, "xy"));
    vec_release(&known);
    vec_words(&known, UNIT_WORDS("trail", "train", "traps")); /* all are near; one is nearest */
    assert_string_equal(vec_nearest(&known, "trainx"), "train");
    vec_release(&known);
}

static void test_map_grows(void **state)
{
    struct map m = MAP_INIT;
    (void)state;
    assert_null(map_get(&m, "k0"));
    for (int i = 0; i < 5000; i++) {
        char *key = str_fmt("k%d", i);
        map_setf(&m, key, "v%d", i);
        free(key);
    }
    for (int i = 0; i < 5000; i++) {
        char *key = str_fmt("k%d", i), *want = str_fmt("v%d", i);
        assert_string_equal(map_get(&m, key), want);
        assert_string_equal(m.keys.v[i], key);
        free(key);
        free(want);
    }
    assert_null(map_get(&m, "k5000"));
    assert_null(map_get(&m, ""));
    map_release(&m);
    assert_null(map_get(&m, "k0"));
}

static void test_map_replaces_in_place(void **state)
{
    struct map m = MAP_INIT;
    (void)state;
    map_set(&m, "a", "1");
    map_set(&m, "", "empty");
    map_set(&m, "b", "2");
    map_set(&m, "a", map_get(&m, "b"));
    map_set(&m, "a", map_get(&m, "a"));
    assert_string_equal(map_get(&m, "a"), "2");
    assert_string_equal(map_get(&m, ""), "empty");
    unit_vec(&m.keys, UNIT_WORDS("a", "", "b"));
    map_release(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terminated_and_owned),
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_split_and_join),
        cmocka_unit_test(test_sort_and_find),
        cmocka_unit_test(test_shell_words),
        cmocka_unit_test(test_quoted),
        cmocka_unit_test(test_shell_open_quote),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_map_grows),
        cmocka_unit_test(test_map_replaces_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
