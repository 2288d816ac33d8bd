/* What a build tool says that it would do, and which of that is a reason. */
#include "unit.h"

#include "outdated.h"

/* What becomes of one line of ninja's explanations; the caller frees it. */
static char *why(const char *line)
{
    struct target program = {.kind = TARGET_PROGRAM, .artifact = path_join(unit_dir, "prog")};
    struct object object = {.path = path_join(unit_dir, "a.c.o")};
    const struct model model = {
        .targets = &program, .targets_n = 1, .objects = &object, .objects_n = 1};
    struct outdated o = {.dir = unit_dir, .source = "/tmp/x (y) z", .model = &model};
    struct vec words = VEC_INIT;
    struct err err = ERR_INIT;
    const char *const print[] = {"sh", "-c", "printf '%s\\n[1/3] step\\n' \"$0\"", line, NULL};
    vec_words(&words, print);
    assert_int_equal(outdated_ninja(&o, &words, &err), 0);
    assert_int_equal(o.steps, o.why ? 3 : 0);
    vec_release(&words);
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
        char *line = str_fmt("ninja explain: %s", rows[i].line), *got = why(line);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ninja, unit_setup, unit_teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
