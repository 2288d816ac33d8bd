/* State files: what was written comes back, and nothing that is damaged is trusted. */
#include "unit.h"

#include "hash.h"
#include "record.h"

static void test_round_trip(void **state)
{
    static const char *const rows[][2] = {
        {"plain", "value"},
        {"empty", ""},
        {"", "of the empty key"},
        {"a key with  spaces ", " a value with spaces "},
        {"new\nline", "two\nlines\n"},
        {"back\\slash", "C:\\new\\s\\\\n"},
        {"\\s \\n\n", "\\"},
        {"end", "not the end"},
        {"tab\tkey", "\ttab\r"},
        {"\xc3\xa9", "\xff\x01"},
    };
    char *path = unit_path("round trip");
    struct map in = MAP_INIT, out = MAP_INIT;
    struct err err = ERR_INIT;
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++)
        map_set(&in, rows[i][0], rows[i][1]);
    assert_int_equal(record_write(path, &in, &err), 0);
    assert_int_equal(record_read(path, &out, &err), RECORD_OK);
    assert_int_equal(out.keys.n, PGO_COUNT(rows));
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        assert_string_equal(out.keys.v[i], rows[i][0]);
        assert_string_equal(out.values.v[i], rows[i][1]);
    }
    unit_no_error(&err);
    map_release(&in);
    map_release(&out);
    free(path);
}

static void test_empty_map(void **state)
{
    char *path = unit_path("empty");
    struct map in = MAP_INIT, out = MAP_INIT;
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(record_write(path, &in, &err), 0);
    assert_int_equal(record_read(path, &out, &err), RECORD_OK);
    assert_int_equal(out.keys.n, 0);
    free(path);
}

/* The last line is the SHA-256 of those before it: checked here with another way to compute it. */
static void test_format(void **state)
{
    char *path = unit_path("format"), hex[HASH_HEX + 1];
    struct map in = MAP_INIT;
    struct err err = ERR_INIT;
    static const char body[] = "pgo-record 1\na\\sb c d\n";
    (void)state;
    map_set(&in, "a b", "c d");
    assert_int_equal(record_write(path, &in, &err), 0);
    hash_text(body, strlen(body), hex);
    char *want = str_fmt("%send %s\n", body, hex);
    unit_same_text(path, want);
    free(want);
    map_release(&in);
    free(path);
}

static void expect_damaged(const char *path, const void *data, size_t len)
{
    struct map out = MAP_INIT;
    struct err err = ERR_INIT;
    unit_write(path, data, len);
    enum record_state got = record_read(path, &out, &err);
    if (got != RECORD_DAMAGED)
        fail_msg("state %d of a damaged file of %zu bytes", got, len);
    assert_int_equal(out.keys.n, 0);
    unit_error(&err, path);
}

static struct buf sample(const char *path)
{
    struct map in = MAP_INIT;
    struct err err = ERR_INIT;
    map_set(&in, "a key", "a\nvalue");
    map_set(&in, "b", "2");
    map_set(&in, "c\\", "");
    assert_int_equal(record_write(path, &in, &err), 0);
    map_release(&in);
    return unit_read(path);
}

static void test_every_change_is_seen(void **state)
{
    static const unsigned char more[] = {'\0', '\n', ' ', 'a', '0'};
    char *path = unit_path("changed");
    struct buf b = sample(path);
    (void)state;
    for (size_t i = 0; i < b.len; i++) {
        char old = b.p[i];
        for (int bit = 0; bit < 8; bit++) {
            b.p[i] = (char)(old ^ 1 << bit);
            expect_damaged(path, b.p, b.len);
        }
        for (size_t k = 0; k < sizeof(more); k++) {
            b.p[i] = (char)more[k];
            if (b.p[i] != old)
                expect_damaged(path, b.p, b.len);
        }
        b.p[i] = old;
    }
    buf_release(&b);
    free(path);
}

static void test_every_truncation_is_seen(void **state)
{
    char *path = unit_path("cut");
    struct buf b = sample(path);
    (void)state;
    for (size_t n = 0; n < b.len; n++)
        expect_damaged(path, b.p, n);
    buf_addc(&b, '\n');
    expect_damaged(path, b.p, b.len);
    b.p[b.len - 1] = '\0';
    expect_damaged(path, b.p, b.len);
    buf_release(&b);
    free(path);
}

/* A lost line, with the hash as it was. */
static void test_lost_line_is_seen(void **state)
{
    char *path = unit_path("lost");
    struct buf b = sample(path);
    (void)state;
    char *less = str_replace(b.p, "b 2\n", "");
    assert_int_equal(strlen(less), b.len - 4);
    expect_damaged(path, less, strlen(less));
    free(less);
    buf_release(&b);
    free(path);
}

static void test_stamped(void **state)
{
    struct map m = MAP_INIT;
    (void)state;
    map_set(&m, "file", "1,2 value of two words");
    map_set(&m, "bare", "1,2");
    map_set(&m, "empty", "1,2 ");
    assert_string_equal(record_stamped(&m, "file", "1,2"), "value of two words");
    assert_string_equal(record_stamped(&m, "empty", "1,2"), "");
    assert_null(record_stamped(&m, "file", "1,"));
    assert_null(record_stamped(&m, "file", "1,3"));
    assert_null(record_stamped(&m, "bare", "1,2"));
    assert_null(record_stamped(&m, "none", "1,2"));
    map_release(&m);
}

static void test_other_version(void **state)
{
    char *path = unit_path("version");
    struct map out = MAP_INIT;
    struct err err = ERR_INIT;
    (void)state;
    unit_text(path, "pgo-record 2\nwhatever\n");
    assert_int_equal(record_read(path, &out, &err), RECORD_DAMAGED);
    unit_contains(err.msg, path);
    unit_error(&err, "written by another version of pgo");
    assert_int_equal(out.keys.n, 0);
    unit_text(path, "something else\n");
    assert_int_equal(record_read(path, &out, &err), RECORD_DAMAGED);
    unit_error(&err, "is damaged");
    free(path);
}

static void test_missing_and_unreadable(void **state)
{
    char *path = unit_path("none");
    struct map out = MAP_INIT;
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(record_read(path, &out, &err), RECORD_MISSING);
    unit_no_error(&err);
    assert_int_equal(record_read(unit_dir, &out, &err), RECORD_DAMAGED);
    unit_error(&err, unit_dir);
    char *deep = unit_path("no such dir/record");
    assert_int_equal(record_write(deep, &out, &err), -1);
    unit_error(&err, deep);
    free(deep);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_empty_map),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_every_change_is_seen),
        cmocka_unit_test(test_every_truncation_is_seen),
        cmocka_unit_test(test_lost_line_is_seen),
        cmocka_unit_test(test_stamped),
        cmocka_unit_test(test_other_version),
        cmocka_unit_test(test_missing_and_unreadable),
    };
    return UNIT_RUN(tests);
}
