/* Command lines of the compiler: which sanitizers one turns on, which
   options are about profiles. */
#include "unit.h"

#include "command.h"

static void check(const char *words, const char *wanted)
{
    char *got = command_sanitizers(words);
    if (wanted)
        assert_string_equal(got, wanted);
    else
        assert_null(got);
    free(got);
}

static void test_sanitizers(void **state)
{
    (void)state;
    check("", NULL);
    check("-O2\n-g", NULL);
    check("-O2\n-fsanitize=address\n-g", "address");
    check("-fsanitize=address,undefined\n-fsanitize=address", "address,undefined");
    check("-fsanitize=thread\n-fsanitize=leak", "thread,leak");
    check("-fsanitize-recover=all", NULL);
}

static void test_taken_back(void **state)
{
    (void)state;
    check("-fsanitize=address\n-fno-sanitize=all", NULL);
    check("-fsanitize=address,undefined\n-fno-sanitize=address", "undefined");
    check("-fno-sanitize=all\n-fsanitize=address", "address");
    check("-fsanitize=address\n-fno-sanitize=vptr", "address");
}

static void test_hardening(void **state)
{
    (void)state;
    check("-fsanitize=cfi", NULL);
    check("-fsanitize=cfi-icall,safe-stack\n-fsanitize=shadow-call-stack", NULL);
    check("-fsanitize=safe-stack,memory", "memory");
}

static void test_profiles(void **state)
{
    (void)state;
    static const char *const yes[] = {"-fprofile-generate", "-fprofile-use=x", "--coverage",
                                      "-fprofile-instr-use"},
                             *const no[] = {"-fno-profile-generate", "-fno-branch-probabilities",
                                            "-fprofile-update=atomic", "-O2"};
    for (size_t i = 0; i < PGO_COUNT(yes); i++)
        assert_true(command_profiles(yes[i]));
    for (size_t i = 0; i < PGO_COUNT(no); i++)
        assert_false(command_profiles(no[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sanitizers),
        cmocka_unit_test(test_taken_back),
        cmocka_unit_test(test_hardening),
        cmocka_unit_test(test_profiles),
    };
    return UNIT_RUN(tests);
}
