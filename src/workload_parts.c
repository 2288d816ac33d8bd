/* What a workload's result depends on beside the programs: its attributes, and files that it names.
 */
#include "workload.h"

#include "fs.h"

#include <stdlib.h>
#include <string.h>

struct workload_look {
    const struct session *s;
    const struct training *t;
    const char *build;
    struct map *parts;
    struct err *err;
    int rc;
};

/* A file's content, under its name. */
static int workload_part_file(struct workload_look *f, const char *path)
{
    char hex[HASH_HEX + 1], *name = str_fmt("the file %s", path);
    int rc = session_digest(f->s, path, hex, f->err);
    if (rc == 0)
        parts_hex(f->parts, name, hex);
    else
        parts_text(f->parts, name, NULL);
    free(name);
    return rc;
}

static bool workload_part_visit(const char *path, const struct stat *st, void *arg)
{
    struct workload_look *f = arg;
    if (S_ISREG(st->st_mode) && workload_part_file(f, path) != 0)
        f->rc = -1;
    return true;
}

/* Of a directory, all files below it. */
static int workload_part_path(struct workload_look *f, const char *path)
{
    if (fs_is_dir(path)) {
        f->rc = 0;
        int rc = fs_walk(path, workload_part_visit, f, f->err);
        return rc == 0 ? f->rc : rc;
    }
    return workload_part_file(f, path);
}

static int workload_part_input(struct workload_look *f, const char *path)
{
    if (fs_exists(path))
        return workload_part_path(f, path);
    if (f->t->held_out) /* told in its row of a comparison */
        return err_set(f->err, "'%s', which it needs, is not there", path);
    err_set(f->err, "training '%s' needs '%s', which is not there", f->t->name, path);
    return err_hint(f->err, "name the target that makes it in %s, or correct %s (--input, --stdin)",
                    f->s->tree.ops->words->depends, f->s->tree.ops->words->inputs);
}

/* Something of the source tree is an input: a script above all. The source directory itself, or one
   that holds ours, would be everything. */
static bool workload_is_source(const struct tree *tree, const char *path)
{
    const char *below = path_below(path, tree->source);
    return below && *below && !path_below(path, tree->home) &&
           (fs_is_file(path) || (fs_is_dir(path) && !path_below(tree->home, path)));
}

static bool workload_is_outside(const struct tree *tree, const char *path)
{
    return !path_below(path, tree->source) && !path_below(path, tree->dir) && fs_is_file(path);
}

/* What its words name, as seen from where it runs. */
static void workload_words(const struct training *t, const char *build, struct vec *paths)
{
    struct vec words = VEC_INIT;
    training_words(t, &words);
    for (size_t i = 0; i < words.n; i++)
        path_named(words.v[i], t->cwd ? t->cwd : build, paths);
    vec_release(&words);
}

int workload_parts(const struct session *s, const struct training *t, const char *build,
                   struct map *parts, struct err *err)
{
    struct err ignored = ERR_INIT; /* a word is a guess: only a run shows whether that is read */
    struct workload_look f = {s, t, build, parts, err, 0},
                         guess = {s, t, build, parts, &ignored, 0};
    struct vec paths = VEC_INIT;
    int rc = 0;
    training_parts(t, parts);
    for (size_t i = 0; i < t->inputs.n && rc == 0; i++)
        rc = workload_part_input(&f, t->inputs.v[i]);
    if (rc == 0 && t->std_in)
        rc = workload_part_input(&f, t->std_in);
    workload_words(t, build, &paths);
    for (size_t i = 0; i < paths.n; i++)
        if (workload_is_source(&s->tree, paths.v[i]))
            workload_part_path(&guess, paths.v[i]);
    vec_release(&paths);
    err_release(&ignored);
    return rc;
}

int workload_parts_hash(const struct session *s, const struct training *t, const char *build,
                        char hex[HASH_HEX + 1], struct err *err)
{
    struct map parts = MAP_INIT;
    int rc = workload_parts(s, t, build, &parts, err);
    parts_hash(&parts, hex);
    map_release(&parts);
    return rc;
}

struct workload_tree {
    const struct session *s;
    struct map *files;
};

static bool workload_name_visit(const char *path, const struct stat *st, void *arg)
{
    (void)st;
    vec_add(arg, path);
    return true;
}

bool workload_digest(const struct session *s, const char *path, char hex[HASH_HEX + 1])
{
    struct vec names = VEC_INIT;
    struct err ignored = ERR_INIT;
    struct hash h;
    if (!fs_is_dir(path)) {
        int rc = session_digest(s, path, hex, &ignored);
        err_release(&ignored);
        return rc == 0;
    }
    int rc = fs_walk(path, workload_name_visit, &names, &ignored);
    vec_sort(&names);
    hash_init(&h);
    hash_vec(&h, &names);
    hash_hex(&h, hex);
    vec_release(&names);
    err_release(&ignored);
    return rc == 0;
}

static void workload_file(const struct session *s, const char *path, struct map *files)
{
    char hex[HASH_HEX + 1];
    if (workload_digest(s, path, hex))
        map_set(files, path, hex);
}

static bool workload_file_visit(const char *path, const struct stat *st, void *arg)
{
    const struct workload_tree *tree = arg;
    if (S_ISREG(st->st_mode))
        workload_file(tree->s, path, tree->files);
    return true;
}

void workload_files(const struct session *s, const struct training *t, const char *build,
                    bool source, struct map *files)
{
    struct workload_tree tree = {s, files};
    struct err ignored = ERR_INIT;
    struct vec paths = VEC_INIT;
    workload_words(t, build, &paths);
    for (size_t i = 0; i < paths.n; i++) {
        const char *path = paths.v[i];
        bool below = source && workload_is_source(&s->tree, path);
        if (below || workload_is_outside(&s->tree, path))
            workload_file(s, path, files);
        if (below && fs_is_dir(path))
            fs_walk(path, workload_file_visit, &tree, &ignored);
    }
    vec_release(&paths);
    err_release(&ignored);
}
