#include "deliver.h"

#include "fs.h"

#include <stdlib.h>
#include <string.h>

#define DELIVER_RECORD ".pgo"
#define DELIVER_PLACE "archive" /* a state record */

struct deliver {
    const char *option; /* that names the directory */
    char *dir;
    struct map files; /* name → where it comes from */
    struct map known; /* name → hashes of what we have put there */
};

static void deliver_release(struct deliver *d)
{
    free(d->dir);
    map_release(&d->files);
    map_release(&d->known);
}

int deliver_check_places(const struct session *s, struct err *err)
{
    const char *const options[] = {"profile-dir", "out-dir"};
    const char *const dirs[] = {s->options->profile_dir, s->options->out_dir};
    char *home = path_real(s->tree.home), *source = path_real(s->tree.source);
    int rc = 0;
    for (size_t i = 0; i < PGO_COUNT(dirs) && rc == 0; i++) {
        char *dir = dirs[i] ? path_real(dirs[i]) : NULL;
        if (dir && (path_below(home, dir) || path_below(dir, home) || strcmp(dir, source) == 0)) {
            rc = err_status(err, PGO_USAGE,
                            "'--%s': '%s' has the sources, the build or the stages in it",
                            options[i], dir);
            err_hint(err, "give it a directory of its own");
        }
        free(dir);
    }
    free(home);
    free(source);
    return rc;
}

static int deliver_open(struct deliver *d, const char *option, const char *dir, struct err *err)
{
    struct err damaged = ERR_INIT;
    *d = (struct deliver){
        .option = option, .dir = path_abs(dir), .files = MAP_INIT, .known = MAP_INIT};
    if (fs_exists(d->dir) && !fs_is_dir(d->dir))
        return err_status(err, PGO_USAGE, "'--%s': '%s' is not a directory", option, d->dir);
    char *path = path_join(d->dir, DELIVER_RECORD);
    record_read(path, &d->known, &damaged); /* without it nothing there is ours */
    err_release(&damaged);
    free(path);
    return 0;
}

/* Adds the hash of what is to be put under a name to those that are known; an error when something
   is there that is none of them. *same: it is there already. */
static int deliver_check(struct deliver *d, const char *name, const char *from, bool *same,
                         struct err *err)
{
    char now[HASH_HEX + 1], old[HASH_HEX + 1] = "";
    const char *known = map_get(&d->known, name);
    char *path = path_join(d->dir, name);
    struct err unread =
        ERR_INIT; /* then it is not ours: we put files there, or a directory of files */
    int rc = profile_hash(from, now, err);
    bool there = fs_exists(path);
    bool read = there && profile_hash(path, old, &unread) == 0;
    *same = read && strcmp(old, now) == 0;
    if (rc == 0 && there && !(read && known && strstr(known, old))) {
        rc = err_status(err, PGO_USAGE, "'%s' is there already and was not put there by pgo", path);
        err_hint(err, "it was left alone; give '--%s' another directory, or remove it yourself",
                 d->option);
    }
    if (rc == 0)
        map_setf(&d->known, name, "%s %s", old, now);
    err_release(&unread);
    free(path);
    return rc;
}

static int deliver_copy(const struct deliver *d, const char *name, const char *from,
                        struct err *err)
{
    char *to = path_join(d->dir, name), *made = str_fmt("%s.pgo-new", to);
    bool tree = fs_is_dir(from);
    int rc = fs_remove(made, err);
    if (rc == 0)
        rc = tree ? fs_copy_tree(from, made, err) : fs_copy(from, made, err);
    if (rc == 0 && tree)
        rc = fs_remove(to, err); /* a directory is not renamed over another */
    if (rc == 0)
        rc = fs_rename(made, to, err);
    free(to);
    free(made);
    return rc;
}

/* The record knows both what is there and what comes while files are replaced: one that a kill left
   half way is still known as ours. */
static int deliver_files(struct deliver *d, struct err *err)
{
    struct vec todo = VEC_INIT;
    char *record = path_join(d->dir, DELIVER_RECORD);
    int rc = 0;
    for (size_t i = 0; i < d->files.keys.n && rc == 0; i++) {
        bool same;
        rc = deliver_check(d, d->files.keys.v[i], d->files.values.v[i], &same, err);
        if (rc == 0 && !same)
            vec_add(&todo, d->files.keys.v[i]);
    }
    if (rc == 0 && todo.n)
        rc = fs_mkdirs(d->dir, err);
    if (rc == 0 && todo.n)
        rc = record_write(record, &d->known, err);
    for (size_t i = 0; i < todo.n && rc == 0; i++)
        rc = deliver_copy(d, todo.v[i], map_get(&d->files, todo.v[i]), err);
    vec_release(&todo);
    free(record);
    return rc;
}

int deliver_profile(const struct session *s, const struct profile *p, const char *dir,
                    struct err *err)
{
    struct deliver d;
    char *name = str_fmt("profile%s", s->tree.compiler.family->suffix);
    char *manifest = str_fmt("%s/profile/%s.manifest", s->tree.home, p->hash);
    int rc = deliver_open(&d, "profile-dir", dir, err);
    map_set(&d.files, name, p->path);
    map_set(&d.files, "profile.manifest", manifest);
    if (rc == 0)
        rc = deliver_files(&d, err);
    struct map m = MAP_INIT;
    map_set(&m, "dir", d.dir);
    if (rc == 0)
        rc = session_save(s, DELIVER_PLACE, &m, err);
    map_release(&m);
    free(name);
    free(manifest);
    deliver_release(&d);
    return rc;
}

char *deliver_place(const struct session *s)
{
    struct map m = MAP_INIT;
    session_record(s, DELIVER_PLACE, &m);
    char *dir = map_get(&m, "dir") ? str_dup(map_get(&m, "dir")) : NULL;
    map_release(&m);
    return dir;
}

bool deliver_holds(const struct session *s, const char *dir, const char *hash)
{
    struct err ignored = ERR_INIT;
    struct buf text = BUF_INIT;
    char have[HASH_HEX + 1], *line = str_fmt("\nprofile %s\n", hash);
    char *profile = str_fmt("%s/profile%s", dir, s->tree.compiler.family->suffix);
    char *manifest = path_join(dir, "profile.manifest");
    bool holds = fs_exists(profile) && profile_hash(profile, have, &ignored) == 0 &&
                 strcmp(have, hash) == 0 && fs_exists(manifest) &&
                 fs_read(manifest, &text, &ignored) == 0 && strstr(buf_str(&text), line);
    err_release(&ignored);
    buf_release(&text);
    free(line);
    free(profile);
    free(manifest);
    return holds;
}

int deliver_programs(const struct stage *stage, const struct model *m, const char *dir,
                     struct err *err)
{
    struct deliver d;
    int rc = deliver_open(&d, "out-dir", dir, err);
    for (size_t i = 0; i < m->targets_n && rc == 0; i++) {
        const struct target *t = &m->targets[i];
        const char *name = path_base(t->artifact), *other = map_get(&d.files, name);
        if (!target_is_linked(t) || !fs_is_file(t->artifact))
            continue;
        if (other && strcmp(other, t->artifact) != 0) {
            rc = err_status(err, PGO_USAGE, "'--out-dir': '%s' and '%s' have one file name", other,
                            t->artifact);
            err_hint(err, "take them from '%s', or let 'pgo install' put them in their places",
                     stage->dir);
        }
        map_set(&d.files, name, t->artifact);
    }
    if (rc == 0)
        rc = deliver_files(&d, err);
    deliver_release(&d);
    return rc;
}
