/* Meson's build.ninja: what is read from it, and what becomes of it. */
#include "unit.h"

#include "meson_ninja.h"

#define MARK "-fprofile-generate"

static const char whole[] = "# head\n"
                            "rule c_COMPILER\n"
                            " command = cc $ARGS -o $out -c $in\n"
                            "rule cpp_COMPILER_RSP\n"
                            " command = 'c$$ + +' --x=a$ b @$out.rsp\n"
                            "\n"
                            "build a.p/a$ b.c.o x: c_COMPILER ../src/a$ b.c | dep || order\n"
                            " DEPFILE = a.p/a$ b.c.o.d\n"
                            " ARGS = -I. -fprofile-generate -O2\n"
                            "\n"
                            "build a: c_LINKER a.p/a$ b.c.o\n"
                            " LINK_ARGS = -Wl,-O1 -fprofile-generate";

static enum ninja_kind kind_of(const char *rule)
{
    struct ninja_reader r;
    char *text = str_fmt("build o: %s i\n ARGS = -O2\n", rule);
    ninja_start(&r, text);
    enum ninja_kind kind = ninja_next(&r)->kind;
    assert_int_equal(ninja_next(&r)->kind, kind);
    assert_null(ninja_next(&r));
    free(text);
    return kind;
}

static void test_kinds(void **state)
{
    static const struct {
        const char *rule;
        enum ninja_kind kind;
    } rows[] = {{"c_COMPILER", NINJA_COMPILE},
                {"cpp_COMPILER_RSP", NINJA_COMPILE},
                {"objc_COMPILER", NINJA_COMPILE},
                {"objcpp_COMPILER", NINJA_COMPILE},
                {"c_PCH", NINJA_COMPILE},
                {"cpp_PCH", NINJA_COMPILE},
                {"c_LINKER", NINJA_LINK},
                {"cpp_LINKER_RSP", NINJA_LINK},
                {"fortran_LINKER", NINJA_LINK_OTHERS},
                {"fortran_COMPILER", NINJA_OTHER},
                {"rust_COMPILER", NINJA_COMPILE_RUST},
                {"STATIC_LINKER", NINJA_OTHER},
                {"STATIC_LINKER_RSP", NINJA_OTHER},
                {"c_COMPILER_FOR_BUILD", NINJA_OTHER},
                {"c_LINKER_FOR_BUILD", NINJA_OTHER},
                {"CUSTOM_COMMAND", NINJA_OTHER},
                {"phony", NINJA_OTHER}};
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++)
        if (kind_of(rows[i].rule) != rows[i].kind)
            fail_msg("%s is taken for another kind", rows[i].rule);
}

static void test_statements(void **state)
{
    struct ninja_reader r;
    const struct ninja_line *l;
    struct vec words = VEC_INIT;
    size_t lines = 0;
    (void)state;
    ninja_start(&r, whole);
    while ((l = ninja_next(&r)) && !str_starts(l->text, "build a.p"))
        lines++;
    assert_int_equal(lines, 6);
    assert_string_equal(l->out, "a.p/a b.c.o");
    assert_string_equal(l->rule, "c_COMPILER");
    assert_string_equal(l->in, "../src/a b.c");
    assert_null(l->options);
    l = ninja_next(&r);
    assert_null(l->options);
    l = ninja_next(&r);
    assert_string_equal(l->out, "a.p/a b.c.o");
    assert_true(ninja_has(l, "-I."));
    assert_true(ninja_has(l, MARK));
    assert_true(ninja_has(l, "-O2"));
    assert_false(ninja_has(l, "-O"));
    assert_false(ninja_has(l, "fprofile-generate"));
    ninja_words(l, &words);
    unit_vec(&words, UNIT_WORDS("-I.", MARK, "-O2"));
    vec_release(&words);
    /* The statement ends with its lines. */
    l = ninja_next(&r);
    assert_int_equal(l->len, 0);
    assert_null(l->out);
    l = ninja_next(&r);
    assert_int_equal(l->kind, NINJA_LINK);
    assert_string_equal(l->in, "a.p/a b.c.o");
    l = ninja_next(&r);
    assert_true(ninja_has(l, MARK));
    assert_null(ninja_next(&r));
}

static void test_escapes(void **state)
{
    struct ninja_reader r;
    struct vec words = VEC_INIT;
    (void)state;
    ninja_start(&r, "build c$:/$$x$ y.o: c_COMPILER in$:$$.c\n ARGS = '-DA=b$ c' -D$$X '-DQ=\"'\n");
    const struct ninja_line *l = ninja_next(&r);
    assert_string_equal(l->out, "c:/$x y.o");
    assert_string_equal(l->rule, "c_COMPILER");
    assert_string_equal(l->in, "in:$.c");
    l = ninja_next(&r);
    /* A space within a word does not begin one. */
    assert_false(ninja_has(l, "c'"));
    ninja_words(l, &words);
    unit_vec(&words, UNIT_WORDS("-DA=b c", "-D$X", "-DQ=\""));
    vec_release(&words);
    while (ninja_next(&r))
        ;
}

static void test_rule(void **state)
{
    struct vec words = VEC_INIT;
    (void)state;
    ninja_rule(whole, "c_COMPILER", " $ARGS", &words);
    unit_vec(&words, UNIT_WORDS("cc"));
    vec_release(&words);
    ninja_rule(whole, "cpp_COMPILER_RSP", " @", &words);
    unit_vec(&words, UNIT_WORDS("c$ + +", "--x=a", "b"));
    vec_release(&words);
    ninja_rule(whole, "cpp_COMPILER", " @", &words);
    assert_int_equal(words.n, 0);
}

/* What becomes of a text, with flags of each sort; the caller frees it. */
static char *rewritten(const char *text, const char *mark, const char *excluded)
{
    struct flags f = {0};
    struct vec dirs = VEC_INIT;
    struct buf out = BUF_INIT;
    vec_add(&f.compile, "-gen=/a b");
    vec_add(&f.compile, "-mllvm\n-x");
    vec_add(&f.object, "-seed=<OBJECT>");
    vec_add(&f.link, "-link");
    vec_add(&f.others, "-runtime$");
    if (excluded)
        vec_add(&dirs, excluded);
    ninja_rewrite(&out, text, mark, &f, &dirs);
    vec_release(&f.compile);
    vec_release(&f.object);
    vec_release(&f.link);
    vec_release(&f.others);
    vec_release(&dirs);
    return buf_detach(&out);
}

static void same_rewritten(const char *text, const char *excluded, const char *wanted)
{
    char *got = rewritten(text, MARK, excluded);
    assert_string_equal(got, wanted);
    free(got);
}

#define OBJECT "build a.p/o.o: c_COMPILER i.c\n"
#define PROGRAM "build a: c_LINKER a.p/o.o\n"

static void test_rewrite(void **state)
{
    (void)state;
    same_rewritten(OBJECT " ARGS = -I. " MARK " -O2\n", NULL,
                   OBJECT " ARGS = -I. -O2 '-gen=/a$ b' -mllvm -x -seed=a.p/o.o\n");
    same_rewritten(OBJECT " ARGS = " MARK " -O2 " MARK "\n", NULL,
                   OBJECT " ARGS = -O2  '-gen=/a$ b' -mllvm -x -seed=a.p/o.o\n");
    same_rewritten("build h.gch: c_PCH h.h\n ARGS = " MARK "\n", NULL,
                   "build h.gch: c_PCH h.h\n ARGS =  '-gen=/a$ b' -mllvm -x -seed=h.gch\n");
    same_rewritten(PROGRAM " LINK_ARGS = " MARK " -lm\n", NULL, PROGRAM " LINK_ARGS = -lm -link\n");
    /* The last line has its newline. */
    same_rewritten(PROGRAM " LINK_ARGS = -lm", NULL, PROGRAM " LINK_ARGS = -lm -link\n");
    same_rewritten("", NULL, "");
}

/* What Meson gave no flags, since the project excludes it, gets none of ours either; but a program
   may link what is instrumented. */
static void test_unmarked(void **state)
{
    (void)state;
    same_rewritten(OBJECT " ARGS = -O2 " MARK "=x\n", NULL, OBJECT " ARGS = -O2 " MARK "=x\n");
    same_rewritten(PROGRAM " LINK_ARGS = -nostdlib\n", NULL, PROGRAM " LINK_ARGS = -nostdlib\n");
    same_rewritten(PROGRAM " LINK_ARGS = -nodefaultlibs\n", NULL,
                   PROGRAM " LINK_ARGS = -nodefaultlibs\n");
    same_rewritten("build l.a: STATIC_LINKER o.o\n LINK_ARGS = csrD\n", NULL,
                   "build l.a: STATIC_LINKER o.o\n LINK_ARGS = csrD\n");
}

static void test_excluded(void **state)
{
    (void)state;
    same_rewritten(OBJECT " ARGS = " MARK " -O2\n", "a.p/", OBJECT " ARGS = -O2\n");
    same_rewritten(OBJECT " ARGS = " MARK " -O2\n", "b.p/",
                   OBJECT " ARGS = -O2 '-gen=/a$ b' -mllvm -x -seed=a.p/o.o\n");
    same_rewritten(PROGRAM " LINK_ARGS = " MARK "\n", "a.p/", PROGRAM " LINK_ARGS =  -link\n");
}

static void test_other_languages(void **state)
{
    (void)state;
    same_rewritten("build f: fortran_LINKER o.o\n LINK_ARGS = -lm\n", NULL,
                   "build f: fortran_LINKER o.o\n LINK_ARGS = -lm '-runtime$$'\n");
    same_rewritten("build f.o: fortran_COMPILER f.f90\n ARGS = -O2\n", NULL,
                   "build f.o: fortran_COMPILER f.f90\n ARGS = -O2\n");
    same_rewritten(
        "build r: rust_COMPILER r.rs\n ARGS = -O\n", NULL,
        "build r: rust_COMPILER r.rs\n ARGS = -O '-Clink-arg=-runtime$$' -Clink-arg=-lc\n");
}

/* Of projects that Meson cannot give its flag all objects get ours, and so do all programs. */
static void test_no_mark(void **state)
{
    (void)state;
    char *got = rewritten(OBJECT " ARGS = -O2\n" PROGRAM " LINK_ARGS = -nostdlib\n", NULL, NULL);
    assert_string_equal(got, OBJECT " ARGS = -O2 '-gen=/a$ b' -mllvm -x -seed=a.p/o.o\n" PROGRAM
                                    " LINK_ARGS = -nostdlib -link\n");
    free(got);
    got = rewritten(OBJECT " ARGS = -O2\n", NULL, "a.p/");
    assert_string_equal(got, OBJECT " ARGS = -O2\n");
    free(got);
}

/* With nothing left to replace, nothing is added to compiles. */
static void test_again(void **state)
{
    static const char text[] = OBJECT " ARGS = " MARK " -O2\n DEPFILE = d\n\ndefault all\n";
    (void)state;
    char *once = rewritten(text, MARK, NULL);
    same_rewritten(once, NULL, once);
    free(once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),    cmocka_unit_test(test_statements),
        cmocka_unit_test(test_escapes),  cmocka_unit_test(test_rule),
        cmocka_unit_test(test_rewrite),  cmocka_unit_test(test_unmarked),
        cmocka_unit_test(test_excluded), cmocka_unit_test(test_other_languages),
        cmocka_unit_test(test_no_mark),  cmocka_unit_test(test_again),
    };
    return UNIT_RUN(tests);
}
