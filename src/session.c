#include "session.h"

#include "fs.h"
#include "given.h"
#include "msg.h"
#include "proc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SESSION_MIN_MATCH 50 /* per cent; PGO.cmake has it too */

char *session_log(const struct session *s, const char *name)
{
    return str_fmt("%s/log/%s.log", s->tree.home, name);
}

void session_record(const struct session *s, const char *name, struct map *out)
{
    struct err why = ERR_INIT;
    char *path = tree_path(&s->tree, "state", name);
    if (record_read(path, out, &why) == RECORD_DAMAGED)
        msg_warn("%s; what it recorded is done again", why.msg);
    err_release(&why);
    free(path);
}

int session_save(const struct session *s, const char *name, const struct map *m, struct err *err)
{
    char *path = tree_path(&s->tree, "state", name);
    int rc = record_write(path, m, err);
    free(path);
    return rc;
}

int session_forget(const struct session *s, const char *name, struct err *err)
{
    char *path = tree_path(&s->tree, "state", name);
    int rc = fs_remove(path, err);
    free(path);
    return rc;
}

/* As git's index does: a file whose size, time and inode are the same is not read again. */
int session_digest(const struct session *s, const char *path, char hex[HASH_HEX + 1],
                   struct err *err)
{
    char *stamp = fs_stamp(path);
    const char *known = record_stamped(s->digests, path, stamp);
    int rc = 0;
    if (known && strlen(known) == HASH_HEX) {
        memcpy(hex, known, HASH_HEX + 1);
    } else {
        rc = hash_file(path, hex, err);
        if (rc == 0) {
            map_setf(s->digests, path, "%s %s", stamp, hex);
            map_set(s->digests, "", "changed");
        }
    }
    free(stamp);
    return rc;
}

/* The table is a cache: losing it costs time only. */
static void session_save_digests(struct session *s)
{
    struct map now = MAP_INIT;
    struct err ignored = ERR_INIT;
    if (map_get(s->digests, "") && s->lock.fd >= 0) {
        for (size_t i = 0; i < s->digests->keys.n; i++)
            if (*s->digests->keys.v[i] && fs_exists(s->digests->keys.v[i]))
                map_set(&now, s->digests->keys.v[i], s->digests->values.v[i]);
        session_save(s, "digests", &now, &ignored);
    }
    map_release(&now);
    map_release(s->digests);
    free(s->digests);
    err_release(&ignored);
}

/* `option` is from the command line, where it is called --<name>; `word` is the front end's. */
static int session_percent(const struct session *s, const char *option, const char *key,
                           const char *name, const char *word, double fallback, double *out,
                           struct err *err)
{
    const char *text = option ? option : map_get(&s->plan.settings, key);
    *out = fallback;
    if (text && *text && !str_double(text, 0, 100, out))
        return err_status(err, PGO_USAGE, "%s (--%s) must be a percentage from 0 to 100, not '%s'",
                          word, name, text);
    return 0;
}

static int session_settings(struct session *s, struct err *err)
{
    const struct options *o = s->options;
    const char *dataset = o->dataset ? o->dataset : map_get(&s->plan.settings, "dataset");
    const char *atomic = o->atomic ? o->atomic : map_get(&s->plan.settings, "atomic");
    s->dataset = str_dup(dataset && *dataset ? dataset : "full");
    const struct tree_words *words = s->tree.ops->words;
    int rc = session_percent(s, o->min_match, "min_match", "min-match", words->min_match,
                             SESSION_MIN_MATCH, &s->min_match, err);
    if (rc == 0)
        rc = session_percent(s, o->min_coverage, "min_coverage", "min-coverage",
                             words->min_coverage, 0, &s->min_coverage, err);
    if (rc == 0)
        rc = session_percent(s, o->max_dropped, "max_dropped", "max-dropped", words->max_dropped,
                             10, &s->max_dropped, err);
    if (rc == 0)
        rc = given_iterations(&o->declared, &s->iterations, err);
    vec_all(&s->only, &o->only);
    if (strcmp(o->command, "test") != 0) /* its argument names tests */
        vec_all(&s->only, &o->args);
    if (rc == 0 && atomic && *atomic)
        rc = family_atomic(atomic, words->atomic, &s->atomic, err);
    s->match_asked = s->min_match > 0 && (o->min_match || s->min_match != SESSION_MIN_MATCH);
    return rc;
}

/* Asks a compiler for its version, unless it is known of this very file, and adds to `stamp` what
   tells whether it is another one: its file, and its answer, since the file may be that of a
   wrapper. */
static int session_ask(struct compiler *c, struct map *known, bool *changed, struct buf *stamp,
                       struct err *err)
{
    char *file = fs_stamp(c->path);
    bool itself = family_is_itself(c->path);
    const char *says = itself ? record_stamped(known, c->path, file) : NULL;
    int rc = family_version(c, says, err);
    if (rc == 0)
        buf_addf(stamp, "%s %s %s\n", c->path, file, c->says);
    if (rc == 0 && itself && !says) {
        map_setf(known, c->path, "%s %s", file, c->says);
        *changed = true;
    }
    free(file);
    return rc;
}

static int session_compiler(struct session *s, bool write, struct err *err)
{
    struct map known = MAP_INIT;
    struct buf stamp = BUF_INIT;
    struct compiler *c = &s->tree.compiler;
    session_record(s, "compilers", &known);
    bool changed = false;
    int rc = session_ask(c, &known, &changed, &stamp, err);
    if (rc == 0 && s->tree.other.path)
        rc = session_ask(&s->tree.other, &known, &changed, &stamp, err);
    if (rc == 0 && write && changed)
        rc = session_save(s, "compilers", &known, err);
    map_release(&known);
    if (rc == 0)
        rc = family_check_age(c, err);
    s->compiler_stamp = buf_detach(&stamp);
    return rc;
}

/* The mark comes with the folder, so that a folder of ours never lacks it. */
static int session_make_home(const struct session *s, struct err *err)
{
    char *made = str_fmt("%s.new.%ld", s->tree.home, (long)getpid());
    char *state = path_join(made, "state");
    char *mark = path_join(state, "pgo");
    int rc = fs_remove(made, err);
    if (rc == 0)
        rc = fs_mkdirs(state, err);
    if (rc == 0)
        rc = fs_replace(mark, "made by pgo\n", strlen("made by pgo\n"), err);
    if (rc == 0)
        rc = fs_rename(made, s->tree.home, err);
    if (rc != 0) {
        struct err second = ERR_INIT;
        fs_remove(made, &second);
        err_release(&second);
    }
    if (rc != 0 && fs_exists(s->tree.home)) { /* another pgo was faster */
        err_release(err);
        *err = (struct err)ERR_INIT;
        rc = 0;
    }
    free(made);
    free(state);
    free(mark);
    return rc;
}

static int session_folder(struct session *s, struct err *err)
{
    static const char *const folders[] = {"state", "train", "profile", "log", "scratch"};
    if (!fs_exists(s->tree.home) && !str_ends(s->tree.home, "/pgo"))
        msg_note("'%s/pgo' is the project's own: the stages are in '%s'", s->tree.dir,
                 s->tree.home);
    int rc = fs_exists(s->tree.home) ? 0 : session_make_home(s, err);
    for (size_t i = 0; i < PGO_COUNT(folders) && rc == 0; i++) {
        char *path = tree_path(&s->tree, folders[i], NULL);
        rc = fs_mkdirs(path, err);
        free(path);
    }
    char *ignore = tree_path(&s->tree, ".gitignore", NULL);
    if (rc == 0 && !fs_exists(ignore))
        rc = fs_replace(ignore, "*\n", 2, err);
    free(ignore);
    return rc;
}

/* The folder may be removed by `pgo clean` while we wait for the lock in it. */
static int session_lock(struct session *s, struct err *err)
{
    char *path = tree_path(&s->tree, "state", "lock");
    int rc;
    do {
        rc = session_folder(s, err);
        if (rc == 0)
            rc = lock_take(&s->lock, path, s->options->command, !s->options->no_wait, err);
    } while (rc == 1);
    free(path);
    return rc;
}

/* What is forgotten is so at once; what is added must be proven first. */
static int session_given(struct session *s, bool write, struct err *err)
{
    char *path = tree_path(&s->tree, "state", "given");
    int rc = given_read(path, &s->given, err);
    if (rc == 0 && write) {
        struct vec forgotten = VEC_INIT;
        int any = given_forget(&s->given, &s->options->declared, &forgotten, err);
        rc = any > 0 ? given_write(path, &s->given, err) : any;
        for (size_t i = 0; i < forgotten.n && rc == 0; i++)
            msg_note("forgotten: %s", forgotten.v[i]);
        vec_release(&forgotten);
        any = rc == 0 ? given_add(&s->given, &s->plan, &s->options->declared, err) : 0;
        s->given_new = any > 0;
        rc = any < 0 ? -1 : rc;
    }
    free(path);
    return rc;
}

bool session_chooses(const struct session *s, const char *training)
{
    return !s->only.n || vec_has(&s->only, training);
}

int session_remember(struct session *s, struct err *err)
{
    char *path = tree_path(&s->tree, "state", "given");
    int rc = s->given_new ? given_write(path, &s->given, err) : 0;
    s->given_new = s->given_new && rc != 0;
    free(path);
    return rc;
}

/* Profile runtimes take a '%' in a path for a variable: they get our folder by a link without one.
 */
static int session_alias(struct session *s, struct err *err)
{
    char hex[HASH_HEX + 1];
    struct stat st;
    if (!strchr(s->tree.home, '%'))
        return 0;
    hash_text(s->tree.home, strlen(s->tree.home), hex);
    char *alias = str_fmt("/tmp/pgo-%lu-%s", (unsigned long)geteuid(), hex);
    int failed = symlink(s->tree.home, alias) == 0 ? 0 : errno;
    /* That of a driver that was killed will do. */
    char *target = realpath(alias, NULL), *home = realpath(s->tree.home, NULL);
    bool ours = (!failed || failed == EEXIST) && lstat(alias, &st) == 0 && S_ISLNK(st.st_mode) &&
                st.st_uid == geteuid() && target && home && strcmp(target, home) == 0;
    free(target);
    free(home);
    if (ours) {
        s->alias = alias;
        return 0;
    }
    err_sys(err, failed, NULL, "cannot link '%s' to '%s'", alias, s->tree.home);
    free(alias);
    return err_hint(err, "profiles are written by that link, since the path has a '%%'");
}

void session_run_env(const struct session *s, const struct flag_place *place, const char *raw,
                     const char *log, struct vec *env)
{
    const char *below = path_below(raw, s->tree.home), *log_below = path_below(log, s->tree.home);
    char *by = s->alias && below ? path_join(s->alias, below) : str_dup(raw);
    char *log_by = s->alias && log_below ? path_join(s->alias, log_below) : str_dup(log);
    s->tree.compiler.family->run_env(place, by, log_by, env);
    proc_set_env(env, "PGO_RAW", raw); /* of our own runtime */
    free(by);
    free(log_by);
}

int session_open(struct session *s, const struct options *o, bool write, struct err *err)
{
    memset(s, 0, sizeof(*s));
    s->options = o;
    s->lock.fd = -1;
    s->digests = mem_alloc(sizeof(*s->digests));
    int rc = tree_open(&s->tree, o->dir, o->config, err);
    if (rc == 0 && write)
        rc = session_lock(s, err);
    if (rc == 0 && write)
        rc = session_alias(s, err);
    if (rc == 0)
        rc = s->tree.ops->plan(&s->tree, s->tree.dir, &s->plan, err);
    if (rc == 0)
        rc = session_given(s, write, err);
    if (rc == 0)
        rc = session_settings(s, err);
    if (rc == 0)
        rc = session_compiler(s, write, err);
    if (rc == 0)
        session_record(s, "digests", s->digests);
    if (rc != 0)
        session_close(s);
    return rc;
}

void session_close(struct session *s)
{
    plan_release(&s->plan);
    plan_release(&s->given);
    session_save_digests(s);
    if (s->tree.ops)
        tree_close(&s->tree);
    if (s->alias)
        unlink(s->alias);
    free(s->alias);
    free(s->runtime);
    lock_release(&s->lock);
    free(s->dataset);
    vec_release(&s->only);
    free(s->compiler_stamp);
    memset(s, 0, sizeof(*s));
    s->lock.fd = -1;
}
