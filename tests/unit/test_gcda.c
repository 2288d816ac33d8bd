/* GCC's profiles: made by GCC itself, and held against what gcov-dump says of them. */
#include "unit.h"

#include "gcda.h"
#include "proc.h"

#define OTHER_CODE "of other code than the other trainings"

static const char program[] = "#include <stdlib.h>\n"
                              "#include <string.h>\n"
                              "static int one(int x) { return x + 1; }\n"
                              "static int two(int x) { return x * 2; }\n"
                              "static int never(int x) { return x ? x - 1 : x; }\n"
                              "int (*volatile table[])(int) = {one, two, never};\n"
                              "int main(int argc, char **argv)\n"
                              "{\n"
                              "    long n = argc > 1 ? atol(argv[1]) : 10, sum = 0;\n"
                              "    for (long i = 0; i < n; i++) {\n"
                              "        char b[64];\n"
                              "        sum += table[i % 3 == 0]((int)i) + i % (argc + i % 5);\n"
                              "        memset(b, 0, (size_t)(i % 40 + argc));\n"
                              "        sum += n == 12345 ? never((int)i) : b[i % argc];\n"
                              "    }\n"
                              "    return sum == 42;\n"
                              "}\n";

static char *small, *large, *other; /* two runs of the program, and one of another program */

static void run(const char *const *words, struct buf *out)
{
    struct vec argv = VEC_INIT;
    struct err err = ERR_INIT;
    int status = 0;
    vec_words(&argv, words);
    assert_int_equal(proc_capture(&argv, out, &status, &err), 0);
    if (!proc_ok(status))
        fail_msg("'%s' failed: %s", words[0], buf_str(out));
    vec_release(&argv);
}

/* Compiles; the program is then <dir>/p. */
static void compile(const char *name, const char *text)
{
    struct buf out = BUF_INIT;
    char *dir = unit_path(name), *c = path_join(dir, "p.c"), *o = path_join(dir, "p.o");
    char *exe = path_join(dir, "p");
    assert_int_equal(mkdir(dir, 0777), 0);
    unit_text(c, text);
    run(UNIT_WORDS("gcc", "-O2", "-fprofile-generate", "-c", "-o", o, c), &out);
    run(UNIT_WORDS("gcc", "-fprofile-generate", "-o", exe, o), &out);
    buf_release(&out);
    free(exe);
    free(o);
    free(c);
    free(dir);
}

/* Runs what was compiled, once; returns the path of the profile. */
static char *record(const char *name, const char *count)
{
    struct buf out = BUF_INIT;
    char *dir = unit_path(name), *exe = path_join(dir, "p"), *raw = path_join(dir, "p.gcda");
    char *result = str_fmt("%s/%s.gcda", dir, count);
    run(UNIT_WORDS(exe, count), &out);
    assert_int_equal(rename(raw, result), 0);
    buf_release(&out);
    free(raw);
    free(exe);
    free(dir);
    return result;
}

/* Whether a gcc is there that writes the format of GCC 12 or newer (lengths in bytes). */
static bool have_gcc(void)
{
    char *path = fs_find_program("gcc");
    struct buf out = BUF_INIT;
    bool found = false;
    if (path) {
        run(UNIT_WORDS(path, "-dumpversion"), &out);
        found = strtol(buf_str(&out), NULL, 10) >= 12;
        out.len = 0;
        run(UNIT_WORDS(path, "--version"), &out);
        found = found && !strstr(buf_str(&out), "clang");
    }
    buf_release(&out);
    free(path);
    return found;
}

static int setup(void **state)
{
    if (unit_setup(state) != 0)
        return -1;
    if (!have_gcc())
        return 0;
    compile("loop", program);
    compile("other", "int main(int c, char **v) { return c == 42 || !v[0]; }\n");
    small = record("loop", "100");
    large = record("loop", "5000");
    other = record("other", "1");
    return 0;
}

static int teardown(void **state)
{
    free(small);
    free(large);
    free(other);
    return unit_teardown(state);
}

static void need_gcc(void)
{
    if (!small) {
        print_message("skipped: no gcc of version 12 or newer\n");
        skip();
    }
}

static void load(const char *path, struct gcda *g)
{
    struct err err = ERR_INIT;
    const char *fault;
    assert_int_equal(gcda_read(path, g, &fault, &err), 0);
    if (fault)
        fail_msg("%s is %s", path, fault);
    unit_no_error(&err);
}

static void save(const char *path, const struct gcda *g)
{
    struct err err = ERR_INIT;
    assert_int_equal(gcda_write(path, g, &err), 0);
    unit_no_error(&err);
}

static void check_same_files(const char *a, const char *b)
{
    struct buf x = unit_read(a), y = unit_read(b);
    assert_int_equal(x.len, y.len);
    assert_memory_equal(x.p, y.p, x.len);
    buf_release(&x);
    buf_release(&y);
}

static void test_round_trip(void **state)
{
    (void)state;
    need_gcc();
    const char *const files[] = {small, large, other};
    char *copy = unit_path("copy.gcda");
    for (size_t i = 0; i < PGO_COUNT(files); i++) {
        struct gcda g;
        load(files[i], &g);
        save(copy, &g);
        check_same_files(files[i], copy);
        gcda_release(&g);
    }
    free(copy);
}

static void check_add(struct gcda *into, const struct gcda *from, long weight)
{
    const char *why = gcda_add(into, from, weight);
    if (why)
        fail_msg("not added: %s", why);
}

/* Every kind of counter, with two different runs: weight 3 is three times weight 1. */
static void test_weight_is_repetition(void **state)
{
    (void)state;
    need_gcc();
    char *a = unit_path("a.gcda"), *b = unit_path("b.gcda");
    struct gcda x, y, once = {0}, thrice = {0};
    load(small, &x);
    load(large, &y);
    check_add(&once, &y, 1);
    check_add(&once, &x, 3);
    check_add(&thrice, &y, 1);
    for (int i = 0; i < 3; i++)
        check_add(&thrice, &x, 1);
    save(a, &once);
    save(b, &thrice);
    check_same_files(a, b);
    gcda_release(&once);
    gcda_release(&thrice);
    gcda_release(&x);
    gcda_release(&y);
    free(a);
    free(b);
}

/* The numbers behind "arcs", and those of the summary, as gcov-dump prints them. */
static void dump(const char *path, struct vec *arcs, long summary[2])
{
    struct buf out = BUF_INIT;
    struct vec lines = VEC_INIT;
    bool inside = false;
    run(UNIT_WORDS("gcov-dump", "-l", path), &out);
    vec_split(&lines, buf_str(&out), '\n');
    for (size_t i = 0; i < lines.n; i++) {
        const char *head = strstr(lines.v[i], "COUNTERS "), *sum = strstr(lines.v[i], "runs=");
        char *colon = strrchr(lines.v[i], ':');
        if (sum)
            assert_int_equal(sscanf(sum, "runs=%ld, sum_max=%ld", &summary[0], &summary[1]), 2);
        else if (head || strstr(lines.v[i], "FUNCTION"))
            inside = head && str_starts(head, "COUNTERS arcs");
        else if (inside && colon)
            vec_split(arcs, colon + 1, ' ');
    }
    vec_release(&lines);
    buf_release(&out);
}

static void test_counts_as_gcov_dump_shows(void **state)
{
    (void)state;
    need_gcc();
    char *tool = fs_find_program("gcov-dump"), *path = unit_path("sum.gcda");
    if (!tool) {
        print_message("skipped: no gcov-dump\n");
        free(path);
        skip();
    }
    free(tool);
    struct gcda x, y, sum = {0};
    struct vec a = VEC_INIT, b = VEC_INIT, c = VEC_INIT;
    long sa[2] = {0}, sb[2] = {0}, sc[2] = {0};
    bool counted = false;
    load(small, &x);
    load(large, &y);
    check_add(&sum, &x, 3);
    check_add(&sum, &y, 2);
    save(path, &sum);
    dump(small, &a, sa);
    dump(large, &b, sb);
    dump(path, &c, sc);
    assert_true(a.n > 5);
    assert_int_equal(a.n, b.n);
    assert_int_equal(a.n, c.n);
    for (size_t i = 0; i < a.n; i++) {
        long m = strtol(a.v[i], NULL, 10), n = strtol(b.v[i], NULL, 10);
        counted |= m == 100 && n == 5000;
        assert_int_equal(strtol(c.v[i], NULL, 10), 3 * m + 2 * n);
    }
    assert_true(counted);
    assert_int_equal(sc[0], 3 * sa[0] + 2 * sb[0]);
    assert_int_equal(sc[1], 3 * sa[1] + 2 * sb[1]);
    vec_release(&a);
    vec_release(&b);
    vec_release(&c);
    gcda_release(&sum);
    gcda_release(&x);
    gcda_release(&y);
    free(path);
}

static void test_facts(void **state)
{
    (void)state;
    need_gcc();
    struct gcda g, sum = {0};
    struct gcda_facts f = {0}, more = {0};
    load(small, &g);
    gcda_count(&g, &f);
    assert_int_equal(f.functions, 4); /* main, one, two, never */
    assert_int_equal(f.covered, 3);
    assert_int_equal(f.max_count, 100);
    check_add(&sum, &g, 1000);
    gcda_count(&sum, &more);
    assert_int_equal(more.functions, 4);
    assert_int_equal(more.covered, 3);
    assert_int_equal(more.max_count, 100000);
    gcda_release(&g);
    gcda_release(&sum);
}

/* Counts that no longer fit stay as high as they can be. */
static void test_saturates(void **state)
{
    (void)state;
    need_gcc();
    struct gcda g, sum = {0};
    struct gcda_facts f = {0};
    load(large, &g);
    check_add(&sum, &g, 1000000);
    for (int i = 0; i < 3; i++) {
        struct gcda copy = {0};
        check_add(&copy, &sum, 1000000);
        gcda_release(&sum);
        sum = copy;
    }
    check_add(&sum, &g, 1);
    gcda_count(&sum, &f);
    assert_true(f.max_count == INT64_MAX);
    assert_int_equal(f.covered, 3);
    gcda_release(&g);
    gcda_release(&sum);
}

static void test_other_code_is_refused(void **state)
{
    (void)state;
    need_gcc();
    char *before = unit_path("before.gcda"), *after = unit_path("after.gcda");
    struct gcda g, stranger, sum = {0};
    load(small, &g);
    load(other, &stranger);
    check_add(&sum, &g, 1);
    save(before, &sum);
    assert_string_equal(gcda_add(&sum, &stranger, 1), OTHER_CODE);
    g.records[1].words[2] ^= 1; /* the checksum of a function's control flow */
    assert_string_equal(gcda_add(&sum, &g, 1), OTHER_CODE);
    g.records[1].words[2] ^= 1;
    g.head[1]++;
    assert_string_equal(gcda_add(&sum, &g, 1),
                        "of another compiler version than the other trainings");
    save(after, &sum);
    check_same_files(before, after);
    gcda_release(&g);
    gcda_release(&stranger);
    gcda_release(&sum);
    free(before);
    free(after);
}

/* Reads what may be damaged; what is taken for good can be added, counted and written. */
static const char *try_file(const char *path, const struct gcda *good)
{
    struct gcda g, sum = {0};
    struct gcda_facts f = {0};
    struct err err = ERR_INIT;
    const char *fault;
    assert_int_equal(gcda_read(path, &g, &fault, &err), 0);
    if (fault) {
        assert_int_equal(g.n, 0);
        return fault;
    }
    gcda_count(&g, &f);
    check_add(&sum, good, 1);
    gcda_add(&sum, &g, 3);
    gcda_release(&sum);
    check_add(&sum, &g, 1000000);
    gcda_add(&sum, &g, 1000000);
    save(path, &sum);
    gcda_release(&sum);
    gcda_release(&g);
    return NULL;
}

static void test_every_truncation(void **state)
{
    (void)state;
    need_gcc();
    char *path = unit_path("cut.gcda");
    struct buf b = unit_read(small);
    struct gcda good;
    load(small, &good);
    for (size_t n = 0; n < b.len; n++) {
        unit_write(path, b.p, n);
        const char *fault = try_file(path, &good);
        if (!fault)
            fail_msg("%zu of %zu bytes were taken for a whole file", n, b.len);
        assert_string_equal(fault, n ? "truncated" : "empty");
    }
    gcda_release(&good);
    buf_release(&b);
    free(path);
}

static void test_every_bit_changed(void **state)
{
    (void)state;
    need_gcc();
    char *path = unit_path("flip.gcda");
    struct buf b = unit_read(small);
    struct gcda good;
    load(small, &good);
    for (size_t i = 0; i < b.len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            b.p[i] = (char)(b.p[i] ^ 1 << bit);
            unit_write(path, b.p, b.len);
            const char *fault = try_file(path, &good);
            if (i < 4)
                assert_string_equal(fault, "not a .gcda file of this machine");
            b.p[i] = (char)(b.p[i] ^ 1 << bit);
        }
    }
    gcda_release(&good);
    buf_release(&b);
    free(path);
}

/* A profile with one record of counters, as a process writes its own: it gets a summary, in front.
 */
static void make(struct gcda *g, uint32_t tag, const int64_t *values, size_t n)
{
    const uint32_t head[6] = {0x67636461, 0x4232322a, 1, 2, tag, (uint32_t)(8 * n)}, end = 0;
    char *path = unit_path("made.gcda");
    struct buf b = BUF_INIT;
    buf_add(&b, head, sizeof(head));
    buf_add(&b, values, n * sizeof(*values));
    buf_add(&b, &end, sizeof(end));
    unit_write(path, b.p, b.len);
    load(path, g);
    buf_release(&b);
    free(path);
}

struct sum {
    uint32_t tag;
    long weight;
    size_t an, bn, n;
    int64_t a[6], b[6], want[8];
};

static void check_sum(const struct sum *s)
{
    struct gcda a, b, sum = {0};
    int64_t got[8];
    make(&a, s->tag, s->a, s->an);
    make(&b, s->tag, s->b, s->bn);
    check_add(&sum, &a, 1);
    check_add(&sum, &b, s->weight);
    assert_int_equal(sum.n, 2);
    assert_int_equal(sum.records[1].length, 8 * s->n);
    memcpy(got, sum.records[1].words, 8 * s->n);
    for (size_t i = 0; i < s->n; i++)
        if (got[i] != s->want[i])
            fail_msg("counter %08x[%zu]: %lld", (unsigned)s->tag, i, (long long)got[i]);
    gcda_release(&a);
    gcda_release(&b);
    gcda_release(&sum);
}

/* Each kind by the rules of libgcc/libgcov-merge.c; a list of values is: total, number of values,
   then value and count of each. A negative total says that values were left out. Of
   addresses or'ed together only the alignment is kept, up to 16. */
static void test_kinds_of_counters(void **state)
{
    static const struct sum rows[] = {
        {0x01a10000, 10, 3, 3, 3, {1, 0, 5}, {2, 3, 0}, {21, 30, 5}},
        {0x01a10000, 4, 2, 2, 2, {1, -1}, {INT64_MAX / 2, INT64_MIN / 2}, {INT64_MAX, INT64_MIN}},
        {0x01ab0000, 2, 2, 2, 2, {-10, 1}, {-7, 3}, {-24, 7}},
        {0x01ad0000, 9, 4, 4, 4, {1, 8, 0, 64}, {4, 2, 0, 32}, {1, 2, 0, 16}},
        {0x01af0000, 9, 4, 4, 4, {5, 3, 0, 7}, {3, 5, 7, 0}, {3, 3, 7, 7}},
        {0x01a70000, 3, 4, 4, 6, {5, 1, 42, 5}, {2, 1, 7, 2}, {11, 2, 7, 6, 42, 5}},
        {0x01a90000, 3, 4, 4, 4, {5, 1, 42, 5}, {2, 1, 42, 2}, {11, 1, 42, 11}},
        {0x01a70000, 2, 4, 2, 4, {5, 1, 42, 5}, {-3, 0}, {-11, 1, 42, 5}},
        {0x01a70000, 1, 2, 2, 2, {0, 0}, {INT64_MIN, 0}, {-INT64_MAX, 0}},
    };
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++)
        check_sum(&rows[i]);
}

/* 20 and 20 other values are more than a list holds: the 32 with the highest counts stay. */
static void test_full_list_of_values(void **state)
{
    int64_t a[42] = {0, 20}, b[42] = {0, 20}, got[66];
    struct gcda x, y, sum = {0};
    (void)state;
    for (int i = 0; i < 20; i++) {
        a[0] += a[3 + 2 * i] = 100 + i;
        b[0] += b[3 + 2 * i] = 50 + i;
        a[2 + 2 * i] = i;
        b[2 + 2 * i] = 1000 + i;
    }
    make(&x, 0x01a70000, a, 42);
    make(&y, 0x01a70000, b, 42);
    check_add(&sum, &x, 1);
    check_add(&sum, &y, 1);
    assert_int_equal(sum.records[1].length, sizeof(got));
    memcpy(got, sum.records[1].words, sizeof(got));
    assert_int_equal(got[0], -(a[0] + b[0]));
    assert_int_equal(got[1], 32);
    for (int i = 0; i < 32; i++) {
        assert_int_equal(got[2 + 2 * i], i < 20 ? 19 - i : 1019 - (i - 20));
        assert_int_equal(got[3 + 2 * i], i < 20 ? 119 - i : 69 - (i - 20));
    }
    gcda_release(&x);
    gcda_release(&y);
    gcda_release(&sum);
}

/* Of a process's own file: one run, and the highest count of an arc. */
static void test_summary_is_made(void **state)
{
    static const int64_t arcs[] = {7, 1LL << 40, 3}, few[] = {7, 30, 3}, others[] = {9, 9};
    static const struct {
        uint32_t tag;
        const int64_t *values;
        size_t n;
        uint32_t most;
    } rows[] = {
        {0x01a10000, arcs, 3, UINT32_MAX}, {0x01a10000, few, 3, 30}, {0x01ab0000, others, 2, 0}};
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        struct gcda g;
        make(&g, rows[i].tag, rows[i].values, rows[i].n);
        assert_int_equal(g.records[0].tag, 0xa1000000u);
        assert_int_equal(g.records[0].length, 8);
        assert_int_equal(g.records[0].words[0], 1);
        assert_int_equal(g.records[0].words[1], rows[i].most);
        assert_int_equal(g.records[1].tag, rows[i].tag);
        gcda_release(&g);
    }
}

static void test_no_such_file(void **state)
{
    char *path = unit_path("none.gcda");
    struct gcda g;
    struct err err = ERR_INIT;
    const char *fault;
    (void)state;
    assert_int_equal(gcda_read(path, &g, &fault, &err), -1);
    unit_error(&err, path);
    unit_text(path, "this is a text, not a profile\n..");
    assert_int_equal(gcda_read(path, &g, &fault, &err), 0);
    assert_non_null(fault);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_weight_is_repetition),
        cmocka_unit_test(test_counts_as_gcov_dump_shows),
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_saturates),
        cmocka_unit_test(test_other_code_is_refused),
        cmocka_unit_test(test_every_truncation),
        cmocka_unit_test(test_every_bit_changed),
        cmocka_unit_test(test_kinds_of_counters),
        cmocka_unit_test(test_full_list_of_values),
        cmocka_unit_test(test_summary_is_made),
        cmocka_unit_test(test_no_such_file),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
