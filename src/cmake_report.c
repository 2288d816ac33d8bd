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

struct cmake_headers {
    const struct tree *tree;
    const struct stage *stage;
    struct vec names;
};

static bool cmake_visit_header(const char *path, const struct stat *st, void *arg)
{
    static const char *const ends[] = {".h", ".hh", ".hpp", ".hxx", ".inc"};
    struct cmake_headers *h = arg;
    struct err ignored = ERR_INIT;
    struct buf ours = BUF_INIT, theirs = BUF_INIT;
    const char *below = path_below(path, h->stage->dir);
    char *user = path_join(h->tree->dir, below);
    bool header = false;
    for (size_t i = 0; i < PGO_COUNT(ends); i++)
        header |= S_ISREG(st->st_mode) && str_ends(path, ends[i]);
    if (header && fs_is_file(user) && fs_read(path, &ours, &ignored) == 0 &&
        fs_read(user, &theirs, &ignored) == 0) {
        char *mapped = str_replace(buf_str(&ours), h->stage->dir, h->tree->dir);
        if (strcmp(mapped, buf_str(&theirs)) != 0)
            vec_add(&h->names, below);
        free(mapped);
    }
    buf_release(&ours);
    buf_release(&theirs);
    err_release(&ignored);
    free(user);
    return strcmp(below, "CMakeFiles") != 0 && strcmp(below, "_deps") != 0;
}

/* Before the first build, headers in a stage are of the configure (config.h). */
static void cmake_warn_headers(const struct tree *t, const struct stage *s)
{
    struct cmake_headers h = {t, s, VEC_INIT};
    struct err ignored = ERR_INIT;
    fs_walk(s->dir, cmake_visit_header, &h, &ignored);
    if (h.names.n) {
        char *list = vec_some(&h.names, 5);
        msg_warn("configuring wrote other content in the stage '%s' than in your tree: %s", s->name,
                 list);
        free(list);
    }
    vec_release(&h.names);
    err_release(&ignored);
}

void cmake_report(const struct tree *t, const struct stage *s, bool first, const char *log,
                  long from)
{
    cmake_tell_moved(log, from);
    cmake_warn_probes(t, s);
    if (first)
        cmake_warn_headers(t, s);
}
