/* Makes a stage tree: a clone of what the user's configure found out, or configured afresh. */
#include "cmake_stage.h"
#include "fs.h"
#include "msg.h"
#include "proc.h"
#include "tree_cmake.h"

#include <stdlib.h>
#include <string.h>

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
    return !t->config && (!*type || strcmp(type, "Debug") == 0) &&
           !cmake_model_optimized(stage_dir);
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
        if (!t->config)
            vec_add(&words, "-DCMAKE_BUILD_TYPE=Release");
    }
    vec_addf(&words, "-DCMAKE_PROJECT_TOP_LEVEL_INCLUDES=%s%s%s", own, *own ? ";" : "", include);
    if (rc == 0)
        rc = cmake_deps(t, s, &words, err);
    proc_clean_env(&env);
    if (rc == 0)
        rc = cmake_presets_env(t, &env, err);
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

int cmake_write_include(const struct stage *s, struct err *err)
{
    struct buf text = BUF_INIT;
    char *include = cmake_include(s);
    cmake_stage_text(&text, s->name, &s->flags);
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

static void cmake_tell_config(const struct tree *t)
{
    const struct cmake_tree *c = t->state;
    if (c->plain && strcmp(c->plain, t->config) != 0)
        msg_note("the configuration '%s' is without optimization: the stages use '%s'", c->plain,
                 t->config);
}

int cmake_configure(const struct tree *t, const struct stage *s, const char *log, struct err *err)
{
    struct stat st;
    char *release = tree_path(t, "state", "release"), *reason = cmake_release_reason(t);
    long from = stat(log, &st) == 0 ? (long)st.st_size : 0;
    bool decided = cmake_release_decided(release, reason), fresh = decided;
    int rc = cmake_write_include(s, err);
    if (rc == 0)
        rc = cmake_presets(t, err);
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
        cmake_tell_config(t);
        cmake_warn_probes(t, s);
        cmake_tell_moved(log, from);
    }
    free(release);
    free(reason);
    return rc;
}
