/* What a build tool says that it would do, and which of that is a reason. */
#include "unit.h"

#include "outdated.h"

#include <fcntl.h>
#include <sys/stat.h>

typedef int outdated_asks(struct outdated *, const struct vec *, const struct vec *, struct err *);

/* What becomes of one line of explanations, when ninja lists that of what it is asked for with
   -t; the caller frees it. */
static char *why(outdated_asks *asks, const char *line, const char *lists)
{
    static const char ask[] = "case $* in *' -t '*) printf '%s\\n' \"$1\" ;;"
                              " *) printf '%s\\n[1/3] step\\n' \"$0\" ;; esac";
    struct target program = {.kind = TARGET_PROGRAM, .artifact = path_join(unit_dir, "prog")};
    struct object object = {.path = path_join(unit_dir, "a.c.o")};
    const struct model model = {
        .targets = &program, .targets_n = 1, .objects = &object, .objects_n = 1};
    struct outdated o = {.dir = unit_dir, .source = "/tmp/x (y) z", .model = &model};
    struct vec tool = VEC_INIT, goals = VEC_INIT;
    struct err err = ERR_INIT;
    const char *const print[] = {"sh", "-c", ask, line, lists, NULL};
    vec_words(&tool, print);
    assert_int_equal(asks(&o, &tool, &goals, &err), 0);
    assert_int_equal(o.steps, o.why && asks == outdated_ninja ? 3 : 0);
    vec_release(&tool);
    free(program.artifact);
    free(object.path);
    return o.why;
}

static void test_ninja(void **state)
{
    static const struct {
        const char *line, *why; /* of a line of ninja */
    } rows[] = {{"output a.c.o older than most recent input /tmp/x (y) z/a.c (1 vs 2)",
                 "a.c is newer than a.c.o"},
                {"recorded mtime of a.c.o older than most recent input ../b (c) d.h (1 vs 2)",
                 " (c) d.h is newer than a.c.o"},
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
        char *line = str_fmt("ninja explain: %s", rows[i].line),
             *got = why(outdated_ninja, line, "");
        if (!rows[i].why)
            assert_null(got);
        else if (!got || !str_ends(got, rows[i].why))
            fail_msg("'%s': '%s', not '%s'", line, got ? got : "no reason", rows[i].why);
        free(line);
        free(got);
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
        const char *dirty, *lists, *why;
    } rows[] = {
        {"a.c.o", "a.c.o: #deps 1, deps mtime 1 (VALID)\n    other.o", NULL},
        {"a.c.o", "a.c.o: #deps 2, deps mtime 1 (VALID)\n    other.o\n    gone: x.h",
         "gone: x.h is not there"},
        {"a.c.o", "a.c.o: #deps 1, deps mtime 1 (VALID)\n    newer.h",
         "newer.h is newer than a.c.o"},
        {"a.c.o", "other.o: #deps 1, deps mtime 1 (VALID)\n    gone.h", NULL},
        {"other.o", "other.o: #deps 1, deps mtime 1 (VALID)\n    gone.h", NULL},
        {"gone.o", "gone.o:\n  input: CC\n    gone.c", NULL},
        {"a.c.o", "a.c.o:\n  input: CC\n    | gone.bin\n  outputs:\n    prog",
         "gone.bin is not there"},
        {"a.c.o", "a.c.o:\n  input: CC\n    other.o\n    || gone\n  outputs:\n    gone2", NULL}};
    (void)state;
    files_in_order();
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        char *line = str_fmt("ninja explain: %s is dirty", rows[i].dirty);
        char *got = why(outdated_ninja, line, rows[i].lists);
        if (!rows[i].why)
            assert_null(got);
        else if (!got || strcmp(got, rows[i].why) != 0)
            fail_msg("'%s': '%s', not '%s'", rows[i].lists, got ? got : "no reason", rows[i].why);
        free(line);
        free(got);
    }
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
        {"", "it's gone.h is not there"}}; /* as the compiler noted it, the last one */
    (void)state;
    struct err err = ERR_INIT;
    char *noted = path_join(unit_dir, "a.c.o.d");
    static const char list[] = "a.c.o: other.o \\\n it's\\ gone.h\n";
    files_in_order();
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        if (i == PGO_COUNT(rows) - 1)
            assert_int_equal(fs_replace(noted, list, strlen(list), &err), 0);
        char *got = why(outdated_make, rows[i].line, "");
        if (!rows[i].why)
            assert_null(got);
        else if (!got || strcmp(got, rows[i].why) != 0)
            fail_msg("'%s': '%s', not '%s'", rows[i].line, got ? got : "no reason", rows[i].why);
        free(got);
    }
    free(noted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ninja, unit_setup, unit_teardown),
        cmocka_unit_test_setup_teardown(test_behind, unit_setup, unit_teardown),
        cmocka_unit_test_setup_teardown(test_make, unit_setup, unit_teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
