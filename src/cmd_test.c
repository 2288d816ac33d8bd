/* test: the project's own tests on the optimized programs. */
#include "cmd.h"
#include "json_out.h"
#include "msg.h"
#include "own_tests.h"
#include "proc.h"

#include <stdio.h>
#include <stdlib.h>

#define TEST_SHOWN 10 /* names in a message */

static const char *test_plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void test_names(const char *what, const struct vec *names)
{
    if (!names->n)
        return;
    char *text = vec_join(names, ", ");
    printf("%s: %s\n", what, text);
    free(text);
}

static void test_print(const struct own_tests *t)
{
    printf("ran %zu test%s on the optimized programs: %zu passed, %zu skipped, %zu "
           "failed\n",
           t->tests, test_plural(t->tests), t->passed, t->skipped.n, own_tests_failed(t));
    test_names("passed when run again", &t->again);
    test_names("fails only when optimized", &t->only);
    test_names("fails on the baseline as well", &t->both);
    test_names("fails, and is skipped on the baseline", &t->unclear);
    test_names("not run, its program is not built", &t->missing);
    printf("log: %s\n", t->log);
}

static void test_json(const struct own_tests *t)
{
    struct buf out = BUF_INIT;
    json_open(&out, NULL, '{');
    own_tests_json(t, &out);
    json_text(&out, "log", t->log);
    json_close(&out, '}');
    puts(buf_str(&out));
    buf_release(&out);
}

/* What fails on the baseline too is not the profile's doing, and no error; unless nothing passed,
   which would be no evidence at all. What the baseline skips may be. */
static int test_verdict(const struct session *s, const struct own_tests *t, struct err *err)
{
    char *names = vec_some(t->only.n      ? &t->only
                           : t->unclear.n ? &t->unclear
                                          : &t->both,
                           TEST_SHOWN);
    int rc = 0;
    if (t->only.n) {
        rc = err_set(err, "%zu test%s only when optimized: %s", t->only.n,
                     t->only.n == 1 ? " fails" : "s fail", names);
        err_hint(err,
                 "the code may rely on what no standard promises; %s or --exclude takes a "
                 "target out of the optimization",
                 s->tree.ops->words->exclude);
        proc_log_tail(err, t->log, 0);
    } else if (t->unclear.n) {
        rc = err_set(err, "%zu test%s when optimized, and %s skipped on the baseline: %s",
                     t->unclear.n, t->unclear.n == 1 ? " fails" : "s fail",
                     t->unclear.n == 1 ? "is" : "are", names);
        err_hint(err, "whether the profile is the reason is known when they run there too");
        proc_log_tail(err, t->log, 0);
    } else if (!t->passed) {
        rc = err_set(err, "no test passed: nothing is known of the optimized programs");
        proc_log_tail(err, t->log, 0);
    } else if (t->both.n) {
        msg_warn("%zu test%s on the baseline as well: %s", t->both.n,
                 t->both.n == 1 ? " fails" : "s fail", names);
    }
    free(names);
    return rc;
}

int cmd_test(const struct options *o, struct err *err)
{
    struct session s;
    struct pipeline p = {0};
    struct own_tests t = {0};
    const char *regex = o->args.n ? o->args.v[0] : NULL;
    if (o->args.n > 1)
        return err_status(err, PGO_USAGE, "'pgo test' takes one expression, not '%s' as well",
                          o->args.v[1]);
    if (session_open(&s, o, true, err) != 0)
        return -1;
    int rc = pipeline_run(&s, PIPELINE_USE, &p, err);
    if (rc == 0)
        rc = own_tests_run(&s, &p, regex, &t, err);
    if (rc == 0)
        rc = own_tests_save(&s, &p.optimized, regex, &t, err);
    if (rc == 0 && o->json)
        test_json(&t);
    else if (rc == 0)
        test_print(&t);
    if (rc == 0)
        rc = test_verdict(&s, &t, err);
    own_tests_release(&t);
    pipeline_release(&p);
    session_close(&s);
    return rc;
}
