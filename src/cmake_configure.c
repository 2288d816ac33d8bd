/* Makes a stage tree: a clone of what the user's configure found out, or configured afresh. */
#include "cmake_stage.h"
#include "fs.h"
#include "msg.h"
#include "proc.h"
#include "tool.h"
#include "tree_cmake.h"

#include <stdlib.h>
#include <string.h>

static char *cmake_include(const struct stage *s)
{
    return str_fmt("%s.cmake", s->dir);
}

int cmake_clone(const struct tree *t, const struct stage *s, struct err *err)
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

/* The cache goes, and with it entries that the user has removed; the script sets the others. */
static int cmake_set_entries(const struct tree *t, const struct stage *s, const char *entries,
                             struct vec *words, struct err *err)
{
    const struct cmake_tree *c = t->state;
    char *cache = path_join(s->dir, "CMakeCache.txt"), *script = str_fmt("%s.init.cmake", s->dir);
    int rc = fs_remove(cache, err);
    if (rc == 0)
        rc = fs_replace(script, entries, strlen(entries), err);
    vec_add(words, "-G");
    vec_add(words, cache_get(&c->cache, "CMAKE_GENERATOR"));
    vec_add(words, "-C");
    vec_add(words, script);
    free(cache);
    free(script);
    return rc;
}

/* Runs CMake on what is in the stage, or with `entries` of its own. */
static int cmake_run_configure(const struct tree *t, const struct stage *s, const char *entries,
                               const char *type, const char *log, struct err *err)
{
    const struct cmake_tree *c = t->state;
    const char *own = cache_get(&c->cache, "CMAKE_PROJECT_TOP_LEVEL_INCLUDES");
    char *include = cmake_include(s);
    struct vec words = VEC_INIT, env = VEC_INIT;
    const char *start[] = {c->command, "-S", t->source, "-B", s->dir, NULL};
    vec_words(&words, start);
    int rc = entries ? cmake_set_entries(t, s, entries, &words, err) : 0;
    if (type)
        vec_addf(&words, "-DCMAKE_BUILD_TYPE=%s", type);
    vec_addf(&words, "-DCMAKE_PROJECT_TOP_LEVEL_INCLUDES=%s%s%s", own, *own ? ";" : "", include);
    /* A stage is no package that others should find. */
    vec_add(&words, "-DCMAKE_EXPORT_NO_PACKAGE_REGISTRY:BOOL=ON");
    vec_add(&words, "-DCMAKE_EXPORT_PACKAGE_REGISTRY:BOOL=OFF");
    if (rc == 0)
        rc = cmake_deps(t, s, &words, err);
    proc_clean_env(&env);
    if (rc == 0)
        rc = cmake_presets_env(t, &env, err);
    char *what = str_fmt("configuring the stage '%s'", s->name);
    if (rc == 0)
        rc = cmake_model_ask(s->dir, err);
    if (rc == 0)
        rc = tool_run(&words, NULL, &env, log, what, err);
    vec_release(&words);
    vec_release(&env);
    free(include);
    free(what);
    return rc;
}

/* An entry that the project makes by itself may tell it that this is not the first time: so the
   stage is first configured without such, and then with those that came out otherwise. */
static int cmake_run_afresh(const struct tree *t, const struct stage *s, const char *log,
                            struct err *err)
{
    const struct cmake_tree *c = t->state;
    struct cache plain = CACHE_INIT;
    struct err ignored = ERR_INIT;
    char *path = path_join(s->dir, "CMakeCache.txt");
    char *first = cache_script(&c->cache, t->dir, s->dir, false, NULL);
    bool worked = cmake_run_configure(t, s, first, NULL, log, &ignored) == 0 &&
                  cache_read(path, &plain, &ignored) == 0;
    char *second = cache_script(&c->cache, t->dir, s->dir, !worked, &plain);
    int rc = proc_signal() ? -1 : 0;
    if (rc == 0 && (!worked || strcmp(first, second) != 0))
        rc = cmake_run_configure(t, s, second, NULL, log, err);
    cache_release(&plain);
    err_release(&ignored);
    free(path);
    free(first);
    free(second);
    return rc;
}

int cmake_generate(const struct tree *t, const struct stage *s, enum cmake_way way, const char *log,
                   struct err *err)
{
    const struct cmake_tree *c = t->state;
    if (way == CMAKE_CLONE)
        return cmake_run_configure(t, s, NULL, NULL, log, err);
    if (way == CMAKE_AFRESH)
        return cmake_run_afresh(t, s, log, err);
    char *all = cache_script(&c->cache, t->dir, s->dir, true, NULL);
    int rc = cmake_run_configure(t, s, all, "Release", log, err);
    free(all);
    return rc;
}

int cmake_write_include(const struct stage *s, struct err *err)
{
    struct buf text = BUF_INIT;
    char *include = cmake_include(s);
    cmake_stage_text(&text, s->name, &s->flags, s->excluded);
    int rc = fs_update(include, buf_str(&text), err) < 0 ? -1 : 0;
    free(include);
    buf_release(&text);
    return rc;
}
