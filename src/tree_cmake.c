/* CMake trees: recognised by CMakeCache.txt, cloned by copying what the user's configure found out.
 */
#include "tree_cmake.h"

#include "cmake_stage.h"
#include "exec.h"
#include "fs.h"
#include "msg.h"
#include "proc.h"

#include <stdlib.h>
#include <string.h>

#define CMAKE_NEWEST_BUILD_FILE(generator)                                                         \
    (strcmp(generator, "Ninja") == 0 ? "build.ninja" : "Makefile")

static const char *const cmake_generators[] = {"Ninja", "Unix Makefiles"};

static void cmake_close(struct tree *t)
{
    struct cmake_tree *c = t->state;
    if (!c)
        return;
    cache_release(&c->cache);
    free(c->files);
    free(c->command);
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

static int cmake_compilers(struct tree *t, struct err *err)
{
    struct compiler both[2];
    int rc = 0;
    memset(both, 0, sizeof(both));
    rc = cmake_language(t, "C", &both[0], err);
    if (rc == 0)
        rc = cmake_language(t, "CXX", &both[1], err);
    if (both[0].path && both[1].path)
        t->other_compiler = str_dup(both[1].path);
    struct compiler *first = both[0].path ? &both[0] : &both[1];
    if (rc == 0 && !first->path) {
        rc = err_set(err,
                     "the project in '%s' has no C or C++ compiler: there is nothing to optimize",
                     t->dir);
    } else if (rc == 0 && both[0].path && both[1].path && both[0].family != both[1].family) {
        rc = err_set(
            err,
            "C is compiled by '%s' (%s), C++ by '%s' (%s): profiles of two families do not mix",
            both[0].path, both[0].id, both[1].path, both[1].id);
        err_hint(err, "configure with a C and a C++ compiler of the same family");
    } else if (rc == 0 && !first->family) {
        rc = err_set(err, "the compiler '%s' (%s) is not supported", first->path,
                     first->id ? first->id : "unknown");
        err_hint(err, "configure with GCC 12 or newer, or Clang 14 or newer");
    }
    if (rc == 0) {
        t->compiler = *first;
        memset(first, 0, sizeof(*first));
    }
    compiler_release(&both[0]);
    compiler_release(&both[1]);
    return rc;
}

static int cmake_check(struct tree *t, struct err *err)
{
    struct cmake_tree *c = t->state;
    const char *generator = cache_get(&c->cache, "CMAKE_GENERATOR");
    bool known = false;
    for (size_t i = 0; i < PGO_COUNT(cmake_generators); i++)
        known |= strcmp(generator, cmake_generators[i]) == 0;
    if (*generator && !known) {
        err_set(err, "the generator '%s' of '%s' is not supported", generator, t->dir);
        return err_hint(err, "configure with -G Ninja or -G 'Unix Makefiles'");
    }
    char *build = path_join(t->dir, CMAKE_NEWEST_BUILD_FILE(generator));
    bool configured = *generator && *t->source && c->files && fs_is_file(build);
    free(build);
    if (!configured) {
        err_status(err, PGO_USAGE, "'%s' is not completely configured", t->dir);
        return err_hint(err, "run 'cmake -S \"%s\" -B \"%s\"' to the end first",
                        *t->source ? t->source : "SOURCE", t->dir);
    }
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

static bool cmake_key_file(const char *path, const struct stat *st, void *arg)
{
    char hex[HASH_HEX + 1];
    struct err ignored = ERR_INIT;
    if (str_ends(path, ".cmake") && hash_file(path, hex, &ignored) == 0) {
        hash_str(arg, path);
        hash_str(arg, hex);
    }
    err_release(&ignored);
    return !S_ISDIR(st->st_mode);
}

static int cmake_key(const struct tree *t, struct hash *h, struct err *err)
{
    const struct cmake_tree *c = t->state;
    hash_vec(h, &c->cache.lines);
    return fs_walk(c->files, cmake_key_file, h, err);
}

/* Runs a tool of ours under `pgo exec`, which ends it when the driver is killed. */
static int cmake_run(const struct vec *words, const struct vec *env, const char *log,
                     const char *what, struct err *err)
{
    struct vec argv = VEC_INIT;
    vec_add(&argv, exec_path());
    vec_add(&argv, "exec");
    vec_add(&argv, "--");
    vec_all(&argv, words);
    struct proc p = {.argv = &argv, .env = env, .log = log, .group = true};
    int rc = proc_must(&p, what, err);
    if (rc != 0 && err->msg && !proc_signal()) {
        char *ours = str_fmt("'%s'", path_base(exec_path()));
        char *tool = str_fmt("'%s'", path_base(words->v[0]));
        char *msg = str_replace(err->msg, ours, tool);
        free(ours);
        free(tool);
        free(err->msg);
        err->msg = msg;
    }
    vec_release(&argv);
    return rc;
}

static char *cmake_include(const struct stage *s)
{
    return str_fmt("%s.cmake", s->dir);
}

/* Without an optimized build type and without any -O of its own, a project would be profiled and
   "optimized" at -O0: then the stages are built as Release. */
static bool cmake_needs_release(const struct tree *t, const char *stage_dir)
{
    const struct cmake_tree *c = t->state;
    const char *type = cache_get(&c->cache, "CMAKE_BUILD_TYPE");
    return (!*type || strcmp(type, "Debug") == 0) && !cmake_model_optimized(stage_dir);
}

static int cmake_clone(const struct tree *t, const struct stage *s, struct err *err)
{
    const struct cmake_tree *c = t->state;
    char *text = cache_clone(&c->cache, t->dir, s->dir);
    char *cache = path_join(s->dir, "CMakeCache.txt");
    char *files = str_fmt("%s/CMakeFiles/%s", s->dir, path_base(c->files));
    int rc = fs_mkdirs(s->dir, err);
    if (rc == 0)
        rc = fs_replace(cache, text, strlen(text), err);
    if (rc == 0)
        rc = fs_copy_tree(c->files, files, err);
    free(text);
    free(cache);
    free(files);
    return rc;
}

static int cmake_generate(const struct tree *t, const struct stage *s, bool clone, const char *log,
                          struct err *err)
{
    const struct cmake_tree *c = t->state;
    const char *own = cache_get(&c->cache, "CMAKE_PROJECT_TOP_LEVEL_INCLUDES");
    char *include = cmake_include(s), *script = str_fmt("%s.init.cmake", s->dir);
    struct vec words = VEC_INIT, env = VEC_INIT;
    const char *start[] = {c->command, "-S", t->source, "-B", s->dir, NULL};
    vec_words(&words, start);
    int rc = 0;
    if (!clone) {
        char *cache = path_join(s->dir, "CMakeCache.txt");
        rc = fs_remove(cache, err); /* entries that the user has removed go with it */
        free(cache);
        char *text = cache_script(&c->cache, t->dir, s->dir);
        if (rc == 0)
            rc = fs_replace(script, text, strlen(text), err);
        free(text);
        vec_add(&words, "-G");
        vec_add(&words, cache_get(&c->cache, "CMAKE_GENERATOR"));
        vec_add(&words, "-C");
        vec_add(&words, script);
        vec_add(&words, "-DCMAKE_BUILD_TYPE=Release");
    }
    vec_addf(&words, "-DCMAKE_PROJECT_TOP_LEVEL_INCLUDES=%s%s%s", own, *own ? ";" : "", include);
    proc_clean_env(&env);
    char *what = str_fmt("configuring the stage '%s'", s->name);
    if (rc == 0)
        rc = cmake_model_ask(s->dir, err);
    if (rc == 0)
        rc = cmake_run(&words, &env, log, what, err);
    vec_release(&words);
    vec_release(&env);
    free(include);
    free(script);
    free(what);
    return rc;
}

static void cmake_warn_probes(const struct tree *t, const struct stage *s)
{
    const struct cmake_tree *c = t->state;
    struct cache now = CACHE_INIT;
    struct vec names = VEC_INIT;
    struct err ignored = ERR_INIT;
    char *path = path_join(s->dir, "CMakeCache.txt");
    if (cache_read(path, &now, &ignored) == 0)
        cache_differences(&c->cache, &now, &names);
    if (names.n) {
        char *list = vec_join(&names, ", ");
        msg_warn("checks came out otherwise in the stage '%s' than in your tree: %s", s->name,
                 list);
        free(list);
    }
    free(path);
    vec_release(&names);
    cache_release(&now);
    err_release(&ignored);
}

/* Outputs that stage.cmake moved into the stage are told once per configure. */
static void cmake_tell_moved(const char *log, long from)
{
    struct buf b = BUF_INIT;
    struct err ignored = ERR_INIT;
    static const char mark[] = "-- pgo: ";
    if (fs_read(log, &b, &ignored) == 0 && b.len > (size_t)from)
        for (const char *hit = b.p + from; (hit = strstr(hit, mark)); hit++)
            msg_note("%.*s", (int)strcspn(hit + strlen(mark), "\n"), hit + strlen(mark));
    buf_release(&b);
    err_release(&ignored);
}

/* Its content is the stage's flags, so it changes only when they do; CMake reads it again when the
   file is newer. */
static int cmake_write_include(const struct stage *s, struct err *err)
{
    struct buf text = BUF_INIT;
    char *include = cmake_include(s);
    cmake_stage_text(&text, s->name, &s->flags, s->excluded);
    int rc = fs_update(include, buf_str(&text), err) < 0 ? -1 : 0;
    free(include);
    buf_release(&text);
    return rc;
}

/* What the decision for Release was made of. */
static char *cmake_release_reason(const struct tree *t)
{
    const struct cmake_tree *c = t->state;
    return str_fmt("%s\n%s\n%s\n", cache_get(&c->cache, "CMAKE_BUILD_TYPE"),
                   cache_get(&c->cache, "CMAKE_C_FLAGS"), cache_get(&c->cache, "CMAKE_CXX_FLAGS"));
}

/* Whether an earlier configure of any stage decided for Release, and for the same reason. */
static bool cmake_release_decided(const char *path, const char *reason)
{
    struct buf b = BUF_INIT;
    struct err ignored = ERR_INIT;
    bool same =
        fs_exists(path) && fs_read(path, &b, &ignored) == 0 && strcmp(buf_str(&b), reason) == 0;
    buf_release(&b);
    err_release(&ignored);
    return same;
}

static int cmake_configure(const struct tree *t, const struct stage *s, const char *log,
                           struct err *err)
{
    struct stat st;
    char *release = tree_path(t, "state", "release"), *reason = cmake_release_reason(t);
    long from = stat(log, &st) == 0 ? (long)st.st_size : 0;
    bool decided = cmake_release_decided(release, reason), fresh = decided;
    int rc = cmake_write_include(s, err);
    if (rc == 0 && !fresh) {
        rc = cmake_clone(t, s, err);
        if (rc == 0)
            rc = cmake_generate(t, s, true, log, err);
        fresh = rc == 0 && cmake_needs_release(t, s->dir);
        if (fresh)
            rc = fs_remove(s->dir, err);
    }
    if (rc == 0 && fresh)
        rc = cmake_generate(t, s, false, log, err);
    if (rc == 0 && fresh && !decided) {
        const struct cmake_tree *c = t->state;
        const char *type = cache_get(&c->cache, "CMAKE_BUILD_TYPE");
        msg_note(
            "the build type of your tree is '%s', without optimization: the stages use 'Release'",
            type);
        rc = fs_replace(release, reason, strlen(reason), err);
    }
    if (rc == 0) {
        cmake_warn_probes(t, s);
        cmake_tell_moved(log, from);
    }
    free(release);
    free(reason);
    return rc;
}

/* Ninja and Make are called as `cmake --build` would, without the time that it takes to start. */
static int cmake_make(const struct tree *t, const struct stage *s, const struct vec *targets,
                      long jobs, const struct vec *env, const char *log, struct err *err)
{
    const struct cmake_tree *c = t->state;
    struct vec words = VEC_INIT;
    vec_add(&words, cache_get(&c->cache, "CMAKE_MAKE_PROGRAM"));
    vec_add(&words, "-C");
    vec_add(&words, s->dir);
    vec_addf(&words, "-j%ld", jobs);
    vec_all(&words, targets);
    /* Compilers name their directory by PWD when it is true, and Make's shells make it so. */
    struct vec spelled = VEC_INIT;
    vec_all(&spelled, env);
    proc_set_env(&spelled, "PWD", s->dir);
    char *what = str_fmt("building the stage '%s'", s->name);
    int rc = cmake_run(&words, &spelled, log, what, err);
    vec_release(&spelled);
    free(what);
    vec_release(&words);
    return rc;
}

static int cmake_build(const struct tree *t, const struct stage *s, const struct vec *targets,
                       long jobs, bool unclean, const struct vec *env, const char *log,
                       struct err *err)
{
    const struct cmake_tree *c = t->state;
    struct vec clean = VEC_INIT, all = VEC_INIT;
    int rc = cmake_write_include(s, err);
    vec_add(&clean, "clean");
    vec_add(&all, "all");
    vec_all(&all, targets);
    /* Make takes a half-written file of a killed build for a good one; Ninja does not. */
    if (rc == 0 && unclean && strcmp(cache_get(&c->cache, "CMAKE_GENERATOR"), "Ninja") != 0)
        rc = cmake_make(t, s, &clean, jobs, env, log, err);
    if (rc == 0)
        rc = cmake_make(t, s, &all, jobs, env, log, err);
    vec_release(&clean);
    vec_release(&all);
    return rc;
}

static int cmake_install(const struct tree *t, const struct stage *s, const char *prefix,
                         const char *component, const char *log, struct err *err)
{
    const struct cmake_tree *c = t->state;
    const char *destdir = getenv("DESTDIR");
    struct vec words = VEC_INIT, env = VEC_INIT;
    const char *start[] = {c->command, "--install", s->dir, NULL};
    vec_words(&words, start);
    if (prefix) {
        vec_add(&words, "--prefix");
        vec_add(&words, prefix);
    }
    if (component) {
        vec_add(&words, "--component");
        vec_add(&words, component);
    }
    proc_clean_env(&env);
    if (destdir)
        proc_set_env(&env, "DESTDIR", destdir);
    int rc = cmake_run(&words, &env, log, "installing the optimized programs", err);
    vec_release(&words);
    vec_release(&env);
    return rc;
}

static char *cmake_plan(const struct tree *t, const char *dir)
{
    (void)t;
    return path_join(dir, "pgo.plan");
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

const struct tree_ops tree_cmake = {
    .open = cmake_open,
    .close = cmake_close,
    .key = cmake_key,
    .configure = cmake_configure,
    .build = cmake_build,
    .model_id = cmake_model_id,
    .model = cmake_model,
    .plan = cmake_plan,
    .tests = cmake_tests,
    .test_names = cmake_test_names,
    .run_tests = cmake_run_tests,
    .install = cmake_install,
    .own_file = cmake_own_file,
};
