/* JSON as CMake and CTest write it, and what must not be taken for it. */
#include "unit.h"

#include "json.h"
#include "json_out.h"

#include <limits.h>
#include <math.h>

static int parse(const char *text, struct json *j)
{
    struct err err = ERR_INIT;
    int rc = json_parse(text, strlen(text), "text", j, &err);
    assert_true((rc == 0) == (err.msg == NULL));
    err_release(&err);
    return rc;
}

static void decodes(const char *text, const char *want)
{
    struct json j;
    assert_int_equal(parse(text, &j), 0);
    assert_int_equal(j.type, JSON_STRING);
    assert_string_equal(json_str(&j, NULL), want);
    json_release(&j);
}

static void test_tree(void **state)
{
    struct json j;
    (void)state;
    assert_int_equal(parse(" { \"a\" : [ 1 , true, false,null ] ,\r\n\t\"b\":{\"c\":\"d\"}, "
                           "\"n\": -2.5e3, \"e\":[], \"o\":{} } ",
                           &j),
                     0);
    const struct json *a = json_get(&j, "a");
    assert_int_equal(json_count(a), 4);
    assert_int_equal(json_at(a, 0)->type, JSON_NUMBER);
    assert_int_equal(json_at(a, 1)->type, JSON_TRUE);
    assert_int_equal(json_at(a, 2)->type, JSON_FALSE);
    assert_int_equal(json_at(a, 3)->type, JSON_NULL);
    assert_null(json_at(a, 4));
    assert_string_equal(json_str(json_get(&j, "b"), "c"), "d");
    assert_string_equal(json_str(&j, "n"), "-2.5e3");
    assert_int_equal(json_get(&j, "e")->type, JSON_ARRAY);
    assert_int_equal(json_count(json_get(&j, "e")), 0);
    assert_int_equal(json_get(&j, "o")->type, JSON_OBJECT);
    assert_int_equal(json_count(json_get(&j, "o")), 0);
    assert_int_equal(json_count(json_get(&j, "b")), 1);
    assert_string_equal(json_at(&j, 1)->key, "b");
    json_release(&j);
}

static void test_missing_and_wrong_types(void **state)
{
    struct json j;
    (void)state;
    assert_null(json_get(NULL, "a"));
    assert_string_equal(json_str(NULL, "a"), "");
    assert_int_equal(json_count(NULL), 0);
    assert_null(json_at(NULL, 0));
    assert_int_equal(parse("{\"s\":\"7\",\"n\":7,\"x\":-7,\"h\":7.5,\"big\":99999999999}", &j), 0);
    assert_int_equal(json_count(json_get(&j, "s")), 0);
    assert_null(json_at(json_get(&j, "n"), 0));
    assert_null(json_get(json_get(&j, "s"), "s"));
    assert_string_equal(json_str(&j, "none"), "");
    json_release(&j);
}

static void test_escapes(void **state)
{
    (void)state;
    decodes("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t");
    decodes("\"\\u0041\\u00e9\\u20AC\"", "A\xc3\xa9\xe2\x82\xac");
    decodes("\"\xc3\xa9 raw\"", "\xc3\xa9 raw");
    /* RFC 8259, section 7: G clef */
    decodes("\"\\uD834\\uDD1E\"", "\xf0\x9d\x84\x9e");
    decodes("\"\\ud800\\udc00\"", "\xf0\x90\x80\x80");
    decodes("\"\\udbff\\udfff\"", "\xf4\x8f\xbf\xbf");
}

static void test_bad_strings(void **state)
{
    static const char *const rows[] = {
        "\"",
        "\"a",
        "\"\\",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\ud834\"",
        "\"\\ud834x\"",
        "\"\\ud834\\\"",
        "\"\\ud834\\u\"",
        "\"\\ud834\\u0041\"",
        "\"\\ud834\\ud834\"",
        "\"\\u00",
        "\"\\udd1e\"",
    };
    struct json j;
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++)
        if (parse(rows[i], &j) == 0)
            fail_msg("taken for JSON: %s", rows[i]);
}

static void test_garbage(void **state)
{
    static const char *const rows[] = {
        "",         " ",         "x",     "nul", "truee", "[1,]",       "[,1]",
        "[1 2]",    "[1",        "]",     "[}",  "{]",    "{\"a\"",     "{\"a\":",
        "{\"a\":1", "{a:1}",     "{1:1}", "{,}", "1 2",   "--1",        "1e",
        "-",        "{\"a\" 1}", "[] []", "'a'", "[1]]",  "{\"a\":1,}", "{\"a\":1 \"b\":2}",
        "{\"a\":}", "\xff\xfe",
    };
    struct json j;
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++)
        if (parse(rows[i], &j) == 0)
            fail_msg("taken for JSON: %s", rows[i]);
}

static void test_nul_byte(void **state)
{
    struct json j;
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(json_parse("[1]\0", 4, "text", &j, &err), -1);
    assert_int_equal(json_parse("[\0]", 3, "text", &j, &err), -1);
    assert_int_equal(json_parse("1\0", 2, "text", &j, &err), -1);
    err_release(&err);
}

/* No byte behind the given length is read, and none of the cut texts is taken. */
static void test_truncated_everywhere(void **state)
{
    static const char text[] = "{\"a\":[1,2.5,{\"b\":\"\\u00e9\\ud834\\udd1e\\n\"}],\"c\":true,"
                               "\"d\":null,\"e\":{\"f\":[false,\"x\"]}}";
    struct json j;
    struct err err = ERR_INIT;
    (void)state;
    for (size_t n = 0; n < sizeof(text) - 1; n++) {
        char *cut = malloc(n ? n : 1); /* just that long: a sanitizer sees a read behind it */
        memcpy(cut, text, n);
        assert_int_equal(json_parse(cut, n, "text", &j, &err), -1);
        free(cut);
    }
    err_release(&err);
    assert_int_equal(json_parse(text, sizeof(text) - 1, "text", &j, &err), 0);
    json_release(&j);
}

static void test_every_byte_changed(void **state)
{
    static const char text[] = "{\"a\":[1,2.5,{\"b\":\"\\u00e9\\ud834\\udd1e\\n\"}],\"c\":true}";
    struct err err = ERR_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        for (int c = 0; c < 256; c++) {
            char copy[sizeof(text)];
            struct json j;
            memcpy(copy, text, sizeof(text));
            copy[i] = (char)c;
            if (json_parse(copy, sizeof(text) - 1, "text", &j, &err) == 0)
                json_release(&j);
        }
    }
    err_release(&err);
}

static void test_depth_is_limited(void **state)
{
    static const size_t depths[] = {100, 200, 201, 100000};
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(depths); i++) {
        struct buf b = BUF_INIT;
        struct json j;
        for (size_t k = 0; k < depths[i]; k++)
            buf_adds(&b, "[");
        for (size_t k = 0; k < depths[i]; k++)
            buf_adds(&b, "]");
        assert_int_equal(parse(buf_str(&b), &j), depths[i] <= 200 ? 0 : -1);
        json_release(&j);
        buf_release(&b);
    }
}

/* What is closed again does not count. */
static void test_breadth_is_not_depth(void **state)
{
    struct buf b = BUF_INIT;
    struct json j;
    (void)state;
    buf_adds(&b, "[[]");
    for (size_t k = 0; k < 1000; k++)
        buf_adds(&b, ",[{}]");
    buf_adds(&b, "]");
    assert_int_equal(parse(buf_str(&b), &j), 0);
    assert_int_equal(json_count(&j), 1001);
    json_release(&j);
    buf_release(&b);
}

static void test_error_names_file_and_line(void **state)
{
    char *path = unit_path("reply.json");
    struct json j;
    struct err err = ERR_INIT;
    (void)state;
    unit_text(path, "{\n \"a\": 1,\n \"b\": oops\n}\n");
    assert_int_equal(json_read(path, &j, &err), -1);
    unit_contains(err.msg, path);
    unit_error(&err, "line 3");
    unit_text(path, "{\n \"a\": 1,\n");
    assert_int_equal(json_read(path, &j, &err), -1);
    unit_error(&err, "line 3");
    unit_text(path, "x");
    assert_int_equal(json_read(path, &j, &err), -1);
    unit_error(&err, "line 1");
    unlink(path);
    assert_int_equal(json_read(path, &j, &err), -1);
    unit_error(&err, path);
    free(path);
}

static void test_quote_round_trip(void **state)
{
    char all[200];
    struct buf b = BUF_INIT;
    struct json j;
    (void)state;
    for (int i = 1; i < 128; i++)
        all[i - 1] = (char)i;
    strcpy(all + 127, "\302\200\303\251\337\277\340\240\200\342\202\254\355\237\277\356\200\200"
                      "\357\277\277\360\220\200\200\364\217\277\277");
    json_text(&b, NULL, all);
    for (size_t i = 0; i < b.len; i++)
        assert_true((unsigned char)b.p[i] >= 0x20);
    assert_int_equal(parse(buf_str(&b), &j), 0);
    assert_string_equal(json_str(&j, NULL), all);
    json_release(&j);
    buf_release(&b);
}

/* Names and paths are bytes, JSON is UTF-8: what is none is U+FFFD, byte by byte. */
static void test_not_utf8(void **state)
{
    static const struct {
        const char *text, *becomes;
    } cases[] = {
        {"a\351b", "a?b"}, /* Latin 1 */
        {"\351", "?"},     /* cut off */
        {"\342\202", "??"},
        {"\360\220\200x", "???x"},
        {"\303\303\251", "?\303\251"},
        {"\200\277", "??"},           /* no first byte */
        {"\300\200\301\277", "????"}, /* longer than need be */
        {"\340\237\277", "???"},
        {"\360\217\277\277", "????"},
        {"\355\240\200", "???"},      /* half of a pair */
        {"\364\220\200\200", "????"}, /* above U+10FFFF */
        {"\365\200\200\200\377", "?????"},
    };
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(cases); i++) {
        struct buf b = BUF_INIT;
        json_text(&b, NULL, cases[i].text);
        char *becomes = str_replace(cases[i].becomes, "?", "\357\277\275");
        char *quoted = str_fmt("\"%s\"", becomes);
        assert_string_equal(buf_str(&b), quoted);
        free(becomes);
        free(quoted);
        buf_release(&b);
    }
}

static void test_written(void **state)
{
    struct buf b = BUF_INIT;
    struct vec names = VEC_INIT;
    struct json j;
    (void)state;
    vec_add(&names, "[");
    vec_add(&names, "{");
    json_open(&b, NULL, '{');
    json_text(&b, "none", NULL);
    json_list(&b, "names", &names);
    json_open(&b, "rows", '[');
    json_open(&b, NULL, '{');
    json_close(&b, '}');
    json_open(&b, NULL, '{');
    json_bool(&b, "a", true);
    json_verbatim(&b, "b", "1.50");
    json_close(&b, '}');
    json_close(&b, ']');
    json_integer(&b, "most", ULLONG_MAX);
    json_number(&b, "third", 1.0 / 3);
    json_number(&b, "unknown", NAN);
    json_close(&b, '}');
    assert_string_equal(buf_str(&b), "{\"none\": null, \"names\": [\"[\", \"{\"],\n"
                                     " \"rows\": [\n  {},\n  {\"a\": true, \"b\": 1.50}], "
                                     "\"most\": 18446744073709551615, "
                                     "\"third\": 0.333333333333333, \"unknown\": null}");
    assert_int_equal(parse(buf_str(&b), &j), 0);
    json_release(&j);
    vec_release(&names);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_missing_and_wrong_types),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_bad_strings),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_nul_byte),
        cmocka_unit_test(test_truncated_everywhere),
        cmocka_unit_test(test_every_byte_changed),
        cmocka_unit_test(test_depth_is_limited),
        cmocka_unit_test(test_breadth_is_not_depth),
        cmocka_unit_test(test_error_names_file_and_line),
        cmocka_unit_test(test_quote_round_trip),
        cmocka_unit_test(test_not_utf8),
        cmocka_unit_test(test_written),
    };
    return UNIT_RUN(tests);
}
