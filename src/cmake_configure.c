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

int cmake_generate(const struct tree *t, const struct stage *s, enum cmake_way way, const char *log,
                   struct err *err)
{
    const struct cmake_tree *c = t->state;
    const char *own = cache_get(&c->cache, "CMAKE_PROJECT_TOP_LEVEL_INCLUDES");
    char *include = cmake_include(s), *script = str_fmt("%s.init.cmake", s->dir);
    struct vec words = VEC_INIT, env = VEC_INIT;
    const char *start[] = {c->command, "-S", t->source, "-B", s->dir, NULL};
    vec_words(&words, start);
    int rc = 0;
    if (way != CMAKE_CLONE) {
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
        if (way == CMAKE_RELEASE)
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
