/* A profile that is moved from one directory to another is, byte for byte, the one that GCC and the
   program make in the other. */
#include "unit.h"

#include "gcc_ids.h"
#include "proc.h"

static const char header[] = "static int up(int x) { return x + 1; }\n"
                             "inline int in_class(int x) { return x * 5; }\n";
static const char program[] = "#include \"here.h\"\n"
                              "namespace { struct S { virtual int f(int x) { return x; }\n"
                              "    virtual ~S() {} } s; }\n"
                              "static int down(int x) { return x - 1; }\n"
                              "int (*volatile table[])(int) = {up, down, in_class};\n"
                              "int main(int argc, char **)\n"
                              "{\n"
                              "    int sum = 0;\n"
                              "    S *volatile p = &s;\n"
                              "    for (int i = 0; i < 1000 * argc; i++)\n"
                              "        sum += table[i % 7 % 3](i) + p->f(i);\n"
                              "    return sum == 42;\n"
                              "}\n";

/* Compiles as CMake does and runs; false when there is no such compiler. */
static bool record(const char *name)
{
    static const char script[] =
        "cd \"$1\" && mkdir o && g++ -dumpversion && g++ -O2 -frandom-seed=1 -ftest-coverage "
        "-fprofile-update=single -fprofile-generate -c -o o/p.cc.o \"$1/p.cc\" && "
        "g++ -fprofile-generate -o p o/p.cc.o && ./p && g++ --version";
    char *dir = unit_path(name), *cc = path_join(dir, "p.cc"), *h = path_join(dir, "here.h");
    struct vec argv = VEC_INIT;
    struct buf out = BUF_INIT;
    struct err err = ERR_INIT;
    int status = 0;
    assert_int_equal(mkdir(dir, 0777), 0);
    unit_text(cc, program);
    unit_text(h, header);
    vec_words(&argv, UNIT_WORDS("sh", "-c", script, "sh", dir));
    assert_int_equal(proc_capture(&argv, &out, &status, &err), 0);
    bool made =
        proc_ok(status) && strtol(buf_str(&out), NULL, 10) >= 12 && !strstr(buf_str(&out), "clang");
    vec_release(&argv);
    buf_release(&out);
    free(dir);
    free(cc);
    free(h);
    return made;
}

static void load(const char *name, struct gcda *g)
{
    struct err err = ERR_INIT;
    const char *fault;
    char *path = unit_path(name);
    assert_int_equal(gcda_read(path, g, &fault, &err), 0);
    unit_no_error(&err);
    assert_null(fault);
    free(path);
}

static bool same(const struct gcda *a, const struct gcda *b)
{
    assert_int_equal(a->n, b->n);
    bool all = true;
    for (size_t i = 0; i < a->n; i++) {
        assert_int_equal(a->records[i].tag, b->records[i].tag);
        assert_int_equal(a->records[i].length, b->records[i].length);
        if (a->records[i].length > 0)
            all &=
                memcmp(a->records[i].words, b->records[i].words, (size_t)a->records[i].length) == 0;
    }
    return all;
}

static void test_moved(void **state)
{
    (void)state;
    struct gcc_ids ids = {NULL, 0, 0};
    struct gcda one, two;
    if (!record("one") || !record("a longer name")) {
        print_message("skipped: no g++ of version 12 or newer\n");
        skip();
    }
    load("one/o/p.cc.gcda", &one);
    load("a longer name/o/p.cc.gcda", &two);
    assert_false(same(&one, &two));
    char *notes = unit_path("one/o/p.cc.gcno"), *from = unit_path("one"),
         *to = unit_path("a longer name"), *elsewhere = unit_path("else");
    gcc_ids_read(&ids, notes, elsewhere, to);
    assert_int_equal(ids.n, 0);
    gcc_ids_read(&ids, notes, from, to);
    gcc_ids_sort(&ids);
    gcc_ids_rename(&ids, &one);
    assert_false(same(&one, &two)); /* but for targets of calls */
    gcc_ids_retarget(&ids, &one);
    assert_true(same(&one, &two));
    gcc_ids_release(&ids);
    gcda_release(&one);
    gcda_release(&two);
    free(notes);
    free(from);
    free(to);
    free(elsewhere);
}

/* GCC 12 calls main() by this number. */
static void test_crc(void **state)
{
    (void)state;
    assert_int_equal(gcc_ids_crc(0, "main") & 0x7fffffff, 108032747);
}

/* Cut anywhere, or no .gcno file at all. */
static void test_damaged(void **state)
{
    (void)state;
    char *whole = unit_path("one/o/p.cc.gcno"), *cut = unit_path("one/o/cut.gcno"),
         *from = unit_path("one");
    if (!fs_is_file(whole))
        skip();
    struct buf b = unit_read(whole);
    struct gcc_ids ids = {NULL, 0, 0};
    gcc_ids_read(&ids, cut, from, "/");
    for (size_t n = 0; n < b.len; n += 3) {
        unit_write(cut, b.p, n);
        gcc_ids_read(&ids, cut, from, "/");
        gcc_ids_release(&ids);
    }
    unit_text(cut, "something else, which is long enough to be read");
    gcc_ids_read(&ids, cut, from, "/");
    assert_int_equal(ids.n, 0);
    buf_release(&b);
    free(whole);
    free(cut);
    free(from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_crc), cmocka_unit_test(test_moved),
                                       cmocka_unit_test(test_damaged)};
    return UNIT_RUN(tests);
}
