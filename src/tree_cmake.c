/* CMake trees: recognised by CMakeCache.txt, cloned by copying what the user's configure found out.
 */
#include "tree_cmake.h"

#include "command.h"
#include "fs.h"

#include <stdlib.h>
#include <string.h>

static const struct cmake_generator {
    const char *name;
    const char *file; /* one of the last that it writes */
} cmake_generators[] = {{"Ninja", "build.ninja"},
                        {"Ninja Multi-Config", "CMakeFiles/rules.ninja"},
                        {"Unix Makefiles", "Makefile"}};

static void cmake_close(struct tree *t)
{
    struct cmake_tree *c = t->state;
    if (!c)
        return;
    cache_release(&c->cache);
    free(c->files);
    free(c->command);
    free(c->plain);
    free(c);
    t->state = NULL;
}

/* CMakeFiles/<version>, where CMake keeps what it knows of compilers; NULL when it is not there. */
static char *cmake_find_files(const char *dir, const struct cache *c)
{
    char *path = str_fmt("%s/CMakeFiles/%s.%s.%s", dir, cache_get(c, "CMAKE_CACHE_MAJOR_VERSION"),
                         cache_get(c, "CMAKE_CACHE_MINOR_VERSION"),
                         cache_get(c, "CMAKE_CACHE_PATCH_VERSION"));
    if (fs_is_dir(path))
        return path;
    free(path);
    return NULL;
}

/* The value of `set(NAME "value")` in one of CMake's own files; the caller frees it. */
static char *cmake_variable(const char *text, const char *name)
{
    char *start = str_fmt("set(%s \"", name), *value = NULL;
    const char *hit = strstr(text, start);
    if (hit) {
        hit += strlen(start);
        value = str_ndup(hit, strcspn(hit, "\""));
    }
    free(start);
    return value;
}

static int cmake_language(struct tree *t, const char *language, struct compiler *out,
                          struct err *err)
{
    struct cmake_tree *c = t->state;
    struct buf b = BUF_INIT;
    char *path = str_fmt("%s/CMake%sCompiler.cmake", c->files ? c->files : "", language);
    int rc = fs_is_file(path) ? fs_read(path, &b, err) : 0;
    if (rc == 0 && b.len) {
        char *name = str_fmt("CMAKE_%s_COMPILER", language);
        char *id = str_fmt("%s_ID", name), *version = str_fmt("%s_VERSION", name);
        out->path = cmake_variable(b.p, name);
        out->id = cmake_variable(b.p, id);
        out->version = cmake_variable(b.p, version);
        out->family = out->id ? family_find(out->id) : NULL;
        free(name);
        free(id);
        free(version);
    }
    free(path);
    buf_release(&b);
    return rc;
}

/* CMake writes CMake<LANGUAGE>Compiler.cmake for each language that a project enables. */
static bool cmake_other_languages(const char *files)
{
    struct vec names = VEC_INIT;
    struct err ignored = ERR_INIT;
    bool found = false;
    fs_list(files, &names, &ignored);
    for (size_t i = 0; i < names.n; i++)
        found |= str_ends(names.v[i], "Compiler.cmake") &&
                 strcmp(names.v[i], "CMakeCCompiler.cmake") != 0 &&
                 strcmp(names.v[i], "CMakeCXXCompiler.cmake") != 0;
    err_release(&ignored);
    vec_release(&names);
    return found;
}

/* The toolchain's choice of a machine is in the variables that CMake makes options of. */
static void cmake_machine(struct tree *t, const char *language)
{
    const struct cmake_tree *c = t->state;
    char *flags = str_fmt("CMAKE_%s_FLAGS", language);
    char *target = str_fmt("CMAKE_%s_COMPILER_TARGET", language);
    command_machine(cache_get(&c->cache, flags), &t->machine);
    if (*cache_get(&c->cache, target))
        vec_addf(&t->machine, "--target=%s", cache_get(&c->cache, target));
    if (*cache_get(&c->cache, "CMAKE_SYSROOT"))
        vec_addf(&t->machine, "--sysroot=%s", cache_get(&c->cache, "CMAKE_SYSROOT"));
    free(flags);
    free(target);
}

static int cmake_compilers(struct tree *t, struct err *err)
{
    const struct cmake_tree *c = t->state;
    struct compiler both[2];
    int rc = 0;
    memset(both, 0, sizeof(both));
    rc = cmake_language(t, "C", &both[0], err);
    if (rc == 0)
        rc = cmake_language(t, "CXX", &both[1], err);
    struct compiler *first = both[0].path ? &both[0] : &both[1];
    if (rc == 0 && !first->path) {
        rc = err_set(err,
                     "the project in '%s' has no C or C++ compiler: there is nothing to optimize",
                     t->dir);
    } else if (rc == 0 && both[0].path && both[1].path &&
               family_check_same(&both[0], &both[1], err) != 0) {
        rc = -1;
    } else if (rc == 0 && !first->family) {
        rc = err_set(err, "the compiler '%s' (%s) is not supported", first->path,
                     first->id ? first->id : "unknown");
        err_hint(err, "configure with GCC 12 or newer, or Clang 14 or newer");
    }
    if (rc == 0) {
        cmake_machine(t, first == &both[0] ? "C" : "CXX");
        t->compiler = *first;
        memset(first, 0, sizeof(*first));
        t->other = both[1]; /* empty when it is the first */
        memset(&both[1], 0, sizeof(both[1]));
        t->other_languages = c->files && cmake_other_languages(c->files);
    }
    compiler_release(&both[0]);
    compiler_release(&both[1]);
    return rc;
}

/* Older ones do not know CMAKE_PROJECT_TOP_LEVEL_INCLUDES and would pass the stage's flags by. */
static int cmake_check_version(const struct tree *t, struct err *err)
{
    const struct cmake_tree *c = t->state;
    const char *major = cache_get(&c->cache, "CMAKE_CACHE_MAJOR_VERSION"),
               *minor = cache_get(&c->cache, "CMAKE_CACHE_MINOR_VERSION");
    long numbers[] = {0, 0};
    str_long(major, 0, 1000, &numbers[0]);
    str_long(minor, 0, 1000, &numbers[1]);
    if (numbers[0] > 3 || (numbers[0] == 3 && numbers[1] >= 25))
        return 0;
    err_set(err, "'%s' was configured by CMake %s.%s; 3.25 or newer is needed", t->dir, major,
            minor);
    return err_hint(err, "configure it with a newer one, in a new directory");
}

static int cmake_check(struct tree *t, struct err *err)
{
    struct cmake_tree *c = t->state;
    const char *generator = cache_get(&c->cache, "CMAKE_GENERATOR");
    const struct cmake_generator *known = NULL;
    for (size_t i = 0; i < PGO_COUNT(cmake_generators); i++)
        if (strcmp(generator, cmake_generators[i].name) == 0)
            known = &cmake_generators[i];
    if (*generator && !known) {
        err_set(err, "the generator '%s' of '%s' is not supported", generator, t->dir);
        return err_hint(err,
                        "configure with -G Ninja, -G 'Ninja Multi-Config' or -G 'Unix Makefiles'");
    }
    char *build = path_join(t->dir, known ? known->file : "");
    bool configured = known && *t->source && c->files && fs_is_file(build);
    free(build);
    if (!configured) {
        err_status(err, PGO_USAGE, "'%s' is not completely configured", t->dir);
        return err_hint(err, "run 'cmake -S \"%s\" -B \"%s\"' to the end first",
                        *t->source ? t->source : "SOURCE", t->dir);
    }
    if (cmake_check_version(t, err) != 0 || cmake_config(t, err) != 0)
        return -1;
    return cmake_compilers(t, err);
}

/* A tree that is reached through a symbolic link has that path in all its files. */
static void cmake_spelling(struct tree *t)
{
    const struct cmake_tree *c = t->state;
    const char *spelled = cache_get(&c->cache, "CMAKE_CACHEFILE_DIR");
    char *real = realpath(spelled, NULL);
    if (real && strcmp(real, t->dir) == 0) {
        free(t->dir);
        t->dir = str_dup(spelled);
    }
    free(real);
}

static int cmake_open(struct tree *t, struct err *err)
{
    char *path = path_join(t->dir, "CMakeCache.txt");
    int rc = fs_is_file(path) ? 1 : 0;
    if (rc == 1) {
        struct cmake_tree *c = mem_alloc(sizeof(*c));
        t->state = c;
        rc = cache_read(path, &c->cache, err) == 0 ? 1 : -1;
        cmake_spelling(t);
        c->files = cmake_find_files(t->dir, &c->cache);
        c->command = str_dup(cache_get(&c->cache, "CMAKE_COMMAND"));
        t->source = str_dup(cache_get(&c->cache, "CMAKE_HOME_DIRECTORY"));
        if (rc == 1 && cmake_check(t, err) != 0)
            rc = -1;
    }
    free(path);
    return rc;
}

/* What CMake knows of compilers. */
static bool cmake_parts_file(const char *path, const struct stat *st, void *arg)
{
    char hex[HASH_HEX + 1];
    struct err ignored = ERR_INIT;
    if (str_ends(path, ".cmake") && hash_file(path, hex, &ignored) == 0) {
        char *name = str_fmt("the file %s", path);
        parts_hex(arg, name, hex);
        free(name);
    }
    err_release(&ignored);
    return !S_ISDIR(st->st_mode);
}

/* A setting that says what is good enough, and nothing of what is made: its name, or its entry. */
static bool cmake_is_gate(const char *entry)
{
    static const char *const gates[] = {"PGO_WAIVE", "PGO_MIN_MATCH", "PGO_MIN_COVERAGE",
                                        "PGO_MAX_DROPPED"};
    for (size_t i = 0; i < PGO_COUNT(gates); i++) {
        size_t n = strlen(gates[i]);
        if (strncmp(entry, gates[i], n) == 0 && (!entry[n] || entry[n] == ':'))
            return true;
    }
    return false;
}

/* Whether a line of the cache belongs to the help in front of such a setting, which another way of
   giving it on the command line replaces. */
static bool cmake_helps_gate(const struct vec *lines, size_t i)
{
    size_t entry = i;
    while (entry < lines->n && str_starts(lines->v[entry], "//"))
        entry++;
    return entry > i && entry < lines->n && cmake_is_gate(lines->v[entry]);
}

static int cmake_parts(const struct tree *t, struct map *parts, struct err *err)
{
    const struct cmake_tree *c = t->state;
    const struct map *values = &c->cache.values;
    for (size_t i = 0; i < values->keys.n; i++) {
        if (cmake_is_gate(values->keys.v[i]))
            continue;
        char *name = str_fmt("the setting %s", values->keys.v[i]);
        char *text =
            str_fmt("%s=%s", map_get(&c->cache.types, values->keys.v[i]), values->values.v[i]);
        parts_text(parts, name, text);
        free(name);
        free(text);
    }
    /* What stands between the entries changes when the tree was configured by other code. */
    struct vec rest = VEC_INIT;
    for (size_t i = 0; i < c->cache.lines.n; i++) {
        const char *line = c->cache.lines.v[i];
        if (!*line || *line == '#' ||
            (str_starts(line, "//") && !cmake_helps_gate(&c->cache.lines, i)))
            vec_add(&rest, line);
    }
    parts_words(parts, "the text of the cache", &rest);
    vec_release(&rest);
    cmake_presets_parts(t, parts);
    return fs_walk(c->files, cmake_parts_file, parts, err);
}

static int cmake_plan(const struct tree *t, const char *dir, struct plan *out, struct err *err)
{
    char *path = t->config ? str_fmt("%s/pgo-%s.plan", dir, t->config) : path_join(dir, "pgo.plan");
    int rc = plan_read(path, out, err);
    free(path);
    return rc == 0 ? 0 : err_hint(err, "configure the build directory again: it writes this file");
}

static bool cmake_own_file(const char *name)
{
    static const char *const own[] = {".ninja_log",
                                      ".ninja_deps",
                                      ".ninja_lock",
                                      "CMakeFiles/Progress",
                                      "CMakeFiles/progress.marks",
                                      "Testing"};
    for (size_t i = 0; i < PGO_COUNT(own); i++)
        if (strcmp(name, own[i]) == 0)
            return true;
    return false;
}

/* A target of that name, whose program most probably has it too. */
static bool cmake_makes(const struct tree *t, const char *name)
{
    char *path = str_fmt("%s/CMakeFiles/%s.dir", t->dir, name);
    bool makes = fs_exists(path);
    free(path);
    return makes;
}

static const struct tree_words cmake_words = {
    .training = "pgo_add_training(NAME COMMAND program argument…)",
    .held_out = "pgo_add_training(NAME HELD_OUT COMMAND program argument…)",
    .tests = "pgo_train_with_tests(REGEX …)",
    .exclude = "pgo_exclude_targets()",
    .timeout = "TIMEOUT",
    .inputs = "INPUTS or STDIN",
    .depends = "DEPENDS",
    .dataset = "PGO_DATASET",
    .min_match = "PGO_MIN_MATCH",
    .min_coverage = "PGO_MIN_COVERAGE",
    .max_dropped = "PGO_MAX_DROPPED",
    .atomic = "PGO_ATOMIC",
};

const struct tree_ops tree_cmake = {
    .name = "cmake",
    .words = &cmake_words,
    .open = cmake_open,
    .close = cmake_close,
    .parts = cmake_parts,
    .configure = cmake_configure,
    .build = cmake_build,
    .outdated = cmake_outdated,
    .model_id = cmake_model_id,
    .model = cmake_model,
    .plan = cmake_plan,
    .tests = cmake_tests,
    .test_names = cmake_test_names,
    .tests_id = cmake_tests_id,
    .list_tests = cmake_list_tests,
    .run_tests = cmake_run_tests,
    .install = cmake_install,
    .prefix = cmake_prefix,
    .own_file = cmake_own_file,
    .makes = cmake_makes,
    .setup = cmake_tree_setup,
};
