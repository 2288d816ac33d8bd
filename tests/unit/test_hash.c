/* Content hashes. */
#include "unit.h"

#include "hash.h"

/* The first 128 bits of the vectors of FIPS 180-2, appendix B, and of the empty message (NIST CAVP,
   SHA256ShortMsg). `sha256sum` gives the same. */
static void test_known_vectors(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb924"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039"},
    };
    char hex[HASH_HEX + 1];
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        hash_text(rows[i].text, strlen(rows[i].text), hex);
        assert_string_equal(hex, rows[i].want);
    }
}

static void test_million(void **state)
{
    static const char want[] = "cdc76e5c9914fb9281a1c7e284d73e67";
    char *path = unit_path("million"), *text = malloc(1000000), hex[HASH_HEX + 1];
    struct err err = ERR_INIT;
    (void)state;
    memset(text, 'a', 1000000);
    hash_text(text, 1000000, hex);
    assert_string_equal(hex, want);
    unit_write(path, text, 1000000);
    assert_int_equal(hash_file(path, hex, &err), 0);
    assert_string_equal(hex, want);
    unit_no_error(&err);
    free(text);
    free(path);
}

static void test_chunks_equal_one(void **state)
{
    unsigned char data[300];
    char whole[HASH_HEX + 1], parts[HASH_HEX + 1];
    (void)state;
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (unsigned char)(i * 7);
    for (size_t len = 0; len <= sizeof(data); len++) {
        hash_text((const char *)data, len, whole);
        for (size_t step = 1; step <= 130; step += step < 4 ? 1 : 21) {
            struct hash h;
            hash_init(&h);
            for (size_t at = 0; at < len; at += step)
                hash_add(&h, data + at, len - at < step ? len - at : step);
            hash_add(&h, data, 0);
            hash_hex(&h, parts);
            assert_string_equal(parts, whole);
        }
    }
}

static void hash_words(const char *const *words, size_t n, char hex[HASH_HEX + 1])
{
    struct hash h;
    hash_init(&h);
    for (size_t i = 0; i < n; i++)
        hash_str(&h, words[i]);
    hash_hex(&h, hex);
}

/* Where one string ends and the next begins matters, and none is not an empty one. */
static void test_strings_are_told_apart(void **state)
{
    static const char *const rows[][2] = {
        {"ab", "c"},   {"a", "bc"}, {"abc", ""},  {"", "abc"}, {"abc", NULL}, {NULL, "abc"},
        {"abc", "\1"}, {"", ""},    {NULL, NULL}, {NULL, ""},  {"", NULL},    {"\1", "\1"}};
    char hex[PGO_COUNT(rows)][HASH_HEX + 1];
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        hash_words(rows[i], 2, hex[i]);
        for (size_t k = 0; k < i; k++)
            if (strcmp(hex[i], hex[k]) == 0)
                fail_msg("rows %zu and %zu have the same hash", k, i);
    }
}

static void hash_two(const struct vec *a, const struct vec *b, char hex[HASH_HEX + 1])
{
    struct hash h;
    hash_init(&h);
    hash_vec(&h, a);
    hash_vec(&h, b);
    hash_hex(&h, hex);
}

static void test_lists_are_told_apart(void **state)
{
    struct vec none = VEC_INIT, a = VEC_INIT, ab = VEC_INIT, b = VEC_INIT;
    char x[HASH_HEX + 1], y[HASH_HEX + 1];
    (void)state;
    vec_words(&a, UNIT_WORDS("a"));
    vec_words(&b, UNIT_WORDS("b"));
    vec_words(&ab, UNIT_WORDS("a", "b"));
    hash_two(&ab, &none, x);
    hash_two(&a, &b, y);
    assert_string_not_equal(x, y);
    hash_two(&none, &ab, y);
    assert_string_not_equal(x, y);
    vec_release(&a);
    vec_release(&b);
    vec_release(&ab);
}

static void test_file_that_cannot_be_read(void **state)
{
    char *path = unit_path("none"), hex[HASH_HEX + 1];
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(hash_file(path, hex, &err), -1);
    unit_error(&err, path);
    assert_int_equal(hash_file(unit_dir, hex, &err), -1);
    unit_error(&err, unit_dir);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_vectors),
        cmocka_unit_test(test_million),
        cmocka_unit_test(test_chunks_equal_one),
        cmocka_unit_test(test_strings_are_told_apart),
        cmocka_unit_test(test_lists_are_told_apart),
        cmocka_unit_test(test_file_that_cannot_be_read),
    };
    return UNIT_RUN(tests);
}
