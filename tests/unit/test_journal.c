/* What the runtime tells of processes: the last event of each counts. */
#include "unit.h"

#include "journal.h"

static void read_text(const char *text, struct journal *j)
{
    char *path = unit_path("processes");
    unit_text(path, text);
    journal_read(path, j);
    free(path);
}

static void test_events(void **state)
{
    struct journal j;
    (void)state;
    read_text("+10 serve\n"
              "+11 client one\n"
              "-11\n"
              "+12 sh\n-12\n+12 prog\n" /* executed another program */
              "+13 prog\n-13\n"
              "x\n+\n-\n+x y\n14\n" /* nothing */
              "-1",                 /* not whole */
              &j);
    assert_true(j.known);
    assert_int_equal(j.seen, 4);
    assert_int_equal(j.wrote, 2);
    unit_vec(&j.pids, UNIT_WORDS("10", "12"));
    unit_vec(&j.names, UNIT_WORDS("serve", "prog"));
    journal_release(&j);
}

static void test_none(void **state)
{
    struct journal j;
    char *path = unit_path("no file");
    (void)state;
    journal_read(path, &j);
    assert_false(j.known);
    assert_int_equal(j.seen, 0);
    journal_release(&j);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_events), cmocka_unit_test(test_none)};
    return UNIT_RUN(tests);
}
