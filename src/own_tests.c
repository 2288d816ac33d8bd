#include "own_tests.h"

#include "fs.h"
#include "json_out.h"
#include "msg.h"
#include "proc.h"
#include "record.h"
#include "workload.h"

#include <stdlib.h>
#include <string.h>

#define OWN_TESTS_RECORD "test"

void own_tests_release(struct own_tests *t)
{
    vec_release(&t->named);
    vec_release(&t->wrote);
    map_release(&t->parts);
    vec_release(&t->missing);
    vec_release(&t->skipped);
    vec_release(&t->again);
    vec_release(&t->only);
    vec_release(&t->both);
    vec_release(&t->unclear);
    free(t->log);
    memset(t, 0, sizeof(*t));
}

void own_tests_json(const struct own_tests *t, struct buf *out)
{
    json_integer(out, "tests", t->tests);
    json_integer(out, "passed", t->passed);
    json_list(out, "skipped", &t->skipped);
    json_list(out, "passed_again", &t->again);
    json_list(out, "only_optimized", &t->only);
    json_list(out, "also_baseline", &t->both);
    json_list(out, "skipped_on_baseline", &t->unclear);
    json_list(out, "not_built", &t->missing);
}

static int own_tests_none(const struct session *s, const char *regex, const struct vec *missing,
                          struct err *err)
{
    struct vec all = VEC_INIT;
    s->tree.ops->test_names(&s->tree, NULL, &all);
    char *names = vec_some(missing->n ? missing : &all, 10);
    if (missing->n) {
        err_status(err, PGO_USAGE, "the programs of the project's tests are not built: %s", names);
        err_hint(err, "tests are run that the default target builds the programs of");
    } else if (regex) {
        err_status(err, PGO_USAGE, "no test of the project has a name that '%s' fits", regex);
        if (all.n)
            err_hint(err, "the tests are: %s", names);
    } else {
        err_status(err, PGO_USAGE, "the project declares no tests in '%s'", s->tree.dir);
        err_hint(err, "many projects build theirs only with an option set in the build directory");
    }
    free(names);
    vec_release(&all);
    return -1;
}

/* Runs tests in a stage; the path of their log, in log/<name>.log, goes to *log. */
static int own_tests_step(const struct session *s, const struct stage *stage,
                          const struct vec *names, const char *name, long jobs, char **log,
                          struct test_ends *out, struct err *err)
{
    struct vec env = VEC_INIT;
    proc_clean_env(&env);
    free(*log);
    *log = session_log(s, name);
    int rc = fs_remove(*log, err);
    if (rc == 0)
        rc = s->tree.ops->run_tests(&s->tree, stage, names, NULL, &env, jobs, *log, out, err);
    vec_release(&env);
    return rc;
}

/* Once more, one by one, for the load of other tests can make one fail: adds to `still` those that
   do not pass now either. */
static int own_tests_again(const struct session *s, const struct stage *use,
                           const struct vec *failed, struct own_tests *out, struct vec *still,
                           struct err *err)
{
    struct test_ends ends = {VEC_INIT, VEC_INIT};
    msg_note("test: %zu failed, running once more", failed->n);
    int rc = own_tests_step(s, use, failed, "test.again", 1, &out->log, &ends, err);
    for (size_t i = 0; i < failed->n; i++)
        vec_add(test_end(&ends, failed->v[i]) == TEST_PASSED ? &out->again : still, failed->v[i]);
    test_ends_release(&ends);
    return rc;
}

static int own_tests_baseline(const struct session *s, const struct vec *failed,
                              struct own_tests *out, struct err *err)
{
    const struct vec none = VEC_INIT;
    struct test_ends ends = {VEC_INIT, VEC_INIT};
    struct model model = MODEL_INIT;
    struct stage baseline;
    struct vec *const lists[] = {
        [TEST_PASSED] = &out->only, [TEST_SKIPPED] = &out->unclear, [TEST_FAILED] = &out->both};
    char *log = NULL;
    stage_init(s, &baseline, PHASE_BASELINE, NULL);
    int rc = stage_bring(s, &baseline, &none, &model, err);
    if (rc == 0)
        msg_note("test: running %zu on the baseline", failed->n);
    if (rc == 0)
        rc = own_tests_step(s, &baseline, failed, "test.baseline", 1, &log, &ends, err);
    for (size_t i = 0; i < failed->n; i++)
        vec_add(lists[test_end(&ends, failed->v[i])], failed->v[i]);
    test_ends_release(&ends);
    model_release(&model);
    stage_release(&baseline);
    free(log);
    return rc;
}

static int own_tests_all(const struct session *s, const struct stage *use, const struct vec *names,
                         struct own_tests *out, struct err *err)
{
    struct test_ends ends = {VEC_INIT, VEC_INIT};
    struct vec failed = VEC_INIT, still = VEC_INIT;
    msg_note("test: running %zu of the project's tests on the optimized programs", names->n);
    int rc = own_tests_step(s, use, names, "test", s->options->jobs, &out->log, &ends, err);
    struct vec *const lists[] = {[TEST_SKIPPED] = &out->skipped, [TEST_FAILED] = &failed};
    for (size_t i = 0; i < names->n; i++)
        if (test_end(&ends, names->v[i]) != TEST_PASSED)
            vec_add(lists[test_end(&ends, names->v[i])], names->v[i]);
    if (rc == 0 && failed.n)
        rc = own_tests_again(s, use, &failed, out, &still, err);
    if (rc == 0 && still.n)
        rc = own_tests_baseline(s, &still, out, err);
    out->tests = names->n;
    out->passed = names->n - out->skipped.n - still.n;
    test_ends_release(&ends);
    vec_release(&failed);
    vec_release(&still);
    return rc;
}

size_t own_tests_failed(const struct own_tests *t)
{
    return t->only.n + t->both.n + t->unclear.n;
}

bool own_tests_declared(const struct session *s)
{
    static const char *const labels[] = {NULL, TREE_HELD_OUT};
    struct vec names = VEC_INIT;
    for (size_t i = 0; i < PGO_COUNT(labels); i++)
        s->tree.ops->test_names(&s->tree, labels[i], &names);
    bool declared = names.n > 0;
    vec_release(&names);
    return declared;
}

bool own_tests_suspect(const struct own_tests *t)
{
    return t->only.n || t->unclear.n;
}

/* Files that tests name are looked at as those are that trainings name. */
static int own_tests_files(const struct session *s, const struct vec *named, struct map *files,
                           struct err *err)
{
    struct training words;
    training_init(&words, "");
    vec_all(&words.command, named);
    int rc = workload_parts(s, &words, s->tree.dir, files, err);
    training_release(&words);
    return rc;
}

static void own_tests_parts(const struct session *s, struct map *parts)
{
    struct stage use;
    stage_init(s, &use, PHASE_USE, NULL);
    char *id = s->tree.ops->tests_id(&s->tree, &use);
    parts_text(parts, "the configuration", s->tree.config);
    parts_text(parts, "the tests", id);
    free(id);
    stage_release(&use);
}

/* Adds those files that the tests do not write themselves. */
static void own_tests_read_only(const struct map *files, const struct vec *wrote, struct map *parts)
{
    for (size_t i = 0; i < files->keys.n; i++)
        if (!vec_has(wrote, files->keys.v[i]))
            parts_hex(parts, files->keys.v[i], files->values.v[i]);
}

/* Adds what is in one of the two alone, or otherwise there. */
static void own_tests_wrote(const struct map *one, const struct map *other, struct vec *wrote)
{
    for (size_t i = 0; i < one->keys.n; i++)
        if (!record_is(other, one->keys.v[i], one->values.v[i]) && !vec_has(wrote, one->keys.v[i]))
            vec_add(wrote, one->keys.v[i]);
}

int own_tests_run(const struct session *s, const struct pipeline *p, const char *regex,
                  struct own_tests *out, struct err *err)
{
    struct vec env = VEC_INIT, names = VEC_INIT;
    struct map sources = MAP_INIT, named = MAP_INIT, before = MAP_INIT, after = MAP_INIT;
    memset(out, 0, sizeof(*out));
    proc_clean_env(&env);
    int rc =
        s->tree.ops->list_tests(&s->tree, &p->use, regex, &env, &names, &out->missing, &named, err);
    vec_all(&out->named, &named.keys);
    if (rc == 0 && !names.n)
        rc = own_tests_none(s, regex, &out->missing, err);
    if (rc == 0)
        rc = own_tests_files(s, &out->named, &before, err);
    own_tests_parts(s, &out->parts);
    if (rc == 0)
        rc = tree_sources(&s->tree, &sources, err);
    if (rc == 0)
        rc = own_tests_all(s, &p->use, &names, out, err);
    if (rc == 0)
        rc = own_tests_files(s, &out->named, &after, err);
    own_tests_wrote(&before, &after, &out->wrote);
    own_tests_wrote(&after, &before, &out->wrote);
    own_tests_read_only(&before, &out->wrote, &out->parts);
    if (rc == 0)
        rc = tree_warn_sources(&s->tree, &sources, "tests ran", "one of them writes there", err);
    vec_release(&env);
    vec_release(&names);
    map_release(&sources);
    map_release(&named);
    map_release(&before);
    map_release(&after);
    return rc;
}

/* The lists that are kept, by their keys in the record. */
static struct vec *own_tests_list(struct own_tests *t, size_t i, const char **key)
{
    static const char *const keys[] = {"named", "wrote", "missing", "skipped",
                                       "again", "only",  "both",    "unclear"};
    struct vec *const lists[] = {&t->named, &t->wrote, &t->missing, &t->skipped,
                                 &t->again, &t->only,  &t->both,    &t->unclear};
    if (i == PGO_COUNT(keys))
        return NULL;
    *key = keys[i];
    return lists[i];
}

/* A failure among some of the tests ends a record that says that all is well. */
static int own_tests_doubt(const struct session *s, const struct own_tests *t, struct err *err)
{
    struct own_tests before;
    if (!own_tests_suspect(t))
        return 0;
    bool well = own_tests_read(s, &before) && !own_tests_suspect(&before);
    own_tests_release(&before);
    return well ? session_forget(s, OWN_TESTS_RECORD, err) : 0;
}

int own_tests_save(const struct session *s, const struct model *optimized, const char *regex,
                   const struct own_tests *t, struct err *err)
{
    struct map m = MAP_INIT;
    struct own_tests all = *t;
    const char *key;
    if (regex)
        return own_tests_doubt(s, t, err);
    parts_keep(&t->parts, &m);
    map_setf(&m, "tests", "%zu", t->tests);
    map_setf(&m, "passed", "%zu", t->passed);
    for (size_t i = 0; own_tests_list(&all, i, &key); i++) {
        const struct vec *list = own_tests_list(&all, i, &key);
        char *names = list->n ? vec_join(list, "\n") : str_dup("");
        map_set(&m, key, names);
        free(names);
    }
    stage_note_programs(s, optimized, &m);
    int rc = session_save(s, OWN_TESTS_RECORD, &m, err);
    map_release(&m);
    return rc;
}

bool own_tests_read(const struct session *s, struct own_tests *out)
{
    struct map m = MAP_INIT, parts = MAP_INIT, files = MAP_INIT;
    struct err ignored = ERR_INIT;
    const char *key;
    memset(out, 0, sizeof(*out));
    session_record(s, OWN_TESTS_RECORD, &m);
    bool there = m.keys.n > 0;
    out->tests = record_count(&m, "tests");
    out->passed = record_count(&m, "passed");
    for (size_t i = 0; own_tests_list(out, i, &key); i++) {
        const char *names = map_get(&m, key);
        if (names && *names)
            vec_split(own_tests_list(out, i, &key), names, '\n');
    }
    char *changed = NULL;
    if (there && own_tests_files(s, &out->named, &files, &ignored) == 0) {
        own_tests_parts(s, &parts);
        own_tests_read_only(&files, &out->wrote, &parts);
        changed = parts_changed(&parts, &m);
        out->now = !changed && stage_same_programs(s, &m);
    }
    free(changed);
    map_release(&m);
    map_release(&parts);
    map_release(&files);
    err_release(&ignored);
    return there;
}
