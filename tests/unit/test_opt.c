/* The command line, with a table of commands like the driver's. */
#include "unit.h"

#include "opt.h"

static int run_nothing(const struct options *o, struct err *err)
{
    (void)o;
    (void)err;
    return 0;
}

const struct command opt_commands[] = {
    {"use", NULL, "build", run_nothing},
    {"train", NULL, "run", run_nothing},
    {"compare", NULL, "measure", run_nothing},
    {"exec", "-- PROGRAM [ARGUMENT]...", "run one", run_nothing},
    {"help", "[COMMAND]", "show help", run_nothing},
    {NULL, NULL, NULL, NULL},
};

static struct options opts;
static const struct command *command;

static int parse(struct err *err, const char *const *words)
{
    struct vec argv = VEC_INIT;
    static struct vec kept; /* the options point into it */
    vec_release(&kept);
    opt_release(&opts);
    vec_add(&argv, "pgo");
    vec_words(&argv, words);
    kept = argv;
    int rc = opt_parse(&opts, &command, (int)kept.n, kept.v, err);
    if (rc == 0)
        unit_no_error(err);
    return rc;
}

static int release(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    parse(&err, UNIT_WORDS("use"));
    opt_release(&opts);
    return 0;
}

#define PARSE(...) parse(&err, UNIT_WORDS(__VA_ARGS__))

/* Wrong use: status 2, the message, and the hint. */
static void check_usage(struct err *err, const char *message, const char *hint)
{
    unit_contains(err->msg, message);
    assert_int_equal(err->status, PGO_USAGE);
    if (hint)
        unit_contains(err->hint, hint);
    err_release(err);
}

static void test_defaults(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(PARSE("use"), 0);
    assert_string_equal(command->name, "use");
    assert_string_equal(opts.dir, ".");
    assert_true(opts.jobs >= 1);
    assert_int_equal(opts.runs, 0);
    assert_true(opts.precision == 1 && opts.seconds == 10);
    assert_int_equal(opts.repeat, 1);
    assert_true(opts.timeout == 0);
    assert_null(opts.dataset);
    assert_false(opts.quiet || opts.verbose || opts.atomic || opts.json);
    assert_int_equal(opts.args.n, 0);
}

static void test_before_and_after_the_command(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(PARSE("-C", "build", "--dataset", "big", "use", "-v", "--atomic", "OFF"), 0);
    assert_string_equal(command->name, "use");
    assert_string_equal(opts.dir, "build");
    assert_string_equal(opts.dataset, "big");
    assert_true(opts.verbose);
    assert_string_equal(opts.atomic, "OFF");
    assert_int_equal(PARSE("use", "-C", "train", "--dataset", "Release"), 0);
    assert_string_equal(command->name, "use");
    assert_string_equal(opts.dir, "train");
    assert_string_equal(opts.dataset, "Release");
    /* the value of an option is not taken for the command */
    assert_int_equal(PARSE("--dataset", "compare", "-j", "2", "train"), 0);
    assert_string_equal(command->name, "train");
}

static void test_forms_of_a_value(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(PARSE("use", "--jobs=3"), 0);
    assert_int_equal(opts.jobs, 3);
    assert_int_equal(PARSE("use", "--jobs", "4"), 0);
    assert_int_equal(opts.jobs, 4);
    assert_int_equal(PARSE("-j5", "use"), 0);
    assert_int_equal(opts.jobs, 5);
    assert_int_equal(PARSE("-j", "6", "use"), 0);
    assert_int_equal(opts.jobs, 6);
    assert_int_equal(PARSE("-j6", "-j", "7", "use", "--jobs=8"), 0);
    assert_int_equal(opts.jobs, 8);
    assert_int_equal(PARSE("-Cdir with = sign", "use", "--dataset=a=b"), 0);
    assert_string_equal(opts.dir, "dir with = sign");
    assert_string_equal(opts.dataset, "a=b");
    assert_int_equal(PARSE("use", "--dataset="), 0);
    assert_string_equal(opts.dataset, "");
    assert_int_equal(PARSE("use", "--dataset", "--atomic"), 0);
    assert_string_equal(opts.dataset, "--atomic");
    assert_null(opts.atomic);
}

static void test_end_of_options(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(PARSE("exec", "--env", "A=1", "--timeout=1.5", "--env=B=2 3", "--", "prog",
                           "-j", "--", "-C"),
                     0);
    unit_vec(&opts.env, UNIT_WORDS("A=1", "B=2 3"));
    unit_vec(&opts.args, UNIT_WORDS("prog", "-j", "--", "-C"));
    assert_true(opts.timeout == 1.5);
    assert_string_equal(opts.dir, ".");
    assert_int_equal(PARSE("exec", "--"), 0);
    assert_int_equal(opts.args.n, 0);
    assert_int_equal(PARSE("help", "-"), 0);
    unit_vec(&opts.args, UNIT_WORDS("-"));
}

static void test_unknown_option(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(PARSE("use", "--datset", "x"), -1);
    check_usage(&err, "unknown option '--datset' of command use", "'--dataset'");
    assert_int_equal(PARSE("use", "--jbos=3"), -1);
    check_usage(&err, "'--jbos", "'--jobs'");
    assert_int_equal(PARSE("use", "--qqqqqqqqqqqqq"), -1);
    check_usage(&err, "'--qqqqqqqqqqqqq'", "'pgo help use'");
    assert_int_equal(PARSE("use", "-z"), -1);
    check_usage(&err, "'-z'", "pgo");
    assert_int_equal(PARSE("--versoin"), -1);
    check_usage(&err, "'--versoin'", "'--version'");
    /* a prefix is not the option */
    assert_int_equal(PARSE("use", "--data", "x"), -1);
    check_usage(&err, "'--data'", NULL);
    assert_int_equal(PARSE("use", "--jobsx=1"), -1);
    check_usage(&err, "'--jobsx", "'--jobs'");
}

static void test_option_of_another_command(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(PARSE("compare", "--runs", "3"), 0);
    assert_int_equal(opts.runs, 3);
    assert_int_equal(PARSE("use", "--runs", "3"), -1);
    check_usage(&err, "unknown option '--runs' of command use", NULL);
    assert_int_equal(PARSE("--runs", "3", "compare"), 0);
    assert_int_equal(PARSE("--runs=3", "use"), -1);
    check_usage(&err, "'--runs", NULL);
}

static void test_unknown_command(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(PARSE("trian"), -1);
    check_usage(&err, "unknown command 'trian'", "'train'");
    assert_int_equal(PARSE("-C", "use", "frobnicate"), -1);
    check_usage(&err, "unknown command 'frobnicate'", "'pgo help'");
    assert_int_equal(PARSE(""), -1);
    check_usage(&err, "unknown command ''", NULL);
    assert_null(opt_command("us", &err));
    check_usage(&err, "'us'", "'use'");
    assert_non_null(opt_command("use", &err));
    unit_no_error(&err);
}

static void test_missing_or_unwanted_value(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(PARSE("use", "--jobs"), -1);
    check_usage(&err, "option '--jobs' wants a value: N", NULL);
    assert_int_equal(PARSE("use", "-C"), -1);
    check_usage(&err, "option '--directory' wants a value: DIR", NULL);
    assert_int_equal(PARSE("-C"), -1);
    check_usage(&err, "option '--directory' wants a value", NULL);
    assert_int_equal(PARSE("use", "--quiet=1"), -1);
    check_usage(&err, "option '--quiet' takes no value", NULL);
    assert_int_equal(PARSE("use", "-vx"), -1);
    check_usage(&err, "option '--verbose' takes no value", NULL);
}

static void test_bad_numbers(void **state)
{
    static const char *const counts[] = {"0",   "-1", "",    "x",       "4x",
                                         "1.5", " 4", "1e3", "1000001", "99999999999999999999"};
    static const char *const seconds[] = {"-1", "", "x", "1s", "nan", "inf", "1e10"};
    struct err err = ERR_INIT;
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(counts); i++) {
        assert_int_equal(PARSE("use", "-j", counts[i]), -1);
        unit_contains(err.msg, counts[i]);
        check_usage(&err, "option '--jobs' wants a whole number from 1 to 1000000", NULL);
    }
    for (size_t i = 0; i < PGO_COUNT(seconds); i++) {
        assert_int_equal(PARSE("exec", "--timeout", seconds[i], "--", "x"), -1);
        check_usage(&err, "option '--timeout' wants a number of seconds from 0", NULL);
    }
    assert_int_equal(PARSE("use", "-j1000000"), 0);
    assert_int_equal(PARSE("exec", "--timeout", "0", "--", "x"), 0);
}

static void test_arguments(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(PARSE("use", "extra"), -1);
    check_usage(&err, "'pgo use' takes no argument, not 'extra'", NULL);
    assert_int_equal(PARSE("help", "use"), 0);
    unit_vec(&opts.args, UNIT_WORDS("use"));
}

static void test_without_a_command(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(parse(&err, (const char *const[]){NULL}), -1);
    check_usage(&err, "no command given", "pgo help");
    assert_int_equal(PARSE("-C", "build"), -1);
    check_usage(&err, "no command given", NULL);
    assert_int_equal(PARSE("--help"), 0);
    assert_true(opts.help && !command);
    assert_int_equal(PARSE("-h"), 0);
    assert_true(opts.help);
    assert_int_equal(PARSE("--version"), 0);
    assert_true(opts.version && !command);
    assert_int_equal(PARSE("use", "--help"), 0);
    assert_true(opts.help);
    assert_string_equal(command->name, "use");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_before_and_after_the_command),
        cmocka_unit_test(test_forms_of_a_value),
        cmocka_unit_test(test_end_of_options),
        cmocka_unit_test(test_unknown_option),
        cmocka_unit_test(test_option_of_another_command),
        cmocka_unit_test(test_unknown_command),
        cmocka_unit_test(test_missing_or_unwanted_value),
        cmocka_unit_test(test_bad_numbers),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_without_a_command),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
