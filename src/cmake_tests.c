/* A CMake project's own tests as trainings. CTest runs them, so that fixtures, locks and skip rules
   hold, from a CTestTestfile.cmake of ours in which each chosen test is wrapped in `pgo exec`. */
#include "exec.h"
#include "fs.h"
#include "hash.h"
#include "json.h"
#include "msg.h"
#include "proc.h"
#include "tree_cmake.h"

#include <stdlib.h>
#include <string.h>

char *cmake_ctest(const struct tree *t)
{
    const struct cmake_tree *c = t->state;
    char *dir = path_dir(c->command), *beside = path_join(dir, "ctest");
    free(dir);
    return beside;
}

/* Adds the stage's configuration, which tests can be bound to: of several the one that is built,
   else the stage's own build type. */
static void cmake_test_config(const struct tree *t, const struct stage *s, struct vec *argv)
{
    struct cache cache = CACHE_INIT;
    struct err ignored = ERR_INIT;
    char *path = path_join(s->dir, "CMakeCache.txt");
    if (!t->config)
        cache_read(path, &cache, &ignored);
    const char *config = t->config ? t->config : cache_get(&cache, "CMAKE_BUILD_TYPE");
    if (*config) {
        vec_add(argv, "-C");
        vec_add(argv, config);
    }
    free(path);
    cache_release(&cache);
    err_release(&ignored);
}

static int cmake_show_tests(const struct tree *t, const struct stage *s,
                            const struct plan_tests *select, const struct vec *env,
                            struct json *out, struct err *err)
{
    struct vec argv = VEC_INIT;
    struct buf text = BUF_INIT;
    char *ctest = cmake_ctest(t), *list = tree_path(t, "state", "tests.json");
    const char *words[] = {ctest, "--test-dir", s->dir, "--show-only=json-v1", NULL};
    vec_words(&argv, words);
    cmake_test_config(t, s, &argv);
    const struct {
        const char *option, *value;
    } filters[] = {{"-R", select ? select->regex : NULL}, {"-E", select ? select->exclude : NULL}};
    for (size_t i = 0; i < PGO_COUNT(filters); i++) {
        if (filters[i].value) {
            vec_add(&argv, filters[i].option);
            vec_add(&argv, filters[i].value);
        }
    }
    /* CTest would add the fixtures of a test; they run with it, but nobody chose them to train. */
    if (select) {
        vec_add(&argv, "-FA");
        vec_add(&argv, ".*");
    }
    for (size_t i = 0; select && i < select->labels.n; i++) {
        vec_add(&argv, "-L");
        vec_add(&argv, select->labels.v[i]);
    }
    int rc = fs_remove(list, err);
    struct proc p = {.argv = &argv, .env = env, .log = list};
    if (rc == 0)
        rc = proc_must(&p, "listing the project's tests", err);
    if (rc == 0)
        rc = fs_read(list, &text, err);
    const char *start = strchr(buf_str(&text), '{');
    if (rc == 0)
        rc = json_parse(start ? start : "", start ? strlen(start) : 0, list, out, err);
    vec_release(&argv);
    buf_release(&text);
    free(ctest);
    free(list);
    return rc;
}

/* A property as "NAME=value", lists by semicolons; "" for one that CTest files cannot hold. */
static char *cmake_property_text(const struct json *property)
{
    const struct json *value = json_get(property, "value");
    struct buf text = BUF_INIT;
    buf_addf(&text, "%s=", json_str(property, "name"));
    if (value && value->type == JSON_ARRAY) {
        for (size_t i = 0; i < value->n; i++)
            buf_addf(&text, "%s%s", i ? ";" : "", json_str(&value->items[i], NULL));
    } else if (value && (value->type == JSON_TRUE || value->type == JSON_FALSE)) {
        buf_adds(&text, value->type == JSON_TRUE ? "ON" : "OFF");
    } else if (value && value->text) {
        buf_adds(&text, value->text);
    } else {
        buf_clear(&text);
    }
    return buf_detach(&text);
}

static void cmake_test_properties(const struct json *test, struct vec *out)
{
    const struct json *list = json_get(test, "properties");
    for (size_t i = 0; i < json_count(list); i++)
        vec_take(out, cmake_property_text(json_at(list, i)));
}

/* What stands behind "NAME=", or NULL. */
static const char *cmake_property_value(const struct vec *properties, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < properties->n; i++)
        if (strncmp(properties->v[i], name, n) == 0 && properties->v[i][n] == '=')
            return properties->v[i] + n + 1;
    return NULL;
}

static bool cmake_is_held_out(const struct json *test)
{
    struct vec properties = VEC_INIT, labels = VEC_INIT;
    cmake_test_properties(test, &properties);
    const char *text = cmake_property_value(&properties, "LABELS");
    if (text)
        vec_split(&labels, text, ';');
    bool is = vec_has(&labels, TREE_HELD_OUT);
    vec_release(&properties);
    vec_release(&labels);
    return is;
}

/* Adds one test unless it is known, is disabled or cannot be run. Its properties (environment,
   directory …) count for whether it is stale as the environment of other trainings does. */
static void cmake_add_test(const struct json *test, long weight, struct plan *out)
{
    const char *name = json_str(test, "name");
    const struct json *command = json_get(test, "command");
    struct vec properties = VEC_INIT;
    cmake_test_properties(test, &properties);
    bool known = vec_has(&properties, "DISABLED=ON");
    for (size_t i = 0; i < out->n; i++) {
        bool same = strcmp(out->trainings[i].name, name) == 0;
        if (same && !out->trainings[i].test)
            msg_warn("test '%s' has the name of a declared training, which is run in its place",
                     name);
        known |= same;
    }
    if (!command)
        msg_warn("test '%s' has no command (its program is not built): it is not a training", name);
    if (command && !known) {
        struct training *training = plan_add(out, name);
        const char *cwd = cmake_property_value(&properties, "WORKING_DIRECTORY");
        training->test = true;
        training->weight = weight;
        vec_all(&training->env, &properties);
        if (cwd)
            training->cwd = str_dup(cwd);
        for (size_t i = 0; i < json_count(command); i++)
            vec_add(&training->command, json_str(json_at(command, i), NULL));
    }
    vec_release(&properties);
}

/* As a workload that is run without CTest: which does not do for one that needs its help. */
static void cmake_add_held_out(const struct stage *s, const struct json *test, struct plan *out)
{
    /* SKIP_REGULAR_EXPRESSION is none: gtest_discover_tests sets it on every test. */
    static const char *const helps[] = {
        "FIXTURES_REQUIRED",       "ENVIRONMENT_MODIFICATION", "WILL_FAIL",
        "PASS_REGULAR_EXPRESSION", "FAIL_REGULAR_EXPRESSION",  "SKIP_RETURN_CODE"};
    const char *name = json_str(test, "name"), *help = NULL, *value;
    const struct json *command = json_get(test, "command");
    struct vec properties = VEC_INIT;
    cmake_test_properties(test, &properties);
    for (size_t i = 0; i < PGO_COUNT(helps) && !help; i++)
        help = cmake_property_value(&properties, helps[i]) ? helps[i] : NULL;
    if (help && s->phase == PHASE_USE) /* said once */
        msg_note("test '%s' is held out and needs CTest (%s): it is not compared", name, help);
    if (!help && command && !vec_has(&properties, "DISABLED=ON") && !plan_find(out, name)) {
        struct training *t = plan_add(out, name);
        t->held_out = true;
        value = cmake_property_value(&properties, "WORKING_DIRECTORY");
        t->cwd = str_dup(value ? value : "");
        value = cmake_property_value(&properties, "ENVIRONMENT");
        vec_split(&t->env, value ? value : "", ';');
        for (size_t i = 0; i < json_count(command); i++)
            vec_add(&t->command, json_str(json_at(command, i), NULL));
    }
    vec_release(&properties);
}

static int cmake_no_test(const struct tree *t, const struct plan_tests *select, bool held_out,
                         struct err *err)
{
    struct vec names = VEC_INIT;
    cmake_test_names(t, NULL, &names);
    char *list = names.n ? vec_some(&names, 10) : str_dup("none");
    err_status(err, PGO_USAGE, "no test of the project is of the names to train with%s%s%s%s",
               held_out ? " but those that are held out, which are never trained on" : "",
               select->regex ? " (REGEX '" : "", select->regex ? select->regex : "",
               select->regex ? "')" : "");
    err_hint(err, "the tests are: %s; '--forget REGEX' ends an earlier --train-with-tests", list);
    free(list);
    vec_release(&names);
    return -1;
}

int cmake_tests(const struct tree *t, const struct stage *s, const struct plan_tests *select,
                const struct vec *env, struct plan *out, struct err *err)
{
    struct json j;
    size_t found = 0, held = 0;
    if (cmake_show_tests(t, s, select, env, &j, err) != 0)
        return -1;
    const struct json *tests = json_get(&j, "tests");
    for (size_t i = 0; i < json_count(tests); i++) {
        const struct json *test = json_at(tests, i);
        bool held_out = cmake_is_held_out(test);
        found += !held_out;
        held += held_out;
        if (held_out && !select)
            cmake_add_held_out(s, test, out);
        else if (!held_out && select)
            cmake_add_test(test, select->weight, out);
    }
    json_release(&j);
    return found || !select ? 0 : cmake_no_test(t, select, held > 0, err);
}

/* The name behind `add_test(` or `set_tests_properties(`; the caller frees it. */
static char *cmake_named_test(const char *text)
{
    if (!str_starts(text, "[=["))
        return str_ndup(text, strcspn(text, " "));
    const char *end = strstr(text, "]=]");
    return str_ndup(text + 3, end ? (size_t)(end - text) - 3 : strlen(text + 3));
}

/* The lines of CTestTestfile.cmake, and after `subdirs("…")`, as CMake writes it, those of that
   directory. */
static void cmake_test_lines(const char *dir, struct vec *out)
{
    struct buf b = BUF_INIT;
    struct err ignored = ERR_INIT;
    struct vec lines = VEC_INIT;
    char *path = path_join(dir, "CTestTestfile.cmake");
    if (fs_exists(path) && fs_read(path, &b, &ignored) == 0)
        vec_split(&lines, buf_str(&b), '\n');
    for (size_t i = 0; i < lines.n; i++) {
        const char *line = lines.v[i] + strspn(lines.v[i], " ");
        vec_add(out, line);
        if (str_starts(line, "subdirs(\"")) {
            char *sub = str_ndup(line + 9, strcspn(line + 9, "\"")), *below = path_join(dir, sub);
            cmake_test_lines(below, out);
            free(sub);
            free(below);
        }
    }
    free(path);
    vec_release(&lines);
    buf_release(&b);
    err_release(&ignored);
}

/* Looks for `add_test(NAME …`, or, for a label, `set_tests_properties(NAME …`. With a label an
   included file is taken for a test, for it may hold some: those that a program lists once it is
   built. */
void cmake_test_names(const struct tree *t, const char *label, struct vec *names)
{
    struct vec lines = VEC_INIT;
    cmake_test_lines(t->dir, &lines);
    for (size_t i = 0; i < lines.n; i++) {
        const char *line = lines.v[i];
        char *name = NULL;
        if (str_starts(line, "add_test(") && !label)
            name = cmake_named_test(strchr(line, '(') + 1);
        else if (str_starts(line, "set_tests_properties(") && label && strstr(line, label))
            name = cmake_named_test(strchr(line, '(') + 1);
        else if (str_starts(line, "include(") && label)
            name = str_dup(line);
        if (name && !vec_has(names, name)) /* once for each configuration */
            vec_add(names, name);
        free(name);
    }
    vec_release(&lines);
}

/* Tests that a program lists when it is built change with the program. */
char *cmake_tests_id(const struct tree *t, const struct stage *s)
{
    static const char where[] = "_BACKTRACE_TRIPLES \""; /* line numbers of no importance */
    struct vec lines = VEC_INIT;
    struct hash h;
    char hex[HASH_HEX + 1];
    (void)t;
    hash_init(&h);
    cmake_test_lines(s->dir, &lines);
    for (size_t i = 0; i < lines.n; i++) {
        char *line = lines.v[i], *from = strstr(line, where);
        size_t to = from ? strcspn(from + strlen(where), "\"") : 0;
        hash_str(&h, from ? from + strlen(where) + to : "");
        if (from)
            *from = '\0';
        hash_str(&h, line);
    }
    hash_hex(&h, hex);
    vec_release(&lines);
    return str_dup(hex);
}

static void cmake_property(struct buf *b, const char *test, const struct json *property)
{
    char *text = cmake_property_text(property), *value = strchr(text, '=');
    if (value) {
        *value++ = '\0';
        buf_adds(b, "set_tests_properties(");
        cache_bracket(b, test);
        buf_addf(b, " PROPERTIES %s", text);
        cache_bracket(b, value);
        buf_adds(b, ")\n");
    }
    free(text);
}

/* The second test of one name, in another directory, is "<name>~2"; the caller frees it. */
static char *cmake_unique(struct map *seen, const char *name)
{
    const char *known = map_get(seen, name);
    long n = known ? strtol(known, NULL, 10) + 1 : 1;
    map_setf(seen, name, "%ld", n);
    return n == 1 ? str_dup(name) : str_fmt("%s~%ld", name, n);
}

int cmake_list_tests(const struct tree *t, const struct stage *s, const char *regex,
                     const struct vec *env, struct vec *names, struct vec *missing,
                     struct map *named, struct err *err)
{
    struct plan_tests select = {.regex = regex ? str_dup(regex) : NULL};
    struct map seen = MAP_INIT;
    struct json j;
    int rc = cmake_show_tests(t, s, &select, env, &j, err);
    const struct json *tests = rc == 0 ? json_get(&j, "tests") : NULL;
    for (size_t i = 0; i < json_count(tests); i++) {
        const struct json *test = json_at(tests, i), *command = json_get(test, "command");
        struct vec properties = VEC_INIT;
        cmake_test_properties(test, &properties);
        const char *cwd = cmake_property_value(&properties, "WORKING_DIRECTORY");
        vec_take(command ? names : missing, cmake_unique(&seen, json_str(test, "name")));
        tree_named(t, command, cwd ? cwd : s->dir, named);
        vec_release(&properties);
    }
    if (rc == 0)
        json_release(&j);
    free(select.regex);
    map_release(&seen);
    return rc;
}

/* Writes all tests; returns in `chosen` the CTest numbers of those to run. */
static void cmake_test_file(const struct json *tests, const struct vec *names,
                            const struct vec *wrap, struct buf *b, struct buf *chosen)
{
    struct map seen = MAP_INIT;
    long number = 0;
    for (size_t i = 0; i < json_count(tests); i++) {
        const struct json *test = json_at(tests, i), *command = json_get(test, "command");
        const struct json *properties = json_get(test, "properties");
        const char *name = json_str(test, "name");
        char *unique = cmake_unique(&seen, name);
        bool runs = vec_has(names, unique);
        if (!command) {
            free(unique);
            continue;
        }
        number++;
        if (runs)
            buf_addf(chosen, ",%ld", number);
        buf_adds(b, "add_test(");
        cache_bracket(b, unique);
        char *slug = training_slug(name);
        for (size_t k = 0; runs && wrap && k < wrap->n; k++) {
            char *word = str_replace(wrap->v[k], "{slug}", slug);
            cache_bracket(b, word);
            free(word);
        }
        for (size_t k = 0; k < json_count(command); k++)
            cache_bracket(b, json_str(json_at(command, k), NULL));
        buf_adds(b, ")\n");
        for (size_t k = 0; k < json_count(properties); k++)
            cmake_property(b, unique, json_at(properties, k));
        free(slug);
        free(unique);
    }
    map_release(&seen);
}

/* Lines "<number>:<name>" of a log in Testing/Temporary, where there is one. */
static void cmake_tests_of(const char *dir, const char *log, struct vec *out)
{
    struct buf b = BUF_INIT;
    struct err ignored = ERR_INIT;
    struct vec lines = VEC_INIT;
    char *path = str_fmt("%s/Testing/Temporary/%s", dir, log);
    if (fs_exists(path) && fs_read(path, &b, &ignored) == 0)
        vec_split(&lines, buf_str(&b), '\n');
    for (size_t i = 0; i < lines.n; i++)
        if (strchr(lines.v[i], ':'))
            vec_add(out, strchr(lines.v[i], ':') + 1);
    free(path);
    vec_release(&lines);
    buf_release(&b);
    err_release(&ignored);
}

int cmake_run_tests(const struct tree *t, const struct stage *s, const struct vec *names,
                    const struct vec *wrap, const struct vec *env, long jobs, const char *log,
                    struct test_ends *out, struct err *err)
{
    struct json j;
    struct buf file = BUF_INIT, chosen = BUF_INIT;
    struct vec argv = VEC_INIT;
    int status = 0;
    if (cmake_show_tests(t, s, NULL, env, &j, err) != 0)
        return -1;
    char *ctest = cmake_ctest(t), *dir = tree_path(t, "train", ".ctest");
    char *path = path_join(dir, "CTestTestfile.cmake");
    cmake_test_file(json_get(&j, "tests"), names, wrap, &file, &chosen);
    json_release(&j);
    int rc = fs_remove(dir, err);
    if (rc == 0)
        rc = fs_mkdirs(dir, err);
    if (rc == 0)
        rc = fs_replace(path, buf_str(&file), file.len, err);
    const char *words[] = {exec_path(),           "exec", "--", ctest, "--test-dir", dir,
                           "--output-on-failure", NULL};
    vec_words(&argv, words);
    cmake_test_config(t, s, &argv);
    vec_addf(&argv, "-j%ld", jobs);
    vec_add(&argv, "-I");
    vec_addf(&argv, "0,0,0%s", buf_str(&chosen));
    struct proc p = {.argv = &argv, .env = env, .log = log, .group = true};
    if (rc == 0)
        rc = proc_run(&p, &status, err);
    cmake_tests_of(dir, "LastTestsDisabled.log", &out->skipped);
    cmake_tests_of(dir, "LastTestsFailed.log", &out->failed);
    if (rc == 0 && !proc_ok(status) && !out->failed.n) {
        rc = err_set(err, "CTest could not run the project's tests");
        proc_log_tail(err, log, 0);
    }
    vec_release(&argv);
    buf_release(&file);
    buf_release(&chosen);
    free(ctest);
    free(dir);
    free(path);
    return rc;
}
