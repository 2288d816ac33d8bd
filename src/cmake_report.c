/* What is said once a stage is configured: where it differs from the user tree. */
#include "fs.h"
#include "msg.h"
#include "tree_cmake.h"

#include <stdlib.h>
#include <string.h>

void cmake_tell_config(const struct tree *t)
{
    const struct cmake_tree *c = t->state;
    if (c->plain && strcmp(c->plain, t->config) != 0)
        msg_note("the configuration '%s' is without optimization: the stages use '%s'", c->plain,
                 t->config);
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

void cmake_report(const struct tree *t, const struct stage *s, bool first, const char *log,
                  long from)
{
    cmake_tell_moved(log, from);
    cmake_warn_probes(t, s);
    if (first)
        tree_warn_headers(t, s);
}
