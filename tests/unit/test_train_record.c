/* Records of trainings: which functions only one of them covers, and what is not known. */
#include "unit.h"

#include "train_record.h"

static struct train_record record(const char *name, const char *functions, bool known)
{
    struct train_record r = {.run = MAP_INIT, .covered = MAP_INIT};
    map_set(&r.run, "name", name);
    vec_split(&r.functions, functions, ' ');
    if (known)
        map_setf(&r.covered, "functions", "%zu", r.functions.n);
    return r;
}

static void release(struct train_record *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        map_release(&v[i].run);
        map_release(&v[i].covered);
        vec_release(&v[i].functions);
    }
}

static void test_only(void **state)
{
    struct train_record v[] = {record("a", "f g h", true), record("b", "g h i j", true),
                               record("c", "h", true), record("d", "", true)};
    struct train_records all = {v, PGO_COUNT(v)};
    size_t only[PGO_COUNT(v)];
    (void)state;
    assert_true(train_records_only(&all, only));
    assert_int_equal(only[0], 1);
    assert_int_equal(only[1], 2);
    assert_int_equal(only[2], 0);
    assert_int_equal(only[3], 0);
    all.n = 1;
    assert_true(train_records_only(&all, only));
    assert_int_equal(only[0], 3);
    all.n = 0;
    assert_true(train_records_only(&all, only));
    release(v, PGO_COUNT(v));
}

static void test_only_is_unknown(void **state)
{
    struct train_record v[] = {record("a", "f", true), record("b", "", false)};
    const struct train_records all = {v, PGO_COUNT(v)};
    size_t only[PGO_COUNT(v)];
    (void)state;
    assert_false(train_records_only(&all, only));
    release(v, PGO_COUNT(v));
}

static void test_json(void **state)
{
    struct train_record v[] = {record("a \"b\"", "f g", true), record("c", "g", true)};
    const struct train_records all = {v, PGO_COUNT(v)};
    struct buf b = BUF_INIT;
    (void)state;
    v[0].just_run = true;
    map_set(&v[0].run, "code", "3");
    map_set(&v[0].run, "failure", "it \"broke\"");
    map_set(&v[0].run, "elapsed", "0.250");
    map_set(&v[0].covered, "bytes", "77");
    train_records_json(&all, &b);
    assert_string_equal(
        buf_str(&b),
        "[\n  {\"name\": \"a \\\"b\\\"\", \"status\": 3, \"failure\": \"it \\\"broke\\\"\", "
        "\"elapsed\": 0.250, \"cpu\": null, "
        "\"memory\": null, \"processes\": null, \"wrote\": null, \"bytes\": 77, \"functions\": 2, "
        "\"max\": null, \"only\": 1, \"just_run\": true},\n"
        "  {\"name\": \"c\", \"status\": null, \"failure\": null, \"elapsed\": null, \"cpu\": "
        "null, \"memory\": null, "
        "\"processes\": null, \"wrote\": null, \"bytes\": null, \"functions\": 1, \"max\": null, "
        "\"only\": 0, \"just_run\": false}]");
    buf_release(&b);
    release(v, PGO_COUNT(v));
}

static void test_text(void **state)
{
    struct train_record r = record("a", "f g", true);
    const size_t one = 1;
    (void)state;
    char *text = train_record_text(&r, &one);
    assert_string_equal(text, "not done");
    free(text);
    map_set(&r.run, "elapsed", "1.500");
    map_set(&r.run, "cpu", "1.250");
    map_set(&r.run, "memory", "2048");
    map_set(&r.run, "code", "0");
    map_set(&r.run, "processes", "3");
    text = train_record_text(&r, NULL);
    assert_string_equal(text, "ran 1.500 s, cpu 1.250 s, memory 2.0 MB, processes 3, 2 functions");
    free(text);
    map_set(&r.run, "code", "7");
    map_set(&r.run, "wrote", "2");
    map_set(&r.covered, "bytes", "1500");
    text = train_record_text(&r, &one);
    assert_string_equal(text, "ran 1.500 s, exit status 7, cpu 1.250 s, memory 2.0 MB, 2 of 3 "
                              "processes wrote, 1.5 kB, 2 functions (1 that no other ran)");
    free(text);
    release(&r, 1);
}

static void test_failure(void **state)
{
    struct train_record r = {0};
    (void)state;
    map_set(&r.run, "failure", "it needs a file");
    char *text = train_record_text(&r, NULL);
    assert_string_equal(text, "failed: it needs a file");
    free(text);
    map_set(&r.run, "elapsed", "0.250");
    text = train_record_text(&r, NULL);
    assert_string_equal(text, "failed: it needs a file, after 0.250 s, cpu ? s, memory 0.0 MB");
    free(text);
    map_set(&r.run, "how", "status 4");
    map_set(&r.run, "code", "4");
    text = train_record_text(&r, NULL);
    assert_string_equal(text, "failed: status 4 after 0.250 s, cpu ? s, memory 0.0 MB");
    free(text);
    release(&r, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only),    cmocka_unit_test(test_only_is_unknown),
        cmocka_unit_test(test_json),    cmocka_unit_test(test_text),
        cmocka_unit_test(test_failure),
    };
    return UNIT_RUN(tests);
}
