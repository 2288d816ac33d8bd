/* What Meson tells of a build directory in meson-info, its introspection files, and the plan that a
   project declares by them: benchmarks in the suite "pgo". */
#include "fs.h"
#include "json_out.h"
#include "msg.h"
#include "tree_meson.h"

#include <stdlib.h>
#include <string.h>

#define MESON_SUITE "pgo"
#define MESON_TIMEOUT "30" /* seconds: what Meson says where a project says nothing */

int meson_read(const char *dir, const char *name, struct json *out, struct err *err)
{
    char *path = str_fmt("%s/meson-info/%s.json", dir, name);
    int rc = json_read(path, out, err);
    free(path);
    return rc;
}

/* A list as Meson takes it: ["a", "b"]. */
static char *meson_value(const struct json *value)
{
    struct buf b = BUF_INIT;
    if (!value || value->type != JSON_ARRAY)
        return str_dup(!value                      ? ""
                       : value->type == JSON_TRUE  ? "true"
                       : value->type == JSON_FALSE ? "false"
                       : value->text               ? value->text
                                                   : "");
    json_open(&b, NULL, '[');
    for (size_t i = 0; i < value->n; i++)
        json_text(&b, NULL, json_str(&value->items[i], NULL));
    json_close(&b, ']');
    return buf_detach(&b);
}

int meson_options(const char *dir, struct map *out, struct err *err)
{
    struct json j;
    if (meson_read(dir, "intro-buildoptions", &j, err) != 0)
        return -1;
    for (size_t i = 0; i < json_count(&j); i++) {
        char *value = meson_value(json_get(json_at(&j, i), "value"));
        map_set(out, json_str(json_at(&j, i), "name"), value);
        free(value);
    }
    json_release(&j);
    return 0;
}

const char *meson_option(const struct tree *t, const char *name)
{
    const struct meson_tree *m = t->state;
    const char *value = map_get(&m->options, name);
    return value ? value : "";
}

/* A suite is "<project>:<suite>". */
bool meson_in_suite(const struct json *test, const char *suite)
{
    const struct json *suites = json_get(test, "suite");
    for (size_t i = 0; i < json_count(suites); i++) {
        const char *full = json_str(json_at(suites, i), NULL), *colon = strchr(full, ':');
        if (strcmp(full, suite) == 0 || (colon && strcmp(colon + 1, suite) == 0))
            return true;
    }
    return false;
}

/* A text of Meson's, where a brace in the tree's own directories begins no placeholder. The caller
   frees it. */
static char *meson_literal(const struct tree *t, const char *dir, const char *text)
{
    const char *const own[] = {dir, t->source};
    char *out = str_dup(text);
    for (size_t i = 0; i < PGO_COUNT(own); i++) {
        char *safe = str_replace(own[i], "{", "{{"), *next = str_replace(out, own[i], safe);
        free(safe);
        free(out);
        out = next;
    }
    return out;
}

static int meson_declare(const struct tree *t, struct training *out, const char *key,
                         const char *value, struct err *err)
{
    char *literal = meson_literal(t, t->source, value);
    int rc = training_declare(out, key, literal, err);
    free(literal);
    return rc;
}

/* An attribute from the environment, which Meson has no word for: PGO_WEIGHT and the like. */
static int meson_attribute(const struct tree *t, struct training *out, const char *name,
                           const char *value, struct err *err)
{
    static const struct {
        const char *name, *key;
        enum { PLAIN, PATHS, LINES, FLAG } kind;
    } known[] = {{"PGO_WEIGHT", "weight", PLAIN},
                 {"PGO_REPEAT", "repeat", PLAIN},
                 {"PGO_INPUTS", "input", PATHS},
                 {"PGO_STDIN", "stdin", PATHS},
                 {"PGO_SERIAL", "serial", FLAG},
                 {"PGO_HELD_OUT", "held-out", FLAG},
                 {"PGO_SERVER", "server", PLAIN},
                 {"PGO_READY", "ready", PLAIN},
                 {"PGO_READY_TIMEOUT", "ready-timeout", PLAIN},
                 {"PGO_STOP", "stop", PLAIN},
                 {"PGO_GRACE", "grace", PLAIN},
                 {"PGO_ALSO", "also", LINES},
                 {"PGO_PARALLEL", "parallel", FLAG}};
    struct vec names = VEC_INIT, lines = VEC_INIT;
    int rc = 0;
    size_t at = 0;
    while (at < PGO_COUNT(known) && strcmp(known[at].name, name) != 0)
        vec_add(&names, known[at++].name);
    if (at == PGO_COUNT(known)) {
        char *list = vec_join(&names, ", ");
        rc = err_status(err, PGO_USAGE, "benchmark '%s': '%s' in its env is unknown", out->name,
                        name);
        err_hint(err, "those of pgo are %s", list);
        free(list);
    } else if (known[at].kind == FLAG) {
        if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0)
            rc = err_status(err, PGO_USAGE, "benchmark '%s': %s must be 0 or 1, not '%s'",
                            out->name, name, value);
        else if (*value == '1')
            rc = training_set(out, known[at].key, value, err);
    } else if (known[at].kind == PLAIN) {
        rc = meson_declare(t, out, known[at].key, value, err);
    } else {
        vec_split(&lines, value, '\n');
        for (size_t i = 0; i < lines.n && rc == 0; i++) {
            bool path = known[at].kind == PATHS && *lines.v[i] != '{';
            char *text = path ? path_join(t->source, lines.v[i]) : str_dup(lines.v[i]);
            if (*lines.v[i])
                rc = meson_declare(t, out, known[at].key, text, err);
            free(text);
        }
    }
    vec_release(&names);
    vec_release(&lines);
    return rc;
}

static int meson_training(const struct tree *t, const char *dir, const struct json *test,
                          struct plan *out, struct err *err)
{
    const char *name = json_str(test, "name"), *timeout = json_str(test, "timeout");
    const struct json *command = json_get(test, "cmd"), *env = json_get(test, "env");
    if (plan_find(out, name)) {
        err_status(err, PGO_USAGE, "there are two benchmarks of the name '%s' in suite '%s'", name,
                   MESON_SUITE);
        return err_hint(err, "trainings are known by their names: give one of them another");
    }
    struct training *training = plan_add(out, name);
    int rc = 0;
    char *up = str_fmt("%s/../", dir); /* how a file of the source is named there */
    for (size_t i = 0; i < json_count(command); i++) {
        const char *word = json_str(json_at(command, i), NULL);
        char *path = str_starts(word, up) ? path_abs(word) : str_dup(word);
        vec_take(&training->command, meson_literal(t, dir, path));
        free(path);
    }
    free(up);
    char *cwd = meson_literal(t, dir, json_str(test, "workdir"));
    if (*cwd)
        rc = training_set(training, "cwd", cwd, err);
    free(cwd);
    if (rc == 0 && strcmp(timeout, MESON_TIMEOUT) != 0)
        rc = training_set(training, "timeout", *timeout == '-' ? "0" : timeout, err);
    for (size_t i = 0; i < json_count(env) && rc == 0; i++) {
        const struct json *one = json_at(env, i);
        /* Meson does not tell whether a list is to replace the caller's or to stand before it. */
        const char *rest = str_ends(one->key, "PATH") ? getenv(one->key) : NULL;
        char *value = meson_literal(t, dir, json_str(one, NULL));
        char *pair = str_fmt("%s=%s%s%s", one->key, value, rest ? ":" : "", rest ? rest : "");
        rc = str_starts(one->key, "PGO_")
                 ? meson_attribute(t, training, one->key, json_str(one, NULL), err)
                 : training_set(training, "env", pair, err);
        free(pair);
        free(value);
    }
    return rc;
}

/* A variable that means something to us alone, on a benchmark that is not ours, is a slip. */
static void meson_warn_strayed(const struct json *test)
{
    const struct json *env = json_get(test, "env");
    for (size_t i = 0; i < json_count(env); i++)
        if (str_starts(json_at(env, i)->key, "PGO_"))
            msg_warn("benchmark '%s' has %s in its env, and is no training: it is not in the suite "
                     "'" MESON_SUITE "'",
                     json_str(test, "name"), json_at(env, i)->key);
}

/* Whether the main project itself declares any: those of its subprojects are then their own
   affair. */
static bool meson_declares(const struct json *tests, const char *suite)
{
    for (size_t i = 0; i < json_count(tests); i++)
        if (meson_in_suite(json_at(tests, i), suite))
            return true;
    return false;
}

static int meson_trainings(const struct tree *t, const char *dir, const char *own, struct plan *out,
                           struct err *err)
{
    struct json j;
    if (meson_read(dir, "intro-benchmarks", &j, err) != 0)
        return -1;
    const char *suite = meson_declares(&j, own) ? own : MESON_SUITE;
    int rc = 0;
    for (size_t i = 0; i < json_count(&j) && rc == 0; i++) {
        if (meson_in_suite(json_at(&j, i), suite))
            rc = meson_training(t, dir, json_at(&j, i), out, err);
        else if (strcmp(dir, t->dir) == 0 && !meson_in_suite(json_at(&j, i), MESON_SUITE))
            meson_warn_strayed(json_at(&j, i));
    }
    json_release(&j);
    return rc;
}

/* Tests by name, and those of suites: the project's own of "pgo" without being asked for. */
static int meson_plan_tests(const struct tree *t, const char *dir, const char *own,
                            struct plan *out, struct err *err)
{
    const char *regex = meson_option(t, "pgo:train_with_tests");
    const char *suites = meson_option(t, "pgo:train_with_suites");
    struct json list = {0}, tests;
    struct vec labels = VEC_INIT;
    int rc = *suites ? json_parse(suites, strlen(suites), "train_with_suites", &list, err) : 0;
    if (rc == 0)
        rc = meson_read(dir, "intro-tests", &tests, err);
    if (rc == 0) {
        for (size_t i = 0; i < json_count(&list); i++)
            vec_add(&labels, json_str(json_at(&list, i), NULL));
        if (meson_declares(&tests, own) && !vec_has(&labels, MESON_SUITE))
            vec_add(&labels, own);
        if (labels.n)
            vec_all(&plan_add_tests(out)->labels, &labels);
        if (*regex)
            plan_add_tests(out)->regex = str_dup(regex);
        json_release(&tests);
    }
    json_release(&list);
    vec_release(&labels);
    return rc;
}

/* One that was being written when something ended Meson. */
static int meson_check_whole(const char *dir, struct err *err)
{
    static const char *const files[] = {MESON_NINJA_FILE, "meson-private/coredata.dat"};
    int rc = 0;
    for (size_t i = 0; i < PGO_COUNT(files) && rc == 0; i++) {
        char *path = path_join(dir, files[i]);
        if (!fs_is_file(path))
            rc = err_set(err, "'%s' is not there", path);
        free(path);
    }
    return rc;
}

char *meson_suite_name(const struct tree *t)
{
    const struct meson_tree *m = t->state;
    char *name = str_dup(m->project);
    for (char *c = name; *c; c++)
        if (*c == ' ' || *c == ':')
            *c = '_';
    return name;
}

int meson_plan(const struct tree *t, const char *dir, struct plan *out, struct err *err)
{
    static const char *const settings[] = {"dataset",     "min_match", "min_coverage",
                                           "max_dropped", "atomic",    "waive"};
    for (size_t i = 0; i < PGO_COUNT(settings); i++) {
        char *name = str_fmt("pgo:%s", settings[i]);
        map_set(&out->settings, settings[i], meson_option(t, name));
        free(name);
    }
    char *project = meson_suite_name(t), *own = str_fmt("%s:%s", project, MESON_SUITE);
    int rc = meson_check_whole(dir, err);
    if (rc == 0)
        rc = meson_trainings(t, dir, own, out, err);
    if (rc == 0)
        rc = meson_plan_tests(t, dir, own, out, err);
    free(project);
    free(own);
    return rc;
}
