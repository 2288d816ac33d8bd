/* Trees of several configurations ("Ninja Multi-Config"): which one the stages build. */
#include "command.h"
#include "fs.h"
#include "tree_cmake.h"

#include <stdlib.h>
#include <string.h>

#define CMAKE_NINJA_START "build-"
#define CMAKE_NINJA_END ".ninja"

static const char *cmake_generator(const struct tree *t)
{
    const struct cmake_tree *c = t->state;
    return cache_get(&c->cache, "CMAKE_GENERATOR");
}

bool cmake_ninja(const struct tree *t)
{
    return str_starts(cmake_generator(t), "Ninja");
}

/* Those that were generated: first as the cache names them, then others, which only the project
   names. */
static int cmake_configs(const struct tree *t, struct vec *out, struct err *err)
{
    const struct cmake_tree *c = t->state;
    struct vec files = VEC_INIT, named = VEC_INIT;
    int rc = fs_list(t->dir, &files, err);
    vec_split(&named, cache_get(&c->cache, "CMAKE_CONFIGURATION_TYPES"), ';');
    for (size_t i = 0; i < files.n; i++) {
        const char *start = files.v[i] + strlen(CMAKE_NINJA_START);
        if (str_starts(files.v[i], CMAKE_NINJA_START) && str_ends(start, CMAKE_NINJA_END))
            vec_take(&named, str_ndup(start, strlen(start) - strlen(CMAKE_NINJA_END)));
    }
    for (size_t i = 0; i < named.n; i++) {
        char *file = str_fmt(CMAKE_NINJA_START "%s" CMAKE_NINJA_END, named.v[i]);
        if (vec_has(&files, file) && !vec_has(out, named.v[i]))
            vec_add(out, named.v[i]);
        free(file);
    }
    vec_release(&files);
    vec_release(&named);
    return rc;
}

static const char *cmake_default_config(const struct vec *all)
{
    static const char *const best[] = {"RelWithDebInfo", "Release"};
    for (size_t i = 0; i < PGO_COUNT(best); i++)
        if (vec_has(all, best[i]))
            return best[i];
    return all->n ? all->v[0] : "";
}

/* "Debug" without any -O of the user's own, as for trees of one configuration. */
static bool cmake_is_plain(const struct tree *t, const char *config)
{
    const struct cmake_tree *c = t->state;
    static const char *const flags[] = {"CMAKE_C_FLAGS", "CMAKE_CXX_FLAGS", "CMAKE_C_FLAGS_DEBUG",
                                        "CMAKE_CXX_FLAGS_DEBUG"};
    bool plain = strcmp(config, "Debug") == 0;
    for (size_t i = 0; i < PGO_COUNT(flags); i++)
        plain &= !command_optimizes(cache_get(&c->cache, flags[i]));
    return plain;
}

static int cmake_no_config(const struct tree *t, const struct vec *all, struct err *err)
{
    char *list = vec_join(all, "', '");
    err_status(err, PGO_USAGE, "'%s' has no configuration '%s'", t->dir, t->config);
    if (all->n)
        err_hint(err, "it has '%s'", list);
    free(list);
    return -1;
}

int cmake_config(struct tree *t, struct err *err)
{
    struct cmake_tree *c = t->state;
    struct vec all = VEC_INIT;
    bool several = strcmp(cmake_generator(t), "Ninja Multi-Config") == 0;
    const char *only = cache_get(&c->cache, "CMAKE_BUILD_TYPE");
    int rc = several ? cmake_configs(t, &all, err) : 0;
    if (!several && *only)
        vec_add(&all, only);
    if (rc == 0 && t->config && !vec_has(&all, t->config))
        rc = cmake_no_config(t, &all, err);
    if (rc == 0 && several && !all.n)
        rc = err_set(err, "'%s' has no configuration at all", t->dir);
    if (rc == 0 && several && t->config && cmake_is_plain(t, t->config)) {
        c->plain = t->config;
        t->config = NULL;
    }
    if (rc == 0 && several && !t->config)
        t->config = str_dup(cmake_default_config(&all));
    if (!several) {
        free(t->config);
        t->config = NULL;
    }
    vec_release(&all);
    return rc;
}
