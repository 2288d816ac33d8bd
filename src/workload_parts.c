/* What a workload's result depends on beside the programs: its attributes, and files that it names.
 */
#include "workload.h"

#include "fs.h"

#include <stdlib.h>
#include <string.h>

struct workload_files {
    const struct session *s;
    const struct training *t;
    const char *build;
    struct map *parts;
    struct err *err;
    int rc;
};

/* A file's content, under its name. */
static int workload_part_file(struct workload_files *f, const char *path)
{
    char hex[HASH_HEX + 1], *name = str_fmt("the file %s", path);
    int rc = session_digest(f->s, path, hex, f->err);
    if (rc == 0)
        parts_hex(f->parts, name, hex);
    free(name);
    return rc;
}

static bool workload_part_visit(const char *path, const struct stat *st, void *arg)
{
    struct workload_files *f = arg;
    if (S_ISREG(st->st_mode) && f->rc == 0)
        f->rc = workload_part_file(f, path);
    return true;
}

/* Of a directory, all files below it. */
static int workload_part_path(struct workload_files *f, const char *path)
{
    if (fs_is_dir(path)) {
        f->rc = 0;
        int rc = fs_walk(path, workload_part_visit, f, f->err);
        return rc == 0 ? f->rc : rc;
    }
    if (!fs_exists(path)) {
        err_set(f->err, "training '%s' needs '%s', which is not there", f->t->name, path);
        return err_hint(f->err,
                        "name the target that makes it in %s, or correct %s (--input, --stdin)",
                        f->s->tree.ops->words->depends, f->s->tree.ops->words->inputs);
    }
    return workload_part_file(f, path);
}

/* One that names something of the source tree is an input: a script above all. The source directory
   itself, or one that holds ours, would be everything. */
static int workload_part_word(struct workload_files *f, const char *path)
{
    const struct tree *tree = &f->s->tree;
    const char *below = path_below(path, tree->source);
    bool input = below && *below && !path_below(path, tree->home) &&
                 (fs_is_file(path) || (fs_is_dir(path) && !path_below(tree->home, path)));
    return input ? workload_part_path(f, path) : 0;
}

static int workload_outside_word(struct workload_files *f, const char *path)
{
    char hex[HASH_HEX + 1];
    if (path_below(path, f->s->tree.source) || path_below(path, f->s->tree.dir) ||
        !fs_is_file(path))
        return 0;
    int rc = session_digest(f->s, path, hex, f->err);
    if (rc == 0)
        map_set(f->parts, path, hex);
    return rc;
}

/* What its words name, as seen from where it runs. */
static int workload_words(struct workload_files *f,
                          int (*each)(struct workload_files *f, const char *path))
{
    struct vec words = VEC_INIT;
    int rc = 0;
    training_words(f->t, &words);
    for (size_t i = 0; i < words.n; i++) {
        const char *word = words.v[i], *value = strchr(word, '=');
        const char *both[] = {word, value ? value + 1 : ""};
        for (size_t k = 0; k < PGO_COUNT(both) && rc == 0; k++) {
            if (!*both[k])
                continue;
            char *joined = path_join(f->t->cwd ? f->t->cwd : f->build, both[k]);
            char *path = path_abs(joined);
            rc = each(f, path);
            free(joined);
            free(path);
        }
    }
    vec_release(&words);
    return rc;
}

int workload_parts(const struct session *s, const struct training *t, const char *build,
                   struct map *parts, struct err *err)
{
    struct workload_files f = {s, t, build, parts, err, 0};
    int rc = 0;
    training_parts(t, parts);
    for (size_t i = 0; i < t->inputs.n && rc == 0; i++)
        rc = workload_part_path(&f, t->inputs.v[i]);
    if (rc == 0 && t->std_in)
        rc = workload_part_path(&f, t->std_in);
    return rc == 0 ? workload_words(&f, workload_part_word) : rc;
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

int workload_outside(const struct session *s, const struct training *t, const char *build,
                     struct map *files, struct err *err)
{
    struct workload_files f = {s, t, build, files, err, 0};
    return workload_words(&f, workload_outside_word);
}
