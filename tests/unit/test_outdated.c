/* What a build tool says that it would do, and which of that is a reason. */
#include "unit.h"

#include "outdated.h"

#include <fcntl.h>
#include <sys/stat.h>

typedef int outdated_asks(struct outdated *, const struct vec *, const struct vec *, struct err *);

/* What a build tool answers; it fails when it tells an error. */
struct answers {
    const char *line;         /* to what it would do */
    const char *deps, *query; /* ninja, to -t */
};

/* The reason that comes of it; the caller frees it. */
static char *why(outdated_asks *asks, const struct answers *a)
{
    static const char ask[] = "case $* in"
                              " *' -t deps '*) answer=$1 ;;"
                              " *' -t query '*) answer=$2 ;;"
                              " *) answer=\"$0\n[1/3] step\" ;;"
                              " esac\n"
                              "printf '%s\\n' \"$answer\"\n"
                              "case $answer in *error:*) exit 1 ;; esac";
    struct target program = {.kind = TARGET_PROGRAM, .artifact = path_join(unit_dir, "prog")};
    struct object objects[] = {
        {.path = path_join(unit_dir, "a.c.o"), .target = "a"},
        {.path = path_join(unit_dir, "s b/CMakeFiles/x.dir/b.c.o"), .target = "x"}};
    const struct model model = {
        .targets = &program, .targets_n = 1, .objects = objects, .objects_n = 2};
    struct outdated o = {.dir = unit_dir, .source = "/tmp/x (y) z", .model = &model};
    struct vec tool = VEC_INIT, goals = VEC_INIT;
    struct err err = ERR_INIT;
    const char *const print[] = {
        "sh", "-c", ask, a->line, a->deps ? a->deps : "", a->query ? a->query : "", NULL};
    vec_words(&tool, print);
    assert_int_equal(asks(&o, &tool, &goals, &err), 0);
    assert_int_equal(o.steps, o.why && asks == outdated_ninja ? 3 : 0);
    vec_release(&tool);
    free(program.artifact);
    free(objects[0].path);
    free(objects[1].path);
    char *said = o.why ? str_dup(o.why) : NULL;
    outdated_release(&o);
    return said;
}

static void expect(outdated_asks *asks, const struct answers *a, const char *expected)
{
    char *got = why(asks, a);
    if (!expected)
        assert_null(got);
    else if (!got || strcmp(got, expected) != 0)
        fail_msg("'%s': '%s', not '%s'", a->line, got ? got : "no reason", expected);
    free(got);
}

static void test_ninja(void **state)
{
    static const struct {
        const char *line, *why; /* of a line of ninja */
    } rows[] = {{"output a.c.o older than most recent input /tmp/x (y) z/a.c (1 vs 2)",
                 "a.c is newer than a.c.o"},
                {"recorded mtime of a.c.o older than most recent input /b (c) d.h (1 vs 2)",
                 "/b (c) d.h is newer than a.c.o"},
                {"output prog doesn't exist", "prog is not there"},
                {"output CMakeFiles/always doesn't exist", NULL},
                {"output a.c.o doesn't exist", NULL}, /* it does, by now */
                {"deps for 'a.c.o' are missing", "a.c.o has no list of dependencies"},
                {"deps for 'other.o' are missing", NULL},
                {"depfile 'a.c.o.d' is missing", "a.c.o has no list of dependencies"},
                {"stored deps info out of date for 'a.c.o' (1 vs 2)",
                 "a.c.o is not as the build tool left it"},
                {"command line not found in log for a.c.o", "a.c.o is not in the build tool's log"},
                {"command line changed for a.c.o", "a.c.o was made by another command"},
                {"a.c.o is dirty", NULL}};
    (void)state;
    struct err err = ERR_INIT;
    char *object = path_join(unit_dir, "a.c.o"), *other = path_join(unit_dir, "other.o");
    assert_int_equal(fs_replace(object, "", 0, &err), 0);
    assert_int_equal(fs_replace(other, "", 0, &err), 0);
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        char *line = str_fmt("ninja explain: %s", rows[i].line);
        const struct answers answers = {.line = line};
        expect(outdated_ninja, &answers, rows[i].why);
        free(line);
    }
    free(object);
    free(other);
}

static void files_in_order(void)
{
    struct err err = ERR_INIT;
    static const char *const files[] = {"other.o", "a.c.o", "newer.h"};
    for (size_t i = 0; i < PGO_COUNT(files); i++) {
        char *path = path_join(unit_dir, files[i]);
        const struct timespec times[2] = {{1000 + (time_t)i, 0}, {1000 + (time_t)i, 0}};
        assert_int_equal(fs_replace(path, "", 0, &err), 0);
        assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
        free(path);
    }
}

/* Of what is made anew because something else is: what it was made from. */
static void test_behind(void **state)
{
    static const struct {
        const char *dirty, *deps, *query, *why;
    } rows[] = {{"a.c.o", "a.c.o: #deps 1, deps mtime 1 (VALID)\n    other.o", NULL, NULL},
                {"a.c.o", "a.c.o: #deps 2, deps mtime 1 (VALID)\n    other.o\n    gone: x.h", NULL,
                 "gone: x.h is not there"},
                {"a.c.o", "a.c.o: #deps 1, deps mtime 1 (VALID)\n    newer.h", NULL,
                 "newer.h is newer than a.c.o"},
                {"a.c.o", "a.c.o: deps not found", NULL, NULL},
                {"a.c.o", "error: no log", NULL, "no log"},
                {"other.o", "other.o: #deps 1, deps mtime 1 (VALID)\n    gone.h", NULL, NULL},
                {"prog", NULL, "prog:\n  input: LINK\n    gone.o", NULL},
                {"a.c.o", NULL, "a.c.o:\n  input: CC\n    | gone.bin\n  outputs:\n    prog",
                 "gone.bin is not there"},
                {"a.c.o", NULL,
                 "a.c.o:\n  input: CC\n    other.o\n    || gone\n  outputs:\n    gone2", NULL},
                {"a.c.o", NULL, "ninja: error: unknown target 'a.c.o'", "unknown target 'a.c.o'"}};
    (void)state;
    files_in_order();
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        char *line = str_fmt("ninja explain: %s is dirty", rows[i].dirty);
        const struct answers answers = {line, rows[i].deps, rows[i].query};
        expect(outdated_ninja, &answers, rows[i].why);
        free(line);
    }
}

/* More names than one command line takes; of the last one the tool tells that a file is gone. */
static void test_many(void **state)
{
    enum { MANY = 30000, LONG = 230 };
    static const char ask[] = "case $* in"
                              " *' -t query '*) shift $(($# - 1))\n"
                              "    printf '%s:\\n  input: CC\\n    gone.c\\n' \"$1\" ;;"
                              " *' -t '*) ;;"
                              " *) cat \"$0\" ;; esac";
    struct object *objects = mem_alloc(MANY * sizeof(*objects));
    struct buf lines = BUF_INIT;
    struct err err = ERR_INIT;
    struct vec tool = VEC_INIT, goals = VEC_INIT;
    (void)state;
    files_in_order();
    for (int i = 0; i < MANY; i++) {
        char *name = i < MANY - 1 ? str_fmt("%0*d.o", LONG, i) : str_dup("a.c.o");
        objects[i] = (struct object){.path = path_join(unit_dir, name)};
        buf_addf(&lines, "ninja explain: %s is dirty\n", name);
        free(name);
    }
    const struct model model = {.objects = objects, .objects_n = MANY};
    struct outdated o = {.dir = unit_dir, .source = unit_dir, .model = &model};
    char *told = path_join(unit_dir, "told");
    const char *const words[] = {"sh", "-c", ask, told, NULL};
    unit_text(told, buf_str(&lines));
    vec_words(&tool, words);
    assert_int_equal(outdated_ninja(&o, &tool, &goals, &err), 0);
    unit_no_error(&err);
    assert_non_null(o.why);
    assert_string_equal(o.why, "gone.c is not there");
    for (int i = 0; i < MANY; i++)
        free(objects[i].path);
    free(objects);
    free(told);
    outdated_release(&o);
    buf_release(&lines);
    vec_release(&tool);
}

static void test_make(void **state)
{
    static const struct {
        const char *line, *why; /* of a line of make */
    } rows[] = {
        {"   Prerequisite 'newer.h' is newer than target 'a.c.o'.", "newer.h is newer than a.c.o"},
        {"   Prerequisite 'other.o' is newer than target 'a.c.o'.",
         NULL}, /* pretended to be made */
        {"   Prerequisite 'gone.h' is newer than target 'a.c.o'.", "gone.h is not there"},
        {"   Prerequisite 'gone.h' of target 'a.c.o' does not exist.", "gone.h is not there"},
        {"   Prerequisite 'gone.h' is newer than target 'other.o'.", NULL},
        {"   Prerequisite 'gone.h' of target 'other.o' does not exist.", NULL},
        {" File 'prog' does not exist.", "prog is not there"},
        {" File 'gone' does not exist.", NULL},
        {"make: *** error: no rule.  Stop.", "no rule.  Stop."}};
    (void)state;
    files_in_order();
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        const struct answers answers = {.line = rows[i].line};
        expect(outdated_make, &answers, rows[i].why);
    }
}

/* As the compiler noted it, in the directory from which it was started. */
static void test_make_noted(void **state)
{
    static const struct {
        const char *noted, *why;
    } rows[] = {{"b.c.o: ../other.o", NULL},
                {"b.c.o: ../other.o \\\n it's\\ gone.h\n", "s b/it's gone.h is not there"},
                {"b.c.o: ../newer.h", "newer.h is newer than b.c.o"},
                {"b.c.o: ../other.o \\\n ../a.c.o\n\n../other.o:\n../a.c.o:\n", NULL}};
    const struct answers asked = {
        .line = "make -s -f \"s b/CMakeFiles/x.dir/build.make\" \"s b/CMakeFiles/x.dir/build\""};
    const struct answers another = {
        .line = "make -s -f CMakeFiles/x.dir/build.make CMakeFiles/x.dir/build"};
    char *object = unit_path("s b/CMakeFiles/x.dir/b.c.o"), *noted = str_fmt("%s.d", object),
         *dir = path_dir(object);
    const struct timespec times[2] = {{1001, 0}, {1001, 0}};
    struct err err = ERR_INIT;
    (void)state;
    files_in_order();
    assert_int_equal(fs_mkdirs(dir, &err), 0);
    unit_text(object, "");
    assert_int_equal(utimensat(AT_FDCWD, object, times, 0), 0);
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        unit_text(noted, rows[i].noted);
        expect(outdated_make, &asked, rows[i].why);
        expect(outdated_make, &another, NULL); /* what it is not asked to build */
    }
    free(object);
    free(noted);
    free(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ninja, unit_setup, unit_teardown),
        cmocka_unit_test_setup_teardown(test_behind, unit_setup, unit_teardown),
        cmocka_unit_test_setup_teardown(test_many, unit_setup, unit_teardown),
        cmocka_unit_test_setup_teardown(test_make, unit_setup, unit_teardown),
        cmocka_unit_test_setup_teardown(test_make_noted, unit_setup, unit_teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
