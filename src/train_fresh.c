/* Whether a training's last run still stands: its key, the files that it names, the programs that
   wrote its profile. */
#include "fs.h"
#include "msg.h"
#include "train_run.h"

#include <stdlib.h>
#include <string.h>

struct train_files {
    struct train_run *r;
    int rc;
};

/* A file's content, under its name. */
static int train_part_file(struct train_run *r, const char *path)
{
    char hex[HASH_HEX + 1], *name = str_fmt("the file %s", path);
    int rc = session_digest(r->s, path, hex, &r->err);
    if (rc == 0)
        parts_hex(&r->parts, name, hex);
    free(name);
    return rc;
}

static bool train_part_visit(const char *path, const struct stat *st, void *arg)
{
    struct train_files *f = arg;
    if (S_ISREG(st->st_mode) && f->rc == 0)
        f->rc = train_part_file(f->r, path);
    return true;
}

/* Of a directory, all files below it. */
static int train_part_path(struct train_run *r, const char *path)
{
    if (fs_is_dir(path)) {
        struct train_files files = {r, 0};
        int rc = fs_walk(path, train_part_visit, &files, &r->err);
        return rc == 0 ? files.rc : rc;
    }
    if (!fs_exists(path)) {
        err_set(&r->err, "training '%s' needs '%s', which is not there", r->t->name, path);
        return err_hint(&r->err,
                        "name the target that makes it in %s, or correct %s (--input, --stdin)",
                        r->s->tree.ops->words->depends, r->s->tree.ops->words->inputs);
    }
    return train_part_file(r, path);
}

/* What a word of its commands names, as seen from where it runs; the caller frees it. */
static char *train_named(const struct train_run *r, const char *word)
{
    char *joined = path_join(r->t->cwd ? r->t->cwd : r->place->build, word);
    char *path = path_abs(joined);
    free(joined);
    return path;
}

/* One that names something of the source tree is an input: a training script above all. The source
   directory itself, or one that holds ours, would be everything. */
static int train_part_word(struct train_run *r, const char *path)
{
    const struct tree *tree = &r->s->tree;
    const char *below = path_below(path, tree->source);
    bool input = below && *below && !path_below(path, tree->home) &&
                 (fs_is_file(path) || (fs_is_dir(path) && !path_below(tree->home, path)));
    return input ? train_part_path(r, path) : 0;
}

/* Files that lie elsewhere, but not in the user's build, with what they hold. */
static int train_note_word(struct train_run *r, const char *path, struct map *outside)
{
    char hex[HASH_HEX + 1];
    if (path_below(path, r->s->tree.source) || path_below(path, r->s->tree.dir) ||
        !fs_is_file(path))
        return 0;
    int rc = session_digest(r->s, path, hex, &r->err);
    if (rc == 0)
        map_set(outside, path, hex);
    return rc;
}

/* What the words name: parts of ours, or, into the map when it is there, files elsewhere. */
static int train_words(struct train_run *r, struct map *outside)
{
    struct vec words = VEC_INIT;
    int rc = 0;
    training_words(r->t, &words);
    for (size_t i = 0; i < words.n; i++) {
        const char *word = words.v[i], *value = strchr(word, '=');
        const char *both[] = {word, value ? value + 1 : ""};
        for (size_t k = 0; k < PGO_COUNT(both) && rc == 0; k++) {
            char *path = *both[k] ? train_named(r, both[k]) : NULL;
            if (path)
                rc = outside ? train_note_word(r, path, outside) : train_part_word(r, path);
            free(path);
        }
    }
    vec_release(&words);
    return rc;
}

static int train_parts(struct train_run *r)
{
    char *atomic = str_fmt("%d", (int)r->s->atomic);
    int rc = 0;
    parts_text(&r->parts, "the compiler", r->s->compiler_stamp);
    parts_text(&r->parts, "how counts are added (--atomic)", atomic);
    parts_text(&r->parts, "the configuration", r->s->tree.config);
    training_parts(r->t, &r->parts);
    for (size_t i = 0; i < r->t->inputs.n && rc == 0; i++)
        rc = train_part_path(r, r->t->inputs.v[i]);
    if (rc == 0 && r->t->std_in)
        rc = train_part_path(r, r->t->std_in);
    free(atomic);
    return rc == 0 ? train_words(r, NULL) : rc;
}

const struct artifact *train_artifact(const struct artifacts *all, const char *path)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->v[i].path, path) == 0)
            return &all->v[i];
    return NULL;
}

/* Which of the programs that wrote the last profile is another one now: of all there were, when
   none of them did (train_keep). */
static char *train_other_program(const struct train_run *r)
{
    for (size_t i = 0; i < r->record.keys.n; i++) {
        const char *key = r->record.keys.v[i];
        if (!str_starts(key, "program:"))
            continue;
        const struct artifact *a = train_artifact(r->artifacts, key + strlen("program:"));
        if (!a || strcmp(a->hash, r->record.values.v[i]) != 0)
            return str_fmt("its program %s %s", path_base(key), a ? "changed" : "is gone");
    }
    return NULL;
}

/* Which of the files outside that the last run only read is another one now. */
static char *train_other_file(const struct train_run *r)
{
    for (size_t i = 0; i < r->record.keys.n; i++) {
        const char *key = r->record.keys.v[i];
        if (str_starts(key, "file:") &&
            !record_is(&r->outside, key + strlen("file:"), r->record.values.v[i]))
            return str_fmt("the file %s changed", key + strlen("file:"));
    }
    return NULL;
}

int train_note_files(struct train_run *r, struct map *m)
{
    struct map now = MAP_INIT;
    int rc = train_words(r, &now);
    for (size_t i = 0; i < now.keys.n; i++) {
        char *key = str_fmt("file:%s", now.keys.v[i]);
        if (record_is(&r->outside, now.keys.v[i], now.values.v[i]))
            map_set(m, key, now.values.v[i]);
        free(key);
    }
    map_release(&now);
    return rc;
}

/* Why its last run does not stand. */
static char *train_stale(const struct train_run *r, const char *raw)
{
    if (!parts_kept(&r->record))
        return str_dup("it was not run yet");
    char *why = parts_changed(&r->parts, &r->record), *print = fs_stamp_all(raw);
    if (!why)
        why = train_other_file(r);
    if (!why)
        why = train_other_program(r);
    if (!why && !record_is(&r->record, "raw", print))
        why = str_dup("its raw profiles are not as it left them");
    free(print);
    return why;
}

void train_look(struct train_run *r)
{
    struct err why = ERR_INIT;
    if (train_parts(r) != 0)
        return;
    char *path = path_join(r->dir, "record"), *raw = path_join(r->dir, "raw");
    if (record_read(path, &r->record, &why) == RECORD_DAMAGED) {
        msg_warn("%s; training '%s' is run again", why.msg, r->t->name);
        r->why = str_dup(why.msg);
    }
    if (train_words(r, &r->outside) == 0 && !r->why)
        r->why = train_stale(r, raw);
    r->fresh = !r->why && !r->err.msg;
    err_release(&why);
    free(path);
    free(raw);
}
