/* Whether a training's last run still stands: its key, the files that it names, the programs that
   wrote its profile. */
#include "fs.h"
#include "msg.h"
#include "train_run.h"

#include <stdlib.h>
#include <string.h>

static int train_hash_file(struct train_run *r, const char *path, struct hash *h);

struct train_files {
    struct train_run *r;
    struct hash *h;
    int rc;
};

static bool train_hash_visit(const char *path, const struct stat *st, void *arg)
{
    struct train_files *f = arg;
    if (S_ISREG(st->st_mode) && f->rc == 0)
        f->rc = train_hash_file(f->r, path, f->h);
    return true;
}

/* A file's name and content; of a directory, all files below it. */
static int train_hash_file(struct train_run *r, const char *path, struct hash *h)
{
    char hex[HASH_HEX + 1];
    hash_str(h, path);
    if (fs_is_dir(path)) {
        struct train_files files = {r, h, 0};
        int rc = fs_walk(path, train_hash_visit, &files, &r->err);
        return rc == 0 ? files.rc : rc;
    }
    if (!fs_exists(path)) {
        err_set(&r->err, "training '%s' needs '%s', which is not there", r->t->name, path);
        return err_hint(&r->err,
                        "name the target that makes it in %s, or correct %s (--input, --stdin)",
                        r->s->tree.ops->words->depends, r->s->tree.ops->words->inputs);
    }
    if (session_digest(r->s, path, hex, &r->err) != 0)
        return -1;
    hash_str(h, hex);
    return 0;
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
static int train_hash_word(struct train_run *r, const char *path, struct hash *h)
{
    const struct tree *tree = &r->s->tree;
    const char *below = path_below(path, tree->source);
    bool input = below && *below && !path_below(path, tree->home) &&
                 (fs_is_file(path) || (fs_is_dir(path) && !path_below(tree->home, path)));
    return input ? train_hash_file(r, path, h) : 0;
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

/* Into the hash, or into the map: whichever is there. */
static int train_words(struct train_run *r, struct hash *h, struct map *outside)
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
                rc = h ? train_hash_word(r, path, h) : train_note_word(r, path, outside);
            free(path);
        }
    }
    vec_release(&words);
    return rc;
}

/* What the training's profile depends on, without the programs that it runs. */
static int train_key(struct train_run *r)
{
    struct hash h;
    int rc = 0;
    hash_init(&h);
    hash_str(&h, r->s->compiler_stamp);
    hash_add(&h, &r->s->atomic, sizeof(r->s->atomic));
    training_hash(r->t, &h);
    hash_str(&h, r->s->tree.config);
    for (size_t i = 0; i < r->t->inputs.n && rc == 0; i++)
        rc = train_hash_file(r, r->t->inputs.v[i], &h);
    if (rc == 0 && r->t->std_in)
        rc = train_hash_file(r, r->t->std_in, &h);
    if (rc == 0)
        rc = train_words(r, &h, NULL);
    hash_hex(&h, r->key);
    return rc;
}

const struct artifact *train_artifact(const struct artifacts *all, const char *path)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->v[i].path, path) == 0)
            return &all->v[i];
    return NULL;
}

/* Whether the programs that wrote the last profile are still the same: all there were, when none of
   them did (train_keep). */
static bool train_same_programs(const struct train_run *r)
{
    for (size_t i = 0; i < r->record.keys.n; i++) {
        const char *key = r->record.keys.v[i];
        if (!str_starts(key, "program:"))
            continue;
        const struct artifact *a = train_artifact(r->artifacts, key + strlen("program:"));
        if (!a || strcmp(a->hash, r->record.values.v[i]) != 0)
            return false;
    }
    return true;
}

/* Whether the files outside that the last run only read are still the same. */
static bool train_same_files(const struct train_run *r)
{
    for (size_t i = 0; i < r->record.keys.n; i++) {
        const char *key = r->record.keys.v[i];
        if (str_starts(key, "file:") &&
            !record_is(&r->outside, key + strlen("file:"), r->record.values.v[i]))
            return false;
    }
    return true;
}

int train_note_files(struct train_run *r, struct map *m)
{
    struct map now = MAP_INIT;
    int rc = train_words(r, NULL, &now);
    for (size_t i = 0; i < now.keys.n; i++) {
        char *key = str_fmt("file:%s", now.keys.v[i]);
        if (record_is(&r->outside, now.keys.v[i], now.values.v[i]))
            map_set(m, key, now.values.v[i]);
        free(key);
    }
    map_release(&now);
    return rc;
}

void train_look(struct train_run *r)
{
    struct err why = ERR_INIT;
    if (train_key(r) != 0)
        return;
    char *path = path_join(r->dir, "record"), *raw = path_join(r->dir, "raw");
    if (record_read(path, &r->record, &why) == RECORD_DAMAGED)
        msg_warn("%s; training '%s' is run again", why.msg, r->t->name);
    char *print = fs_stamp_all(raw);
    r->fresh = train_words(r, NULL, &r->outside) == 0 && train_same_files(r) &&
               record_is(&r->record, "key", r->key) && record_is(&r->record, "raw", print) &&
               train_same_programs(r);
    err_release(&why);
    free(path);
    free(raw);
    free(print);
}
