/* Plans and trainings: what a front end declared is what is run. */
#include "unit.h"

#include "plan.h"

static const char whole[] = "pgo-plan 1\n"
                            "setting dataset small\n"
                            "setting min_match 12.5\n"
                            "setting empty \n"
                            "\n"
                            "training main use\n"
                            "arg {build}/app\n"
                            "arg two words\n"
                            "arg \n"
                            "arg {{x} {other} }} {dataset}\n"
                            "weight 3\n"
                            "timeout 0\n"
                            "repeat 7\n"
                            "input {source}/in.txt\n"
                            "input /abs\n"
                            "env A=1\n"
                            "env B=x {tmp}\n"
                            "stdin {source}/std in\n"
                            "cwd sub\n"
                            "depends app\n"
                            "depends lib\n"
                            "server srv\n"
                            "server {port}\n"
                            "ready line\n"
                            "ready now serving\n"
                            "also app\x1ftwo words\n"
                            "also app\n"
                            "stop INT\n"
                            "grace 3\n"
                            "ready-timeout 5\n"
                            "parallel 1\n"
                            "serial 1\n"
                            "held-out 1\n"
                            "\n"
                            "training second\n"
                            "arg x\n"
                            "\n"
                            "tests\n"
                            "regex ^unit\n"
                            "exclude slow|big\n"
                            "label a\n"
                            "label b c\n"
                            "weight 2\n"
                            "\n"
                            "tests\n"
                            "\n"
                            "end\n";

static int read_text(const char *text, struct plan *p, struct err *err)
{
    char *path = unit_path("plan");
    unit_text(path, text);
    int rc = plan_read(path, p, err);
    assert_true((rc == 0) == (err->msg == NULL));
    free(path);
    return rc;
}

static void check_whole(const struct plan *p)
{
    assert_string_equal(map_get(&p->settings, "dataset"), "small");
    assert_string_equal(map_get(&p->settings, "min_match"), "12.5");
    assert_string_equal(map_get(&p->settings, "empty"), "");
    assert_int_equal(p->n, 2);
    const struct training *t = &p->trainings[0];
    assert_string_equal(t->name, "main use");
    unit_vec(&t->command, UNIT_WORDS("{build}/app", "two words", "", "{{x} {other} }} {dataset}"));
    assert_int_equal(t->weight, 3);
    assert_int_equal(t->timeout, 0);
    assert_int_equal(t->repeat, 7);
    unit_vec(&t->inputs, UNIT_WORDS("{source}/in.txt", "/abs"));
    unit_vec(&t->env, UNIT_WORDS("A=1", "B=x {tmp}"));
    unit_vec(&t->depends, UNIT_WORDS("app", "lib"));
    assert_string_equal(t->std_in, "{source}/std in");
    assert_string_equal(t->cwd, "sub");
    unit_vec(&t->server, UNIT_WORDS("srv", "{port}"));
    unit_vec(&t->ready, UNIT_WORDS("line", "now serving"));
    unit_vec(&t->also, UNIT_WORDS("app\x1ftwo words", "app"));
    assert_string_equal(t->stop, "INT");
    assert_int_equal(t->grace, 3);
    assert_int_equal(t->ready_timeout, 5);
    assert_true(t->parallel && t->serial && t->held_out && !t->test);
    t = &p->trainings[1];
    assert_string_equal(t->name, "second");
    assert_int_equal(t->weight, 1);
    assert_int_equal(t->timeout, 600);
    assert_int_equal(t->repeat, 1);
    assert_null(t->cwd);
    assert_false(t->serial || t->held_out);
    assert_int_equal(p->tests_n, 2);
    assert_string_equal(p->tests[0].regex, "^unit");
    assert_string_equal(p->tests[0].exclude, "slow|big");
    unit_vec(&p->tests[0].labels, UNIT_WORDS("a", "b c"));
    assert_int_equal(p->tests[0].weight, 2);
    assert_null(p->tests[1].regex);
    assert_int_equal(p->tests[1].weight, 1);
}

static void test_all_attributes(void **state)
{
    struct plan p = PLAN_INIT;
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(read_text(whole, &p, &err), 0);
    check_whole(&p);
    plan_release(&p);
    assert_int_equal(p.n, 0);
}

/* Given again, an input changes nothing, and a variable has the last value; words may repeat. */
static void test_given_again(void **state)
{
    struct training t;
    struct err err = ERR_INIT;
    static const char *const lines[][2] = {
        {"arg", "x"},   {"arg", "x"},    {"input", "/a"},  {"input", "/b"},    {"input", "/a"},
        {"env", "A=1"}, {"env", "AB=2"}, {"env", "A=3=4"}, {"depends", "app"}, {"depends", "app"}};
    (void)state;
    training_init(&t, "t");
    for (size_t i = 0; i < PGO_COUNT(lines); i++)
        assert_int_equal(training_set(&t, lines[i][0], lines[i][1], &err), 0);
    unit_vec(&t.command, UNIT_WORDS("x", "x"));
    unit_vec(&t.inputs, UNIT_WORDS("/a", "/b"));
    unit_vec(&t.env, UNIT_WORDS("A=3=4", "AB=2"));
    unit_vec(&t.depends, UNIT_WORDS("app"));
    training_release(&t);
}

/* As people write a server and more commands, and what does not fit together. */
static void test_declared(void **state)
{
    struct training t;
    struct err err = ERR_INIT;
    (void)state;
    training_init(&t, "t");
    assert_int_equal(training_set(&t, "arg", "app", &err), 0);
    assert_int_equal(training_declare(&t, "server", "srv 'a b'", &err), 0);
    assert_int_equal(training_check(&t, &err), -1); /* nothing says when it is ready */
    assert_int_equal(training_declare(&t, "server", "other {port}", &err), 0);
    assert_int_equal(training_check(&t, &err), 0);
    unit_vec(&t.server, UNIT_WORDS("other", "{port}"));
    assert_int_equal(training_declare(&t, "ready", "line  two words", &err), 0);
    unit_vec(&t.ready, UNIT_WORDS("line", " two words"));
    assert_int_equal(training_check(&t, &err), 0);
    static const char *const wrong[] = {"socket", "line", "command", "port 80", "soket x", ""};
    for (size_t i = 0; i < PGO_COUNT(wrong); i++)
        assert_int_equal(training_declare(&t, "ready", wrong[i], &err) | training_check(&t, &err),
                         -1);
    assert_int_equal(training_declare(&t, "ready", "command probe 'a b'", &err), 0);
    unit_vec(&t.ready, UNIT_WORDS("command", "probe", "a b"));
    assert_int_equal(training_declare(&t, "also", "app 'two words'", &err), 0);
    unit_vec(&t.also, UNIT_WORDS("app\x1ftwo words"));
    assert_int_equal(training_declare(&t, "also", "app 'open", &err), -1);
    assert_int_equal(training_declare(&t, "stop", "SIGUSR1", &err), 0);
    assert_string_equal(t.stop, "USR1");
    assert_int_equal(training_declare(&t, "stop", "KILL", &err), -1);
    struct vec programs = VEC_INIT;
    training_programs(&t, &programs);
    unit_vec(&programs, UNIT_WORDS("app", "app", "other", "probe"));
    vec_release(&programs);
    training_release(&t);
    err_release(&err);
}

static void test_written_again(void **state)
{
    struct plan p = PLAN_INIT, again = PLAN_INIT;
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(read_text(whole, &p, &err), 0);
    vec_add(&p.excluded, "one target");
    char *text = plan_text(&p);
    assert_int_equal(read_text(text, &again, &err), 0);
    check_whole(&again);
    unit_vec(&again.excluded, UNIT_WORDS("one target"));
    char *same = plan_text(&again);
    assert_string_equal(text, same);
    free(text);
    free(same);
    plan_release(&p);
    plan_release(&again);
}

static void test_remove(void **state)
{
    struct plan p = PLAN_INIT;
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(read_text(whole, &p, &err), 0);
    vec_add(&p.excluded, "one target");
    struct vec removed = VEC_INIT;
    plan_remove(&p, "none", &removed);
    assert_int_equal(removed.n, 0);
    plan_remove(&p, "main use", &removed);
    assert_null(plan_find(&p, "main use"));
    assert_non_null(plan_find(&p, "second"));
    plan_remove(&p, "^unit", &removed);
    assert_int_equal(p.tests_n, 1);
    vec_add(&p.excluded, "second");
    plan_remove(&p, "second", &removed);
    assert_int_equal(p.n, 0);
    assert_int_equal(p.excluded.n, 1);
    unit_vec(&removed, UNIT_WORDS("the held-out workload 'main use'", "the tests '^unit'",
                                  "the training 'second'", "the exclusion of 'second'"));
    vec_release(&removed);
    plan_release(&p);
}

static void test_missing_is_empty(void **state)
{
    char *path = unit_path("no plan");
    struct plan p = PLAN_INIT;
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(plan_read(path, &p, &err), 0);
    assert_int_equal(p.n + p.tests_n + p.settings.keys.n, 0);
    unit_no_error(&err);
    assert_int_equal(plan_read(unit_dir, &p, &err), -1);
    unit_error(&err, unit_dir);
    free(path);
}

/* Only the last newline may be missing: then the plan is still whole. */
static void test_every_truncation(void **state)
{
    size_t len = strlen(whole);
    (void)state;
    for (size_t n = 0; n <= len; n++) {
        char *cut = str_ndup(whole, n);
        struct plan p = PLAN_INIT;
        struct err err = ERR_INIT;
        int rc = read_text(cut, &p, &err);
        free(cut);
        if (rc == 0) {
            assert_true(n >= len - 1);
            check_whole(&p);
        } else {
            assert_int_equal(p.n + p.tests_n + p.settings.keys.n, 0);
            unit_error(&err, "is damaged at line ");
        }
        plan_release(&p);
    }
}

static void test_every_byte_changed(void **state)
{
    static const char other[] = {'\0', '\n', ' ', 'x', '\xff'};
    char *path = unit_path("flipped"), *text = str_dup(whole);
    (void)state;
    for (size_t i = 0; whole[i]; i++) {
        for (size_t k = 0; k < sizeof(other); k++) {
            struct plan p = PLAN_INIT;
            struct err err = ERR_INIT;
            text[i] = other[k];
            unit_write(path, text, sizeof(whole) - 1);
            assert_true((plan_read(path, &p, &err) == 0) == (err.msg == NULL));
            plan_release(&p);
            err_release(&err);
        }
        text[i] = whole[i];
    }
    free(text);
    free(path);
}

static void test_faults_are_named(void **state)
{
    static const struct {
        const char *text, *line, *why;
    } rows[] = {
        {"", "line 0", "ends early"},
        {"junk\nend\n", "line 1", "'pgo-plan 1'"},
        {"pgo-plan 2\nend\n", "line 1", "'pgo-plan 1'"},
        {"pgo-plan 1\n", "line 1", "ends early"},
        {"pgo-plan 1\nbogus x\nend\n", "line 2", "unknown line 'bogus'"},
        {"pgo-plan 1\ntraining\nend\n", "line 2", "unknown line 'training'"},
        {"pgo-plan 1\nsetting x\nend\n", "line 2", "unknown line 'setting'"},
        {"pgo-plan 1\ntraining t\nargh x\n\nend\n", "line 3",
         "training 't': unknown attribute 'argh'"},
        {"pgo-plan 1\ntraining t\narg x\nend\n", "line 4", "unknown attribute 'end'"},
        {"pgo-plan 1\ntests\nlabels x\n\nend\n", "line 3", "unknown attribute 'labels x' of tests"},
        {"pgo-plan 1\ntests\nweight 0\n\nend\n", "line 3", "'weight 0'"},
        {"pgo-plan 1\nend\nsetting a b\n", "line 3", "text after 'end'"},
    };
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        struct plan p = PLAN_INIT;
        struct err err = ERR_INIT;
        assert_int_equal(read_text(rows[i].text, &p, &err), -1);
        unit_contains(err.msg, rows[i].line);
        unit_error(&err, rows[i].why);
    }
}

static void test_bad_counts(void **state)
{
    static const struct {
        const char *key, *value, *from;
    } rows[] = {
        {"weight", "0", "from 1"},   {"weight", "-1", "from 1"},      {"weight", "1.5", "from 1"},
        {"weight", "", "from 1"},    {"weight", "1000001", "from 1"}, {"repeat", "0", "from 1"},
        {"repeat", "two", "from 1"}, {"timeout", "-1", "from 0"},     {"timeout", "10s", "from 0"},
    };
    struct training t;
    struct err err = ERR_INIT;
    (void)state;
    training_init(&t, "my name");
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        assert_int_equal(training_set(&t, rows[i].key, rows[i].value, &err), -1);
        assert_int_equal(err.status, PGO_USAGE);
        unit_contains(err.msg, "'my name'");
        unit_contains(err.msg, rows[i].key);
        unit_error(&err, rows[i].from);
    }
    assert_int_equal(t.weight, 1);
    assert_int_equal(t.repeat, 1);
    assert_int_equal(t.timeout, 600);
    assert_int_equal(training_set(&t, "cwd", "a", &err), 0);
    assert_int_equal(training_set(&t, "cwd", "b", &err), 0);
    assert_string_equal(t.cwd, "b");
    training_release(&t);
}

static void test_placeholders(void **state)
{
    static const char *const rows[][2] = {
        {"{build}/a", "/b dir/a"},
        {"{source}{dataset}", "/srclarge"},
        {"-o{tmp}", "-o/tmp/x"},
        {"{{build}", "{build}"},
        {"{{{build}}", "{/b dir}"},
        {"{{{{", "{{"},
        {"{other} {} }} { {Build}", "{other} {} }} { {Build}"},
        {"{build", "{build"},
        {"", ""},
        {"awk '{print}'", "awk '{print}'"},
    };
    const struct training_place place = {"/b dir", "/src", "large", "/tmp/x", NULL};
    struct training from, to;
    (void)state;
    training_init(&from, "t");
    for (size_t i = 0; i < PGO_COUNT(rows); i++)
        vec_add(&from.command, rows[i][0]);
    training_expand(&to, &from, &place);
    assert_int_equal(to.command.n, PGO_COUNT(rows));
    for (size_t i = 0; i < PGO_COUNT(rows); i++)
        assert_string_equal(to.command.v[i], rows[i][1]);
    training_release(&from);
    training_release(&to);
}

/* What a value stands for is not expanded again. */
static void test_value_with_braces(void **state)
{
    const struct training_place place = {"/{source}", "/s", "{tmp}", "/t", NULL};
    struct training from, to;
    (void)state;
    training_init(&from, "t");
    vec_words(&from.command, UNIT_WORDS("{build}", "{dataset}"));
    training_expand(&to, &from, &place);
    unit_vec(&to.command, UNIT_WORDS("/{source}", "{tmp}"));
    training_release(&from);
    training_release(&to);
}

static void test_expand_keeps_the_rest(void **state)
{
    const struct training_place place = {"/b", "/s", NULL, "/t", NULL};
    struct plan p = PLAN_INIT;
    struct training to;
    struct err err = ERR_INIT;
    (void)state;
    assert_int_equal(read_text(whole, &p, &err), 0);
    training_expand(&to, &p.trainings[0], &place);
    unit_vec(&to.command, UNIT_WORDS("/b/app", "two words", "", "{x} {other} }} {dataset}"));
    unit_vec(&to.inputs, UNIT_WORDS("/s/in.txt", "/abs"));
    unit_vec(&to.env, UNIT_WORDS("A=1", "B=x /t"));
    unit_vec(&to.depends, UNIT_WORDS("app", "lib"));
    assert_string_equal(to.name, "main use");
    assert_string_equal(to.std_in, "/s/std in");
    assert_string_equal(to.cwd, "/b/sub");
    assert_int_equal(to.weight, 3);
    assert_int_equal(to.timeout, 0);
    assert_int_equal(to.repeat, 7);
    assert_true(to.serial && to.held_out);
    training_release(&to);
    free(p.trainings[0].cwd);
    p.trainings[0].cwd = str_dup("{source}/x");
    training_expand(&to, &p.trainings[0], &place);
    assert_string_equal(to.cwd, "/s/x");
    training_release(&to);
    training_expand(&to, &p.trainings[1], &place);
    assert_null(to.std_in);
    char *cwd = path_abs(to.cwd);
    assert_string_equal(cwd, "/b");
    free(cwd);
    training_release(&to);
    plan_release(&p);
}

static void digest(const struct training *t, char hex[HASH_HEX + 1])
{
    struct map parts = MAP_INIT;
    training_parts(t, &parts);
    parts_hash(&parts, hex);
    map_release(&parts);
}

/* A weight or a limit does not make a profile stale; a command, a variable or the cwd does. */
static void test_parts(void **state)
{
    static const struct {
        const char *key, *value;
        bool stale;
    } rows[] = {{"weight", "5", false}, {"timeout", "5", false}, {"serial", "1", false},
                {"arg", "x", true},     {"env", "A=2", true},    {"repeat", "2", true},
                {"stdin", "f", true},   {"cwd", "d", true}};
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(rows); i++) {
        struct training t;
        struct err err = ERR_INIT;
        char before[HASH_HEX + 1], after[HASH_HEX + 1];
        training_init(&t, "t");
        vec_add(&t.command, "app");
        digest(&t, before);
        assert_int_equal(training_set(&t, rows[i].key, rows[i].value, &err), 0);
        digest(&t, after);
        assert_true((strcmp(before, after) != 0) == rows[i].stale);
        training_release(&t);
    }
}

static void test_slug(void **state)
{
    static const char *const plain[] = {"main", "a.b-c_d+1", "x"};
    static const char *const other[] = {"",     ".",    "..",       ".git", "a b", "a_b c", "a/b",
                                        "../x", "a\nb", "\xc3\xa9", "a~b",  "A B", "a:b"};
    struct vec seen = VEC_INIT;
    (void)state;
    for (size_t i = 0; i < PGO_COUNT(plain); i++) {
        vec_take(&seen, training_slug(plain[i]));
        assert_string_equal(seen.v[i], plain[i]);
    }
    for (size_t i = 0; i < PGO_COUNT(other) + 2; i++) {
        char long_name[101] = "";
        memset(long_name, 'l', 100);
        long_name[99] = i == PGO_COUNT(other) ? 'x' : 'y';
        char *slug = training_slug(i < PGO_COUNT(other) ? other[i] : long_name);
        assert_true(*slug && *slug != '.' && strlen(slug) < 80);
        for (const char *c = slug; *c; c++)
            assert_non_null(strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789._-+~",
                                   *c));
        if (vec_has(&seen, slug))
            fail_msg("'%s' stands for two names", slug);
        vec_take(&seen, slug);
    }
    vec_release(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_attributes),
        cmocka_unit_test(test_missing_is_empty),
        cmocka_unit_test(test_given_again),
        cmocka_unit_test(test_declared),
        cmocka_unit_test(test_written_again),
        cmocka_unit_test(test_remove),
        cmocka_unit_test(test_every_truncation),
        cmocka_unit_test(test_every_byte_changed),
        cmocka_unit_test(test_faults_are_named),
        cmocka_unit_test(test_bad_counts),
        cmocka_unit_test(test_placeholders),
        cmocka_unit_test(test_value_with_braces),
        cmocka_unit_test(test_expand_keeps_the_rest),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_slug),
    };
    return UNIT_RUN(tests);
}
