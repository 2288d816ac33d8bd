/* Parts: the same ones are fresh, and what differs is named. */
#include "unit.h"

#include "parts.h"

static void make(struct map *parts, const char *flags, const char *more)
{
    struct vec words = VEC_INIT;
    vec_add(&words, flags);
    parts_text(parts, "the compiler", "gcc");
    parts_words(parts, "the flags", &words);
    if (more)
        parts_text(parts, more, NULL);
    vec_release(&words);
}

static void test_changed(void **state)
{
    static const struct {
        const char *flags, *more, *why;
    } rows[] = {{"-O2", NULL, NULL},
                {"-O3", NULL, "the flags changed"},
                {"-O2", "the file a b", "the file a b is new"},
                {"-O3", "the file", "the flags changed and 1 more"}};
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        struct map before = MAP_INIT, now = MAP_INIT, record = MAP_INIT, back = MAP_INIT;
        make(&before, "-O2", NULL);
        make(&now, rows[i].flags, rows[i].more);
        map_set(&record, "other", "kept");
        assert_false(parts_kept(&record));
        parts_keep(&before, &record);
        assert_true(parts_kept(&record));
        char *why = parts_changed(&now, &record);
        if (rows[i].why)
            assert_string_equal(why, rows[i].why);
        else
            assert_null(why);
        free(why);
        parts_keep(&now, &record);
        assert_null(parts_changed(&now, &record));
        assert_string_equal(map_get(&record, "other"), "kept");
        why = parts_changed(&back, &record);
        assert_string_equal(why, rows[i].more ? "the compiler is gone and 2 more"
                                              : "the compiler is gone and 1 more");
        free(why);
        map_release(&before);
        map_release(&now);
        map_release(&record);
    }
}

/* Words are not a text of theirs, and no text is not an empty one. */
static void test_kinds(void **state)
{
    struct map a = MAP_INIT, b = MAP_INIT;
    struct vec words = VEC_INIT;
    char first[HASH_HEX + 1], second[HASH_HEX + 1];
    (void)state;
    vec_add(&words, "a");
    parts_words(&a, "x", &words);
    parts_text(&b, "x", "a");
    parts_hash(&a, first);
    parts_hash(&b, second);
    assert_string_not_equal(first, second);
    parts_text(&a, "x", "");
    parts_text(&b, "x", NULL);
    assert_string_not_equal(map_get(&a, "x"), map_get(&b, "x"));
    vec_release(&words);
    map_release(&a);
    map_release(&b);
}

/* An earlier version kept one hash in their place, empty while it was at work. */
static void test_other_version(void **state)
{
    struct map record = MAP_INIT, parts = MAP_INIT;
    (void)state;
    parts_text(&parts, "x", "a");
    map_set(&record, "key", "");
    assert_false(parts_kept(&record));
    map_set(&record, "key", "0123");
    assert_true(parts_kept(&record));
    char *why = parts_changed(&parts, &record);
    assert_string_equal(why, "it was made by another version of pgo");
    parts_keep(&parts, &record);
    assert_null(parts_changed(&parts, &record));
    assert_null(map_get(&record, "key"));
    free(why);
    map_release(&record);
    map_release(&parts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_changed), cmocka_unit_test(test_kinds),
                                       cmocka_unit_test(test_other_version)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
