/* Starting programs. */
#include "unit.h"

#include "proc.h"

#include <signal.h>
#include <sys/wait.h>

static int shell(const char *script, struct buf *out)
{
    struct vec argv = VEC_INIT;
    struct err err = ERR_INIT;
    int status = -1;
    vec_words(&argv, UNIT_WORDS("sh", "-c", script));
    assert_int_equal(proc_capture(&argv, out, &status, &err), 0);
    unit_no_error(&err);
    vec_release(&argv);
    return status;
}

static void test_capture(void **state)
{
    struct buf out = BUF_INIT;
    (void)state;
    int status = shell("echo out; echo err >&2; echo \"$LC_ALL\"; read x || echo no input", &out);
    assert_true(proc_ok(status));
    assert_string_equal(buf_str(&out), "out\nerr\nC\nno input\n");
    buf_clear(&out);
    status = shell("i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i + 1)); done", &out);
    assert_true(proc_ok(status));
    assert_int_equal(out.len, 220000);
    buf_release(&out);
}

/* Only its last lines are shown, but a full disk is named wherever it stands. */
static void test_log_tail(void **state)
{
    char *log = unit_path("log");
    struct err err = ERR_INIT, full = ERR_INIT;
    struct buf b = BUF_INIT;
    (void)state;
    for (int i = 0; i < 30; i++)
        buf_addf(&b, "line %d\n", i);
    unit_text(log, buf_str(&b));
    err_set(&err, "it failed");
    proc_log_tail(&err, log, 0);
    assert_true(strncmp(err.detail, "line 15\n", 8) == 0);
    assert_null(err.hint);
    buf_clear(&b);
    buf_adds(&b, "as: cannot write x.o: No space left on device\n");
    for (int i = 0; i < 30; i++)
        buf_addf(&b, "line %d\n", i);
    unit_text(log, buf_str(&b));
    err_set(&full, "it failed");
    proc_log_tail(&full, log, 0);
    unit_contains(full.hint, "a disk is full");
    err_release(&err);
    err_release(&full);
    buf_release(&b);
    free(log);
}

/* Words reach the program as they are: no shell between. */
static void test_words_are_kept(void **state)
{
    struct vec argv = VEC_INIT;
    struct buf out = BUF_INIT;
    struct err err = ERR_INIT;
    int status;
    (void)state;
    vec_words(&argv, UNIT_WORDS("printf", "<%s>", "a b", "", "$HOME", "*", "';x", "\"\n"));
    assert_int_equal(proc_capture(&argv, &out, &status, &err), 0);
    assert_string_equal(buf_str(&out), "<a b><><$HOME><*><';x><\"\n>");
    vec_release(&argv);
    buf_release(&out);
}

static void check_text(int status, const char *want)
{
    char *text = proc_status_text(status);
    assert_string_equal(text, want);
    free(text);
}

static void test_status_text(void **state)
{
    struct buf out = BUF_INIT;
    (void)state;
    int status = shell("exit 3", &out);
    assert_false(proc_ok(status));
    check_text(status, "exited with status 3");
    check_text(shell("exit 0", &out), "exited with status 0");
    check_text(shell("exit 255", &out), "exited with status 255");
    status = shell("kill -KILL $$", &out);
    assert_false(proc_ok(status));
    check_text(status, "was killed by SIGKILL");
    check_text(shell("kill -TERM $$", &out), "was killed by SIGTERM");
    buf_release(&out);
}

static void test_signal_names(void **state)
{
    static const struct {
        int sig;
        const char *name;
    } rows[] = {{SIGHUP, "SIGHUP"},   {SIGINT, "SIGINT"},   {SIGQUIT, "SIGQUIT"},
                {SIGILL, "SIGILL"},   {SIGABRT, "SIGABRT"}, {SIGFPE, "SIGFPE"},
                {SIGKILL, "SIGKILL"}, {SIGSEGV, "SIGSEGV"}, {SIGPIPE, "SIGPIPE"},
                {SIGALRM, "SIGALRM"}, {SIGTERM, "SIGTERM"}, {SIGUSR1, "SIGUSR1"},
                {SIGUSR2, "SIGUSR2"}, {SIGBUS, "SIGBUS"},   {SIGXCPU, "SIGXCPU"},
                {SIGXFSZ, "SIGXFSZ"}, {SIGTRAP, "SIGTRAP"}, {SIGSYS, "SIGSYS"}};
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++)
        assert_string_equal(proc_signal_name(rows[i].sig), rows[i].name);
    assert_non_null(proc_signal_name(0));
    assert_non_null(proc_signal_name(64));
    assert_int_equal(proc_signal(), 0);
}

static void test_program_that_is_not_there(void **state)
{
    char *path = unit_path("no such program");
    struct vec argv = VEC_INIT;
    struct buf out = BUF_INIT;
    struct err err = ERR_INIT;
    int status;
    (void)state;
    vec_add(&argv, path);
    assert_int_equal(proc_capture(&argv, &out, &status, &err), -1);
    unit_contains(err.msg, "cannot run");
    unit_error(&err, path);
    vec_release(&argv);
    buf_release(&out);
    free(path);
}

/* What would redirect a build or a profile goes, and only that; what was captured shows it. */
static void test_clean_env(void **state)
{
    static const char *const dropped[] = {"MAKEFLAGS",         "LLVM_PROFILE_FILE", "GCOV_PREFIX",
                                          "GCOV_PREFIX_STRIP", "DESTDIR",           "MAKELEVEL"};
    struct vec env = VEC_INIT;
    struct buf out = BUF_INIT;
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(dropped); i++)
        setenv(dropped[i], "unit", 1);
    setenv("PGO_UNIT_KEPT", "a=b c", 1);
    setenv("MAKEFLAGS_NOT", "x", 1);
    proc_clean_env(&env);
    assert_true(vec_has(&env, "PGO_UNIT_KEPT=a=b c"));
    assert_true(vec_has(&env, "MAKEFLAGS_NOT=x"));
    for (size_t i = 0; i < PGO_COUNT(dropped); i++)
        for (size_t k = 0; k < env.n; k++)
            assert_false(str_starts(env.v[k], dropped[i]) && env.v[k][strlen(dropped[i])] == '=');
    assert_null(env.v[env.n]);
    shell("echo \"$PGO_UNIT_KEPT|$MAKEFLAGS|$LLVM_PROFILE_FILE|$DESTDIR|\"", &out);
    assert_string_equal(buf_str(&out), "a=b c||||\n");
    for (size_t i = 0; i < PGO_COUNT(dropped); i++)
        unsetenv(dropped[i]);
    unsetenv("PGO_UNIT_KEPT");
    unsetenv("MAKEFLAGS_NOT");
    buf_release(&out);
    vec_release(&env);
}

static void test_set_env(void **state)
{
    struct vec env = VEC_INIT;
    (void)state;
    vec_words(&env, UNIT_WORDS("A=1", "AB=2", "B=3"));
    proc_set_env(&env, "A", "new");
    proc_set_env(&env, "B", "");
    proc_set_env(&env, "C", "x=y");
    unit_vec(&env, UNIT_WORDS("A=new", "AB=2", "B=", "C=x=y"));
    assert_null(env.v[4]);
    vec_release(&env);
}

/* The log is appended to; the error has the last lines of this run only, and names the log. */
static void test_must(void **state)
{
    char *log = unit_path("the log");
    struct vec argv = VEC_INIT;
    struct err err = ERR_INIT;
    struct proc p = {.argv = &argv, .log = log};
    (void)state;
    unit_text(log, "of an earlier run\n");
    vec_words(&argv, UNIT_WORDS("sh", "-c", "echo quiet"));
    assert_int_equal(proc_must(&p, "the first", &err), 0);
    unit_no_error(&err);
    unit_same_text(log, "of an earlier run\nquiet\n");
    vec_release(&argv);
    vec_words(&argv, UNIT_WORDS("sh", "-c",
                                "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; "
                                "do echo line $i; done; exit 4"));
    assert_int_equal(proc_must(&p, "the second", &err), -1);
    assert_string_equal(err.msg, "the second failed: 'sh' exited with status 4");
    assert_string_equal(err.log, log);
    assert_true(str_starts(err.detail, "line 6\n"));
    assert_true(str_ends(err.detail, "line 20\n"));
    err_release(&err);
    vec_release(&argv);
    vec_words(&argv, UNIT_WORDS("sh", "-c", "printf 'no newline'; exit 1"));
    assert_int_equal(proc_must(&p, "the third", &err), -1);
    assert_string_equal(err.detail, "no newline");
    err_release(&err);
    vec_release(&argv);
    free(log);
}

static void test_input_and_env(void **state)
{
    char *log = unit_path("io log"), *input = unit_path("io input");
    struct vec argv = VEC_INIT, env = VEC_INIT;
    struct err err = ERR_INIT;
    struct proc p = {.argv = &argv, .env = &env, .log = log, .input = input};
    int status;
    (void)state;
    unit_text(input, "from the file\n");
    vec_words(&argv, UNIT_WORDS("/bin/sh", "-c", "read x; echo \"$x|$ONLY|$TMPDIR|$HOME\""));
    vec_words(&env, UNIT_WORDS("ONLY=this"));
    assert_int_equal(proc_run(&p, &status, &err), 0);
    assert_true(proc_ok(status));
    unit_same_text(log, "from the file|this||\n");
    unlink(input);
    assert_int_equal(proc_run(&p, &status, &err), -1);
    unit_error(&err, "cannot run");
    vec_release(&argv);
    vec_release(&env);
    free(input);
    free(log);
}

static void test_clock(void **state)
{
    double start = proc_now();
    struct buf out = BUF_INIT;
    (void)state;
    shell("sleep 0.05", &out);
    assert_true(proc_now() - start >= 0.05);
    assert_true(proc_now() - start < 60);
    buf_release(&out);
}

/* A child that a stopping driver took along: the interruption is told, not its end. In a process of
   its own, which is the driver; `order` is who is told first. */
static void check_interrupted(const char *order)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct vec argv = VEC_INIT;
        struct buf out = BUF_INIT;
        struct err err = ERR_INIT;
        int status = 0;
        proc_catch_signals();
        vec_words(&argv, UNIT_WORDS("sh", "-c", order));
        int rc = proc_capture(&argv, &out, &status, &err);
        bool told = rc == -1 && err.status == 128 + SIGTERM &&
                    strcmp(err.msg, "interrupted by SIGTERM") == 0;
        _exit(told && proc_signal() == SIGTERM ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(proc_ok(status));
}

static void test_interrupted(void **state)
{
    (void)state;
    check_interrupted("kill -TERM $PPID; kill -TERM $$");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_capture),
        cmocka_unit_test(test_words_are_kept),
        cmocka_unit_test(test_status_text),
        cmocka_unit_test(test_signal_names),
        cmocka_unit_test(test_program_that_is_not_there),
        cmocka_unit_test(test_clean_env),
        cmocka_unit_test(test_set_env),
        cmocka_unit_test(test_must),
        cmocka_unit_test(test_input_and_env),
        cmocka_unit_test(test_log_tail),
        cmocka_unit_test(test_clock),
        cmocka_unit_test(test_interrupted),
    };
    return UNIT_RUN(tests);
}
