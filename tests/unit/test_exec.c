/* What `pgo exec --record` leaves, read back. */
#include "unit.h"

#include "exec.h"
#include "record.h"

static const char *const keys[] = {"code", "signal", "timed-out",   "elapsed",
                                   "cpu",  "memory", "instructions"};
static const char *const good[] = {"137",      "9",      "1",         "12.345678",
                                   "0.250000", "123456", "9000000000"};

/* A record of the good values, with value `k` replaced, or left out when `value` is NULL. */
static void write_record(const char *path, size_t k, const char *value)
{
    struct map m = MAP_INIT;
    struct err err = ERR_INIT;
    for (size_t i = 0; i < PGO_COUNT(keys); i++)
        if (i != k || value)
            map_set(&m, keys[i], i == k ? value : good[i]);
    assert_int_equal(record_write(path, &m, &err), 0);
    map_release(&m);
}

static void test_read(void **state)
{
    char *path = unit_path("run");
    struct exec_result r = {0};
    struct err err = ERR_INIT;
    (void)state;
    write_record(path, 99, NULL);
    assert_int_equal(exec_read(path, &r, &err), 0);
    assert_int_equal(r.code, 137);
    assert_int_equal(r.sig, 9);
    assert_true(r.timed_out);
    assert_true(r.elapsed == 12.345678 && r.cpu == 0.25);
    assert_int_equal(r.memory, 123456);
    assert_true(r.instructions == 9e9);
    unit_no_error(&err);
    free(path);
}

static void test_missing(void **state)
{
    char *path = unit_path("none");
    struct exec_result r = {0};
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(exec_read(path, &r, &err), -1);
    unit_contains(err.msg, path);
    unit_error(&err, "left no record");
    free(path);
}

static void test_bad_values(void **state)
{
    static const char *const bad[][4] = {
        {NULL, "", "-1", "256"},    {NULL, "x", "-9", "129"}, {NULL, "", "2", "yes"},
        {NULL, "-1", "nan", "inf"}, {NULL, "", "-0.5", "1s"}, {NULL, "1.5", "-1", ""},
        {NULL, "", "-1", "many"},
    };
    char *path = unit_path("bad");
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(keys); i++) {
        for (size_t k = 0; k < PGO_COUNT(bad[i]); k++) {
            struct exec_result r = {0};
            struct err err = ERR_INIT;
            write_record(path, i, bad[i][k]);
            if (exec_read(path, &r, &err) == 0)
                fail_msg("%s '%s' was taken", keys[i], bad[i][k] ? bad[i][k] : "(missing)");
            unit_contains(err.msg, path);
            unit_error(&err, "is damaged");
        }
    }
    free(path);
}

static void test_damaged(void **state)
{
    char *path = unit_path("damaged");
    struct exec_result r = {0};
    (void)state;
    write_record(path, 99, NULL);
    struct buf b = unit_read(path);
    for (size_t i = 0; i < b.len; i++) {
        struct err err = ERR_INIT;
        unit_write(path, b.p, i);
        assert_int_equal(exec_read(path, &r, &err), -1);
        unit_error(&err, path);
        b.p[i] ^= 1;
        unit_write(path, b.p, b.len);
        assert_int_equal(exec_read(path, &r, &err), -1);
        unit_error(&err, path);
        b.p[i] ^= 1;
    }
    buf_release(&b);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_bad_values),
        cmocka_unit_test(test_damaged),
    };
    return UNIT_RUN(tests);
}
