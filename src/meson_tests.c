/* A Meson project's own tests as trainings, run by `meson test`, which starts each one under
   `pgo exec` as its wrapper. A wrapper is not told the test's name: it finds the test by its
   command in a plan that is written for it. */
#include "exec.h"
#include "fs.h"
#include "hash.h"
#include "msg.h"
#include "proc.h"
#include "record.h"
#include "tree_meson.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define MESON_TESTS_LOG "pgo" /* in meson-logs: a name that Meson's own logs do not have */
#define MESON_SLOWER "10"     /* times: what an instrumented test may take longer */

static int meson_regex(const char *text, regex_t *out, struct err *err)
{
    char why[200];
    int failed = regcomp(out, text ? text : "", REG_EXTENDED | REG_NOSUB);
    if (!failed)
        return 0;
    regerror(failed, out, why, sizeof(why));
    return err_status(err, PGO_USAGE, "the regular expression '%s' is not valid: %s", text, why);
}

static bool meson_selects(const struct plan_tests *select, const regex_t *wanted,
                          const regex_t *excluded, const struct json *test)
{
    const char *name = json_str(test, "name");
    bool selects = !select->labels.n;
    for (size_t i = 0; i < select->labels.n; i++)
        selects |= meson_in_suite(test, select->labels.v[i]);
    return selects && regexec(wanted, name, 0, NULL, 0) == 0 &&
           !(select->exclude && regexec(excluded, name, 0, NULL, 0) == 0);
}

/* Whether an earlier test is run in the very same way: a wrapper could not tell which one it runs,
   and the profile would be the same. */
static bool meson_run_before(const struct plan *plan, const struct training *t)
{
    bool before = false;
    for (size_t i = 0; &plan->trainings[i] < t && !before; i++) {
        const struct training *other = &plan->trainings[i];
        before = other->test && vec_same(&other->command, &t->command) &&
                 vec_same(&other->env, &t->env) &&
                 strcmp(other->cwd ? other->cwd : "", t->cwd ? t->cwd : "") == 0;
    }
    return before;
}

/* A test of a subproject is "<subproject>:<name>" to us, as to `meson test`; its suites are
   "<project>:<suite>". The caller frees it. */
static char *meson_test_name(const struct tree *t, const struct json *test)
{
    const char *suite = json_str(json_at(json_get(test, "suite"), 0), NULL);
    char *project = str_ndup(suite, strcspn(suite, ":")), *own = meson_suite_name(t);
    bool main = !*project || strcmp(project, own) == 0;
    char *name = str_fmt("%s%s%s", main ? "" : project, main ? "" : ":", json_str(test, "name"));
    free(project);
    free(own);
    return name;
}

/* Of the variables that are attributes of benchmarks only the weight is one of a test. */
static int meson_test_env(const struct json *one, struct training *t, struct err *err)
{
    const char *value = json_str(one, NULL);
    if (strcmp(one->key, "PGO_WEIGHT") == 0)
        return training_set(t, "weight", value, err);
    if (str_starts(one->key, "PGO_"))
        return err_status(err, PGO_USAGE, "test '%s' has %s in its env, which is for benchmarks",
                          t->name, one->key);
    vec_addf(&t->env, "%s=%s", one->key, value);
    return 0;
}

/* Adds one test unless it is known. Its environment and directory count for whether it is stale. */
static int meson_add_test(const struct tree *tree, const struct json *test, long weight,
                          struct plan *out, struct err *err)
{
    char *name = meson_test_name(tree, test);
    const char *cwd = json_str(test, "workdir");
    const struct json *words = json_get(test, "cmd"), *env = json_get(test, "env");
    const struct training *known = plan_find(out, name);
    struct vec command = VEC_INIT;
    int rc = 0;
    for (size_t i = 0; i < json_count(words); i++)
        vec_add(&command, json_str(json_at(words, i), NULL));
    if (known && !known->test)
        msg_warn("test '%s' has the name of a declared training, which is run in its place", name);
    if (!known) {
        struct training *t = plan_add(out, name);
        t->test = true;
        t->weight = weight;
        if (*cwd)
            t->cwd = path_abs(cwd);
        vec_all(&t->command, &command);
        for (size_t i = 0; i < json_count(env) && rc == 0; i++)
            rc = meson_test_env(json_at(env, i), t, err);
        if (meson_run_before(out, t)) {
            training_release(t);
            out->n--;
        }
    } else if (!vec_same(&known->command, &command)) {
        msg_warn("there are two tests of the name '%s': one is a training", name);
    }
    free(name);
    vec_release(&command);
    return rc;
}

/* Meson's log names a test "<suites> / <name>", "<suites> - <project>:<name>", or just so. */
static bool meson_is_shown_as(const char *name, const char *shown)
{
    const char *plain = strrchr(name, ':') ? strrchr(name, ':') + 1 : name;
    if (!str_ends(shown, plain))
        return false;
    size_t before = strlen(shown) - strlen(plain);
    return !before || shown[before - 1] == ':' ||
           (before >= 3 && strncmp(shown + before - 3, " / ", 3) == 0);
}

static int meson_ask_shown(const struct tree *t, const struct stage *s, struct vec *lines,
                           struct err *err)
{
    const struct meson_tree *m = t->state;
    const char *const words[] = {"test", "-C", s->dir, "--no-rebuild", "--list", NULL};
    struct vec argv = VEC_INIT;
    struct buf text = BUF_INIT;
    int status = 0;
    vec_all(&argv, &m->command);
    vec_words(&argv, words);
    int rc = proc_capture(&argv, &text, &status, err);
    if (rc == 0 && !proc_ok(status)) {
        rc = err_set(err, "Meson could not list the project's tests");
        err->detail = str_dup(buf_str(&text));
    }
    vec_split(lines, buf_str(&text), '\n');
    vec_release(&argv);
    buf_release(&text);
    return rc;
}

/* What `meson test` would run, as it shows it: without what a test setup excludes. Asked once for
   each configuration of a stage: it takes as long as all else of a run that has nothing to do. */
static int meson_shown(const struct tree *t, const struct stage *s, struct vec *lines,
                       struct err *err)
{
    struct err ignored = ERR_INIT;
    struct map known = MAP_INIT;
    char *record = tree_path(t, "state", "meson.tests");
    char *build = path_join(s->dir, "meson-private/build.dat"), *stamp = fs_stamp(build);
    record_read(record, &known, &ignored);
    const char *text = record_stamped(&known, s->name, stamp);
    int rc = text ? 0 : meson_ask_shown(t, s, lines, err);
    if (text) {
        vec_split(lines, text, '\n');
    } else if (rc == 0) {
        char *all = vec_join(lines, "\n");
        map_setf(&known, s->name, "%s %s", stamp, all);
        record_write(record, &known, &ignored);
        free(all);
    }
    free(record);
    free(build);
    free(stamp);
    map_release(&known);
    err_release(&ignored);
    return rc;
}

static bool meson_is_among(const char *name, const struct vec *shown)
{
    for (size_t i = 0; i < shown->n; i++)
        if (meson_is_shown_as(name, shown->v[i]))
            return true;
    return false;
}

/* `but`: which are, and are not taken all the same. */
static int meson_no_test(const struct tree *t, const struct plan_tests *select, const char *but,
                         struct err *err)
{
    struct vec names = VEC_INIT;
    meson_test_names(t, NULL, &names);
    char *list = names.n ? vec_some(&names, 10) : str_dup("none"), *suites = NULL;
    if (select->labels.n)
        suites = vec_join(&select->labels, ", ");
    err_status(err, PGO_USAGE, "no test of the project is of the %s to train with%s (%s)",
               suites ? "suites" : "names", but,
               suites          ? suites
               : select->regex ? select->regex
                               : "");
    err_hint(err, "the tests are: %s; '--forget REGEX' ends an earlier --train-with-tests", list);
    free(list);
    free(suites);
    vec_release(&names);
    return -1;
}

/* As workloads that are run without Meson. */
static int meson_held_out(const struct tree *t, const struct stage *s, const struct json *tests,
                          struct plan *out, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < json_count(tests); i++) {
        size_t before = out->n;
        if (meson_in_suite(json_at(tests, i), TREE_HELD_OUT))
            rc = meson_add_test(t, json_at(tests, i), 1, out, err);
        for (size_t k = before; k < out->n; k++) {
            out->trainings[k].test = false;
            out->trainings[k].held_out = true;
            if (!out->trainings[k].cwd)
                out->trainings[k].cwd = str_dup(s->dir);
        }
    }
    return rc;
}

/* As with `meson test`, a suite that is named overrides a test setup that excludes it. */
static int meson_selected(const struct tree *t, const struct stage *s, const struct json *tests,
                          const struct plan_tests *select, struct plan *out, struct err *err)
{
    regex_t wanted, excluded;
    struct vec shown = VEC_INIT;
    size_t found = 0;
    const char *but = "";
    if (meson_regex(select->regex, &wanted, err) != 0)
        return -1;
    if (meson_regex(select->exclude, &excluded, err) != 0) {
        regfree(&wanted);
        return -1;
    }
    int rc = select->labels.n || !json_count(tests) ? 0 : meson_shown(t, s, &shown, err);
    for (size_t i = 0; rc == 0 && i < json_count(tests); i++) {
        const struct json *test = json_at(tests, i);
        char *name = meson_test_name(t, test);
        if (!meson_selects(select, &wanted, &excluded, test)) {
            /* not asked for */
        } else if (meson_in_suite(test, TREE_HELD_OUT)) {
            but = " but those that are held out, which are never trained on";
        } else if (!select->labels.n && !meson_is_among(name, &shown)) {
            but = " but those that the default test setup excludes, unless their suite is named";
        } else {
            rc = meson_add_test(t, test, select->weight, out, err);
            found++;
        }
        free(name);
    }
    regfree(&wanted);
    regfree(&excluded);
    vec_release(&shown);
    return rc == 0 && !found ? meson_no_test(t, select, but, err) : rc;
}

int meson_tests(const struct tree *t, const struct stage *s, const struct plan_tests *select,
                const struct vec *env, struct plan *out, struct err *err)
{
    struct json tests;
    (void)env;
    if (meson_read(s->dir, "intro-tests", &tests, err) != 0)
        return -1;
    int rc = select ? meson_selected(t, s, &tests, select, out, err)
                    : meson_held_out(t, s, &tests, out, err);
    json_release(&tests);
    return rc;
}

void meson_test_names(const struct tree *t, const char *label, struct vec *names)
{
    struct json tests;
    struct err ignored = ERR_INIT;
    if (meson_read(t->dir, "intro-tests", &tests, &ignored) == 0) {
        for (size_t i = 0; i < json_count(&tests); i++)
            if (!label || meson_in_suite(json_at(&tests, i), label))
                vec_add(names, json_str(json_at(&tests, i), "name"));
        json_release(&tests);
    }
    err_release(&ignored);
}

char *meson_tests_id(const struct tree *t, const struct stage *s)
{
    struct err ignored = ERR_INIT;
    char *path = path_join(s->dir, "meson-info/intro-tests.json"), hex[HASH_HEX + 1];
    (void)t;
    if (hash_file(path, hex, &ignored) != 0)
        *hex = '\0';
    err_release(&ignored);
    free(path);
    return str_dup(hex);
}

/* The wrapper as one text, which Meson splits like a shell: "pgo exec", the plan, the rest. */
static char *meson_wrapper(const char *plan, const struct vec *wrap)
{
    struct vec words = VEC_INIT;
    for (size_t i = 0; i < wrap->n; i++) {
        if (i == 2)
            vec_addf(&words, "--test-of=%s", plan);
        vec_add(&words, wrap->v[i]);
    }
    char *text = vec_quoted(&words);
    vec_release(&words);
    return text;
}

/* A test that ended is one of ours, or what Meson says is not understood: an error. */
static int meson_end(const struct json *line, const struct vec *names, struct test_ends *out,
                     struct vec *ended, struct err *err)
{
    const char *shown = json_str(line, "name"), *result = json_str(line, "result");
    bool known = false;
    for (size_t i = 0; i < names->n; i++) {
        if (!meson_is_shown_as(names->v[i], shown))
            continue;
        known = true;
        vec_add(ended, names->v[i]);
        if (strcmp(result, "SKIP") == 0)
            vec_add(&out->skipped, names->v[i]);
        else if (strcmp(result, "OK") != 0 && strcmp(result, "EXPECTEDFAIL") != 0)
            vec_add(&out->failed, names->v[i]);
    }
    return known ? 0
                 : err_set(err, "Meson ran a test '%s', which is none that was asked for", shown);
}

/* A line of JSON for each test, in pgo.json, or pgo-<name of the wrapper or setup>.json. What Meson
   did not run was skipped. */
static int meson_ends(const char *logs, const struct vec *names, struct test_ends *out,
                      struct err *err)
{
    struct vec files = VEC_INIT, lines = VEC_INIT, ended = VEC_INIT;
    int rc = fs_list(logs, &files, err);
    for (size_t i = 0; i < files.n && rc == 0; i++) {
        struct buf text = BUF_INIT;
        char *path = path_join(logs, files.v[i]);
        if (str_starts(files.v[i], MESON_TESTS_LOG) && str_ends(files.v[i], ".json"))
            rc = fs_read(path, &text, err);
        vec_split(&lines, buf_str(&text), '\n');
        buf_release(&text);
        free(path);
    }
    for (size_t i = 0; i < lines.n && rc == 0; i++) {
        struct json j = {0};
        if (!*lines.v[i])
            continue;
        rc = json_parse(lines.v[i], strlen(lines.v[i]), logs, &j, err);
        if (rc == 0)
            rc = meson_end(&j, names, out, &ended, err);
        json_release(&j);
    }
    vec_sort(&ended);
    for (size_t i = 0; i < names->n && rc == 0; i++)
        if (!vec_has_sorted(&ended, names->v[i]))
            vec_add(&out->skipped, names->v[i]);
    vec_release(&ended);
    vec_release(&files);
    vec_release(&lines);
    return rc;
}

/* Removes the logs of an earlier run, which another driver may have named otherwise. */
static int meson_forget_logs(const char *logs, struct err *err)
{
    struct vec files = VEC_INIT;
    int rc = fs_list(logs, &files, err);
    for (size_t i = 0; i < files.n && rc == 0; i++) {
        char *path = path_join(logs, files.v[i]);
        if (str_starts(files.v[i], MESON_TESTS_LOG))
            rc = fs_remove(path, err);
        free(path);
    }
    vec_release(&files);
    return rc;
}

/* Writes the plan by which a wrapper finds its test. A plan has one word a line. */
static int meson_wrapper_plan(const struct tree *t, const struct stage *s, const struct vec *names,
                              const char *path, struct err *err)
{
    struct plan plan = PLAN_INIT;
    struct json tests;
    if (meson_read(s->dir, "intro-tests", &tests, err) != 0)
        return -1;
    int rc = 0;
    for (size_t i = 0; i < json_count(&tests) && rc == 0; i++) {
        char *name = meson_test_name(t, json_at(&tests, i));
        if (vec_has(names, name))
            rc = meson_add_test(t, json_at(&tests, i), 1, &plan, err);
        free(name);
    }
    for (size_t i = 0; i < plan.n; i++) {
        exec_one_line(&plan.trainings[i].command);
        exec_one_line(&plan.trainings[i].env);
    }
    char *text = plan_text(&plan);
    if (rc == 0)
        rc = fs_replace(path, text, strlen(text), err);
    free(text);
    json_release(&tests);
    plan_release(&plan);
    return rc;
}

/* Their suites, so that a test setup that excludes one of these is overridden: what is to be run
   was settled when they were chosen. */
static int meson_add_suites(const struct tree *t, const struct stage *s, const struct vec *names,
                            struct vec *argv, struct err *err)
{
    struct json tests;
    struct map suites = MAP_INIT;
    if (meson_read(s->dir, "intro-tests", &tests, err) != 0)
        return -1;
    for (size_t i = 0; i < json_count(&tests); i++) {
        const struct json *of = json_get(json_at(&tests, i), "suite");
        char *name = meson_test_name(t, json_at(&tests, i));
        for (size_t k = 0; vec_has(names, name) && k < json_count(of); k++)
            map_set(&suites, json_str(json_at(of, k), NULL), "");
        free(name);
    }
    for (size_t i = 0; i < suites.keys.n; i++)
        vec_addf(argv, "--suite=%s", suites.keys.v[i]);
    json_release(&tests);
    map_release(&suites);
    return 0;
}

/* Since 1.2 names are patterns. */
static void meson_add_names(const struct meson_tree *m, const struct vec *names, struct vec *argv)
{
    bool plain = str_starts(m->version, "1.0.") || str_starts(m->version, "1.1.");
    for (size_t i = 0; i < names->n; i++) {
        struct buf b = BUF_INIT;
        for (const char *c = names->v[i]; *c; c++)
            buf_addf(&b, !plain && strchr("[*?", *c) ? "[%c]" : "%c", *c);
        vec_take(argv, buf_detach(&b));
    }
}

int meson_list_tests(const struct tree *t, const struct stage *s, const char *regex,
                     const struct vec *env, struct vec *names, struct vec *missing,
                     struct map *named, struct err *err)
{
    struct json tests = {0};
    struct vec shown = VEC_INIT;
    regex_t wanted;
    (void)env;
    (void)missing; /* Meson builds what its tests need */
    if (meson_regex(regex, &wanted, err) != 0)
        return -1;
    int rc = meson_read(s->dir, "intro-tests", &tests, err);
    if (rc == 0 && json_count(&tests))
        rc = meson_shown(t, s, &shown, err);
    for (size_t i = 0; rc == 0 && i < json_count(&tests); i++) {
        const struct json *test = json_at(&tests, i);
        const char *cwd = json_str(test, "workdir");
        char *name = meson_test_name(t, test);
        if (regexec(&wanted, name, 0, NULL, 0) == 0 && meson_is_among(name, &shown)) {
            if (!vec_has(names, name))
                vec_add(names, name);
            tree_named(t, json_get(test, "cmd"), *cwd ? cwd : s->dir, named);
        }
        free(name);
    }
    json_release(&tests);
    vec_release(&shown);
    regfree(&wanted);
    return rc;
}

/* Starts each test under `wrap`, which finds it in a plan. */
static int meson_wrapped(const struct tree *t, const struct stage *s, const struct vec *names,
                         const struct vec *wrap, struct vec *argv, struct err *err)
{
    char *plan = tree_path(t, "train", ".tests");
    vec_add(argv, "--timeout-multiplier");
    vec_add(argv, MESON_SLOWER);
    vec_add(argv, "--wrapper");
    vec_take(argv, meson_wrapper(plan, wrap));
    int rc = meson_wrapper_plan(t, s, names, plan, err);
    free(plan);
    return rc;
}

int meson_run_tests(const struct tree *t, const struct stage *s, const struct vec *names,
                    const struct vec *wrap, const struct vec *env, long jobs, const char *log,
                    struct test_ends *out, struct err *err)
{
    const struct meson_tree *m = t->state;
    char *logs = path_join(s->dir, "meson-logs");
    struct vec argv = VEC_INIT;
    int status = 0, rc = meson_forget_logs(logs, err);
    const char *const ours[] = {exec_path(), "exec", "--", NULL};
    const char *const words[] = {
        "test",          "-C", s->dir, "--no-rebuild", "--print-errorlogs", "--logbase",
        MESON_TESTS_LOG, NULL};
    vec_words(&argv, ours);
    vec_all(&argv, &m->command);
    vec_words(&argv, words);
    if (rc == 0)
        rc = meson_add_suites(t, s, names, &argv, err);
    if (rc == 0 && wrap)
        rc = meson_wrapped(t, s, names, wrap, &argv, err);
    vec_addf(&argv, "--num-processes=%ld", jobs);
    vec_add(&argv, "--");
    meson_add_names(m, names, &argv);
    struct proc p = {.argv = &argv, .env = env, .log = log, .group = true};
    if (rc == 0)
        rc = proc_run(&p, &status, err);
    if (rc == 0)
        rc = meson_ends(logs, names, out, err);
    if (rc == 0 && !proc_ok(status) && !out->failed.n) {
        rc = err_set(err, "Meson could not run the project's tests");
        proc_log_tail(err, log, 0);
    }
    vec_release(&argv);
    free(logs);
    return rc;
}
