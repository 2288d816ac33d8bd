#include "tree.h"

#include "fs.h"
#include "msg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TREE_MARK "state/pgo" /* in a folder of ours */

static const struct tree_ops *const tree_table[] = {&tree_cmake, &tree_meson};

char *tree_path(const struct tree *t, const char *a, const char *b)
{
    return b ? str_fmt("%s/%s/%s", t->home, a, b) : str_fmt("%s/%s", t->home, a);
}

void tree_named(const struct tree *t, const struct json *words, const char *dir, struct map *out)
{
    struct vec paths = VEC_INIT;
    for (size_t i = 0; i < json_count(words); i++)
        path_named(json_str(json_at(words, i), NULL), dir, &paths);
    for (size_t i = 0; i < paths.n; i++)
        if (path_below(paths.v[i], t->source) && !path_below(paths.v[i], t->home) &&
            !strchr(paths.v[i], '\n'))
            map_set(out, paths.v[i], "");
    vec_release(&paths);
}

/* One that has our mark; else "pgo", or, when the project has or makes that itself, "pgo-stages".
 */
static int tree_find_home(struct tree *t, struct err *err)
{
    static const char *const names[] = {"pgo", "pgo-stages"};
    for (int marked = 1; marked >= 0; marked--) {
        for (size_t i = 0; i < PGO_COUNT(names); i++) {
            free(t->home);
            t->home = path_join(t->dir, names[i]);
            char *mark = path_join(t->home, TREE_MARK);
            bool free_for_us = !marked && !fs_exists(t->home) && !t->ops->makes(t, names[i]);
            /* In this order: another pgo can make the folder meanwhile, and it comes with its mark.
             */
            bool ours = free_for_us || fs_exists(mark);
            free(mark);
            if (ours)
                return 1;
        }
    }
    err_status(err, PGO_USAGE, "'%s/%s' and '%s' are there, and were not made by pgo", t->dir,
               names[0], t->home);
    return err_hint(err, "rename one of them: pgo keeps its files in a folder of that name");
}

/* A stage tree is configured as well, but it is ours. */
static int tree_refuse_stage(const struct tree *t, struct err *err)
{
    char *above = path_dir(t->dir), *mark = path_join(above, TREE_MARK), *user = path_dir(above);
    bool stage = fs_exists(mark);
    if (stage) {
        err_status(err, PGO_USAGE, "'%s' is a stage tree of '%s'", t->dir, user);
        err_hint(err, "name the tree that it was made from: pgo -C '%s'", user);
    }
    free(above);
    free(mark);
    free(user);
    return stage ? -1 : 0;
}

int tree_open(struct tree *t, const char *dir, const char *config, struct err *err)
{
    memset(t, 0, sizeof(*t));
    if (!fs_is_dir(dir))
        return err_status(err, PGO_USAGE, "'%s' is not a directory", dir);
    t->dir = realpath(dir, NULL);
    if (!t->dir)
        return err_sys(err, errno, NULL, "cannot resolve '%s'", dir);
    t->config = config ? str_dup(config) : NULL;
    if (tree_refuse_stage(t, err) != 0) {
        tree_close(t);
        return -1;
    }
    for (size_t i = 0; i < PGO_COUNT(tree_table); i++) {
        t->ops = tree_table[i];
        int rc = t->ops->open(t, err);
        if (rc > 0)
            rc = tree_find_home(t, err);
        if (rc < 0)
            tree_close(t);
        if (rc != 0)
            return rc < 0 ? -1 : 0;
    }
    err_status(err, PGO_USAGE, "'%s' is not a configured build directory", dir);
    err_hint(err, "name one with -C; 'cmake -S SOURCE -B BUILD' or 'meson setup BUILD SOURCE' "
                  "configures one");
    t->ops = NULL;
    tree_close(t);
    return -1;
}

void tree_close(struct tree *t)
{
    if (t->ops)
        t->ops->close(t);
    compiler_release(&t->compiler);
    free(t->dir);
    free(t->source);
    free(t->home);
    free(t->config);
    vec_release(&t->machine);
    compiler_release(&t->other);
    memset(t, 0, sizeof(*t));
}

bool tree_known(const char *dir)
{
    bool known = false;
    for (size_t i = 0; i < PGO_COUNT(tree_table) && !known; i++) {
        struct tree t = {.ops = tree_table[i], .dir = path_real(dir)};
        struct err ignored = ERR_INIT;
        known = t.ops->open(&t, &ignored) != 0;
        tree_close(&t);
        err_release(&ignored);
    }
    return known;
}

void tree_setup_release(struct tree_setup *s)
{
    free(s->system);
    free(s->generator);
    free(s->configure);
    free(s->build);
    free(s->tests);
    free(s->type);
    for (size_t i = 0; i < PGO_COUNT(s->start); i++) {
        vec_release(&s->start[i]);
        vec_release(&s->flags[i]);
    }
    vec_release(&s->link);
    map_release(&s->settings);
    map_release(&s->commands);
}

enum test_end test_end(const struct test_ends *e, const char *name)
{
    return vec_has(&e->failed, name)    ? TEST_FAILED
           : vec_has(&e->skipped, name) ? TEST_SKIPPED
                                        : TEST_PASSED;
}

void test_ends_release(struct test_ends *e)
{
    vec_release(&e->failed);
    vec_release(&e->skipped);
}

void stage_release(struct stage *s)
{
    free(s->dir);
    free(s->profile);
    flags_release(&s->flags);
    map_release(&s->before);
    map_release(&s->sources);
    memset(s, 0, sizeof(*s));
}

struct tree_walk {
    const struct tree *tree;
    struct map *files;
};

static void tree_look(struct tree_walk *w, const char *name, const struct stat *st)
{
    if (!S_ISDIR(st->st_mode))
        map_setf(w->files, name, "%lld %lld.%09ld", (long long)st->st_size,
                 (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
}

static bool tree_visit(const char *path, const struct stat *st, void *arg)
{
    struct tree_walk *w = arg;
    const char *below = path_below(path, w->tree->dir);
    if (strcmp(path, w->tree->home) == 0 || strcmp(path_base(path), ".git") == 0 ||
        w->tree->ops->own_file(below))
        return false;
    tree_look(w, below, st);
    return true;
}

int tree_snapshot(const struct tree *t, struct map *out, struct err *err)
{
    struct tree_walk w = {t, out};
    return fs_walk(t->dir, tree_visit, &w, err);
}

/* Name → what became of it. */
static void tree_differences(const struct map *before, const struct map *after, struct map *out)
{
    for (size_t i = 0; i < after->keys.n; i++) {
        const char *old = map_get(before, after->keys.v[i]);
        if (!old || strcmp(old, after->values.v[i]) != 0)
            map_set(out, after->keys.v[i], old ? "changed" : "was made");
    }
    for (size_t i = 0; i < before->keys.n; i++)
        if (!map_get(after, before->keys.v[i]))
            map_set(out, before->keys.v[i], "is gone");
}

int tree_compare(const struct tree *t, const struct map *before, struct err *err)
{
    struct map after = MAP_INIT, differences = MAP_INIT;
    int rc = tree_snapshot(t, &after, err);
    if (rc == 0)
        tree_differences(before, &after, &differences);
    if (differences.keys.n) {
        rc = err_set(err, "'%s/%s' %s while the stage was configured or built", t->dir,
                     differences.keys.v[0], differences.values.v[0]);
        err_hint(err,
                 "the project writes there in each build directory, or another build ran in '%s' "
                 "at the same time; in that case run the same command again",
                 t->dir);
    }
    map_release(&after);
    map_release(&differences);
    return rc;
}

static bool tree_visit_source(const char *path, const struct stat *st, void *arg)
{
    struct tree_walk *w = arg;
    if (strcmp(path, w->tree->dir) == 0 || strcmp(path_base(path), ".git") == 0 ||
        strcmp(path_base(path), ".wraplock") == 0) /* of Meson's, wherever */
        return false;
    tree_look(w, path, st);
    return true;
}

int tree_sources(const struct tree *t, struct map *out, struct err *err)
{
    struct tree_walk w = {t, out};
    return path_below(t->source, t->dir) ? 0 : fs_walk(t->source, tree_visit_source, &w, err);
}

int tree_warn_sources(const struct tree *t, const struct map *before, const char *when,
                      const char *who, struct err *err)
{
    struct map after = MAP_INIT, differences = MAP_INIT;
    int rc = tree_sources(t, &after, err);
    if (rc == 0)
        tree_differences(before, &after, &differences);
    if (differences.keys.n) {
        char *names = vec_some(&differences.keys, 3);
        msg_warn("the source tree changed while %s (if nobody edited it, %s): %s", when, who,
                 names);
        free(names);
    }
    map_release(&after);
    map_release(&differences);
    return rc;
}

struct tree_headers {
    const struct tree *tree;
    const struct stage *stage;
    struct vec names;
};

static bool tree_visit_header(const char *path, const struct stat *st, void *arg)
{
    static const char *const ends[] = {".h", ".hh", ".hpp", ".hxx", ".inc"};
    struct tree_headers *h = arg;
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

void tree_warn_headers(const struct tree *t, const struct stage *s)
{
    struct tree_headers h = {t, s, VEC_INIT};
    struct err ignored = ERR_INIT;
    fs_walk(s->dir, tree_visit_header, &h, &ignored);
    if (h.names.n) {
        char *list = vec_some(&h.names, 5);
        msg_warn("configuring wrote other content in the stage '%s' than in your tree: %s", s->name,
                 list);
        free(list);
    }
    vec_release(&h.names);
    err_release(&ignored);
}
