/* Makes a Meson stage tree, puts the stage's flags into its build.ninja, builds and installs it. */
#include "command.h"
#include "fs.h"
#include "meson_ninja.h"
#include "msg.h"
#include "proc.h"
#include "record.h"
#include "tool.h"
#include "tree_meson.h"

#include <stdlib.h>
#include <string.h>

#define MESON_PLAIN_NINJA "build.ninja.meson" /* as Meson wrote it */
#define MESON_CONFIGURED "pgo.configured"     /* a record: by what Meson came to its end */

static const char *const meson_pgo[] = {"off", "generate", "use"}; /* by enum phase */

/* Build types that say nothing of optimization, where nothing else asks for it, are replaced in the
   stages: a project would be profiled and "optimized" at -O0. */
static bool meson_replaces_type(const struct tree *t)
{
    const char *type = meson_option(t, "buildtype");
    return (strcmp(type, "plain") == 0 || strcmp(type, "debug") == 0) &&
           !commands_optimized(t->dir, MESON_DRIVER_FLAG);
}

/* The options in which a stage is not what the user's tree is. Nothing is downloaded for a stage:
   what the user's tree has is there. */
static void meson_own_options(const struct tree *t, const struct stage *s, struct map *out)
{
    const struct meson_tree *m = t->state;
    if (m->takes_b_pgo)
        map_set(out, "b_pgo", meson_pgo[s->phase]);
    if (strcmp(meson_option(t, "wrap_mode"), "default") == 0)
        map_set(out, "wrap_mode", "nodownload");
    if (meson_replaces_type(t)) {
        map_set(out, "buildtype", "release");
        map_set(out, "debug", "false");
        map_set(out, "optimization", "3");
    }
}

/* What an option should be in a stage, or NULL when that is not known. "<subproject>:<option>"
   (Meson 1.7) follows the one of the main project, unless it had a value of its own. */
static const char *meson_wanted(const struct tree *t, const struct map *own, const char *name)
{
    const struct meson_tree *m = t->state;
    const char *colon = strchr(name, ':'), *user = map_get(&m->options, name);
    const char *plain = colon ? colon + 1 : name;
    const char *ours = map_get(own, plain);
    bool follows = ours && user && strcmp(user, meson_option(t, plain)) == 0;
    if (follows && str_starts(name, "pgo:"))
        return NULL;
    return follows ? ours : user;
}

/* Names of options that came out otherwise in the stage than they should. */
static int meson_differences(const struct tree *t, const struct stage *s, const struct map *own,
                             struct vec *names, struct err *err)
{
    struct map now = MAP_INIT;
    int rc = meson_options(s->dir, &now, err);
    for (size_t i = 0; i < now.keys.n && rc == 0; i++) {
        const char *name = now.keys.v[i], *wanted = meson_wanted(t, own, name);
        if (wanted && strcmp(wanted, now.values.v[i]) != 0)
            vec_add(names, name);
    }
    map_release(&now);
    return rc;
}

/* Where no machine file names the compilers, as the environment did when the tree was configured.
 */
static void meson_compiler_env(const struct meson_tree *m, struct vec *env)
{
    static const char *const names[] = {"CC", "CXX"};
    for (size_t i = 0; i < PGO_COUNT(names); i++) {
        char *words = vec_quoted(&m->compilers[i]);
        if (*words)
            proc_set_env(env, names[i], words);
        free(words);
    }
}

/* Runs a command of the tree's own Meson; its last words are `rest`. */
static int meson_run(const struct tree *t, const struct stage *s, const char *const *start,
                     const struct map *options, const char *const *rest, const char *log,
                     struct err *err)
{
    const struct meson_tree *m = t->state;
    struct vec words = VEC_INIT, env = VEC_INIT;
    vec_all(&words, &m->command);
    vec_words(&words, start);
    for (size_t i = 0; options && i < options->keys.n; i++)
        vec_addf(&words, "-D%s=%s", options->keys.v[i], options->values.v[i]);
    vec_words(&words, rest);
    proc_clean_env(&env);
    meson_compiler_env(m, &env);
    char *what = str_fmt("configuring the stage '%s'", s->name);
    /* Meson 1.0 has ninja mend the logs of the directory that it runs in: not those of the user's
       build, when that is where we are. */
    char *neutral = tree_path(t, "scratch", NULL);
    int rc = tool_run(&words, neutral, &env, log, what, err);
    free(neutral);
    free(what);
    vec_release(&words);
    vec_release(&env);
    return rc;
}

/* What Meson found out; not its build.dat, by which it would work on the user's tree. */
static int meson_copy(const struct tree *t, const struct stage *s, struct err *err)
{
    static const char *const files[] = {"coredata.dat", "cmd_line.txt"};
    char *from = path_join(t->dir, "meson-private"), *to = path_join(s->dir, "meson-private");
    int rc = fs_mkdirs(to, err);
    for (size_t i = 0; i < PGO_COUNT(files) && rc == 0; i++) {
        char *source = path_join(from, files[i]), *copy = path_join(to, files[i]);
        rc = fs_copy(source, copy, err);
        free(source);
        free(copy);
    }
    free(from);
    free(to);
    return rc;
}

/* Meson 1.0 takes no options when it reconfigures, and `meson configure` wants a build.dat: that of
   an empty project in the stage's place. Reconfiguring twice instead would take twice as long. */
static int meson_copy_set(const struct tree *t, const struct stage *s, const struct map *own,
                          const char *log, struct err *err)
{
    static const char text[] = "project('stage')\n";
    const char *const setup[] = {"setup", NULL}, *const configure[] = {"configure", NULL};
    char *empty = tree_path(t, "scratch", "empty"), *file = path_join(empty, "meson.build");
    const char *const both[] = {s->dir, empty, NULL}, *const stage[] = {s->dir, NULL};
    int rc = fs_mkdirs(empty, err);
    if (rc == 0)
        rc = fs_replace(file, text, strlen(text), err);
    if (rc == 0)
        rc = meson_run(t, s, setup, NULL, both, log, err);
    if (rc == 0)
        rc = meson_copy(t, s, err);
    if (rc == 0)
        rc = meson_run(t, s, configure, own, stage, log, err);
    free(empty);
    free(file);
    return rc;
}

static int meson_clone(const struct tree *t, const struct stage *s, const struct map *own,
                       const char *log, struct err *err)
{
    const struct meson_tree *m = t->state;
    const char *const setup[] = {"setup", "--reconfigure", NULL};
    const char *const both[] = {s->dir, t->source, NULL};
    bool set_before = str_starts(m->version, "1.0.");
    char *private = path_join(s->dir, "meson-private");
    int rc = fs_remove(private, err);
    if (rc == 0)
        rc = set_before ? meson_copy_set(t, s, own, log, err) : meson_copy(t, s, err);
    if (rc == 0)
        rc = meson_run(t, s, setup, set_before ? NULL : own, both, log, err);
    free(private);
    return rc;
}

/* Another Meson under the same name cannot read what the first wrote, or begins from nothing. */
static int meson_same_version(const struct tree *t, const char *version, struct err *err)
{
    const struct meson_tree *m = t->state;
    if (strcmp(version, m->version) == 0)
        return 0;
    err_release(err);
    err_set(err, "'%s' was configured by Meson %s, and '%s' is Meson %s now", t->dir, m->version,
            m->command.v[0], version);
    return err_hint(err, "configure it again: meson setup --wipe '%s' '%s'", t->dir, t->source);
}

/* When a stage cannot be configured that may be why; its start takes too long to ask each time. */
static int meson_ask_version(const struct tree *t, struct err *err)
{
    const struct meson_tree *m = t->state;
    struct vec words = VEC_INIT;
    struct buf out = BUF_INIT;
    struct err ignored = ERR_INIT;
    int status, rc = 0;
    vec_all(&words, &m->command);
    vec_add(&words, "--version");
    if (proc_capture(&words, &out, &status, &ignored) == 0 && proc_ok(status)) {
        char *version = str_ndup(buf_str(&out), strcspn(buf_str(&out), "\n"));
        rc = meson_same_version(t, version, err);
        free(version);
    }
    err_release(&ignored);
    vec_release(&words);
    buf_release(&out);
    return rc;
}

/* The environment may have named the compilers when the user's tree was configured. */
static int meson_verify_compilers(const struct tree *t, const struct stage *s, struct err *err)
{
    const struct meson_tree *m = t->state;
    struct buf ninja = BUF_INIT;
    char *path = path_join(s->dir, MESON_NINJA_FILE);
    int rc = fs_read(path, &ninja, err);
    for (size_t i = 0; i < PGO_COUNT(meson_languages) && rc == 0; i++) {
        struct vec now = VEC_INIT;
        meson_compiler_words(buf_str(&ninja), meson_languages[i], &now);
        if (m->compilers[i].n && now.n && !vec_same(&m->compilers[i], &now)) {
            char *wanted = vec_join(&m->compilers[i], " "), *got = vec_join(&now, " ");
            rc = err_set(err, "the stage '%s' has the compiler '%s', and '%s' has '%s'", s->name,
                         got, t->dir, wanted);
            free(wanted);
            free(got);
        }
        vec_release(&now);
    }
    free(path);
    buf_release(&ninja);
    return rc;
}

/* A stage that is not what the user's tree is would be no answer. */
static int meson_verify(const struct tree *t, const struct stage *s, const struct map *own,
                        struct err *err)
{
    struct vec different = VEC_INIT;
    struct json info;
    if (meson_read(s->dir, "meson-info", &info, err) != 0)
        return -1;
    int rc = meson_same_version(t, json_str(json_get(&info, "meson_version"), "full"), err);
    json_release(&info);
    if (rc == 0)
        rc = meson_differences(t, s, own, &different, err);
    if (rc == 0 && different.n) {
        char *names = vec_some(&different, 5);
        rc = err_set(err, "the stage '%s' has other values than '%s' for: %s", s->name, t->dir,
                     names);
        free(names);
    }
    vec_release(&different);
    return rc == 0 ? meson_verify_compilers(t, s, err) : rc;
}

/* From the recorded command line, as `meson setup --wipe` does, and with what the environment gave
   when the user's tree was configured. */
static int meson_afresh(const struct tree *t, const struct stage *s, struct map *own,
                        const char *log, struct err *err)
{
    static const char *const setup[] = {"setup", "--wipe", NULL};
    static const char *const flags[] = {"c_args", "cpp_args", "c_link_args", "cpp_link_args"};
    const char *const both[] = {s->dir, t->source, NULL};
    char *from = path_join(t->dir, "meson-private/cmd_line.txt");
    char *to = path_join(s->dir, "meson-private/cmd_line.txt"), *dir = path_dir(to);
    for (size_t i = 0; i < PGO_COUNT(flags); i++)
        if (*meson_option(t, flags[i]))
            map_set(own, flags[i], meson_option(t, flags[i]));
    int rc = fs_remove(s->dir, err);
    if (rc == 0)
        rc = fs_mkdirs(dir, err);
    if (rc == 0)
        rc = fs_copy(from, to, err);
    if (rc == 0)
        rc = meson_run(t, s, setup, own, both, log, err);
    if (rc == 0)
        rc = meson_verify(t, s, own, err);
    free(from);
    free(to);
    free(dir);
    return rc;
}

/* The directories of objects that the command line excludes. */
static int meson_excluded(const struct stage *s, struct vec *out, struct err *err)
{
    struct model all = MODEL_INIT;
    int rc = s->excluded->n ? meson_targets(s, &all, err) : 0;
    for (size_t i = 0; i < all.targets_n; i++) {
        char *dir =
            vec_has(s->excluded, all.targets[i].name) ? meson_private(s, &all.targets[i]) : NULL;
        if (dir)
            vec_take(out, dir);
    }
    model_release(&all);
    return rc;
}

/* "# pgo <hash>": the first line of a build.ninja that has the flags with that hash. */
static char *meson_mark(const struct stage *s)
{
    const struct vec *lists[] = {&s->flags.compile, &s->flags.object, &s->flags.link,
                                 &s->flags.others, s->excluded};
    struct hash h;
    char hex[HASH_HEX + 1];
    hash_init(&h);
    hash_str(&h, PGO_VERSION);
    for (size_t i = 0; i < PGO_COUNT(lists); i++)
        hash_vec(&h, lists[i]);
    hash_hex(&h, hex);
    return str_fmt("# pgo %s\n", hex);
}

/* Puts the stage's flags where Meson put those of b_pgo, or everywhere, when they are not there.
   What Meson wrote is kept, to begin with it again when the flags are others, and so is its time: a
   meson.build that was edited since is newer. */
static int meson_write_flags(const struct tree *t, const struct stage *s, struct err *err)
{
    const struct meson_tree *m = t->state;
    const char *b_pgo = m->takes_b_pgo ? t->compiler.family->marks[s->phase] : NULL;
    char *ninja = path_join(s->dir, MESON_NINJA_FILE),
         *plain = path_join(s->dir, MESON_PLAIN_NINJA);
    char *mark = meson_mark(s), head[64] = "";
    struct vec excluded = VEC_INIT;
    struct buf text = BUF_INIT, out = BUF_INIT;
    fs_head(ninja, head, sizeof(head) - 1);
    int rc = 0;
    if (s->phase != PHASE_BASELINE && !str_starts(head, mark)) {
        if (!str_starts(head, "# pgo "))
            rc = fs_copy(ninja, plain, err);
        if (rc == 0)
            rc = fs_read(plain, &text, err);
        if (rc == 0)
            rc = meson_excluded(s, &excluded, err);
        buf_adds(&out, mark);
        ninja_rewrite(&out, buf_str(&text), b_pgo, &s->flags, &excluded);
        if (rc == 0)
            rc = fs_replace(ninja, buf_str(&out), out.len, err);
        if (rc == 0)
            rc = fs_like(plain, ninja, err);
    }
    free(ninja);
    free(plain);
    free(mark);
    vec_release(&excluded);
    buf_release(&text);
    buf_release(&out);
    return rc;
}

/* What a stage's configuration by Meson depends on. */
static int meson_configured_by(const struct tree *t, const struct map *own, char hex[HASH_HEX + 1],
                               struct err *err)
{
    struct map parts = MAP_INIT;
    parts_text(&parts, "pgo's version", PGO_VERSION);
    parts_words(&parts, "the stage's own settings", &own->keys);
    parts_words(&parts, "their values", &own->values);
    int rc = t->ops->parts(t, &parts, err);
    parts_hash(&parts, hex);
    map_release(&parts);
    return rc;
}

static int meson_setup(const struct tree *t, const struct stage *s, struct map *own,
                       const char *log, struct err *err)
{
    int rc = meson_clone(t, s, own, log, err);
    if (rc == 0)
        rc = meson_verify(t, s, own, err);
    if (rc == 0 || err->killed || proc_signal() || meson_ask_version(t, err) != 0)
        return rc;
    struct err second = ERR_INIT;
    msg_note("%s: trying afresh, with your tree's recorded command line", err->msg);
    rc = meson_afresh(t, s, own, log, &second);
    if (rc == 0)
        err_release(err);
    err_release(&second);
    return rc;
}

/* Whether all that we read of a stage is there, and whole. */
static bool meson_readable(const struct tree *t, const struct stage *s)
{
    struct plan plan = PLAN_INIT;
    struct model targets = MODEL_INIT;
    struct err ignored = ERR_INIT;
    bool ok =
        meson_plan(t, s->dir, &plan, &ignored) == 0 && meson_targets(s, &targets, &ignored) == 0;
    plan_release(&plan);
    model_release(&targets);
    err_release(&ignored);
    return ok;
}

/* Flags are ours alone: for other ones Meson is not asked again. */
int meson_configure(const struct tree *t, const struct stage *s, const char *log, struct err *err)
{
    char key[HASH_HEX + 1];
    struct map done = MAP_INIT, own = MAP_INIT;
    struct err ignored = ERR_INIT;
    char *record = path_join(s->dir, MESON_CONFIGURED);
    meson_own_options(t, s, &own);
    const char *replaced = map_get(&own, "buildtype") ? meson_option(t, "buildtype") : "";
    int rc = meson_configured_by(t, &own, key, err);
    record_read(record, &done, &ignored);
    if (rc == 0 && !(record_is(&done, "key", key) && meson_readable(t, s))) {
        bool first = !fs_is_dir(s->dir);
        if (s->phase == PHASE_INSTRUMENT && *replaced && !record_is(&done, "replaced", replaced))
            msg_note("the build type of your tree is '%s', without optimization: the stages use "
                     "'release'",
                     replaced);
        rc = fs_remove(record, err);
        if (rc == 0)
            rc = meson_setup(t, s, &own, log, err);
        if (rc == 0)
            meson_warn_probes(t, s);
        if (rc == 0 && first)
            tree_warn_headers(t, s);
        map_set(&done, "key", key);
        map_set(&done, "replaced", replaced);
        if (rc == 0)
            rc = record_write(record, &done, err);
    }
    if (rc == 0)
        rc = meson_write_flags(t, s, err);
    free(record);
    map_release(&own);
    map_release(&done);
    err_release(&ignored);
    return rc;
}

static int meson_ninja(const struct tree *t, const struct stage *s, const struct vec *targets,
                       long jobs, const struct vec *env, const char *log, struct err *err)
{
    const struct meson_tree *m = t->state;
    const char *const start[] = {m->ninja, "-C", s->dir, NULL};
    struct vec words = VEC_INIT, spelled = VEC_INIT;
    vec_words(&words, start);
    vec_addf(&words, "-j%ld", jobs);
    vec_all(&words, targets);
    /* Compilers name their directory by PWD when it is true. */
    vec_all(&spelled, env);
    proc_set_env(&spelled, "PWD", s->dir);
    char *what = str_fmt("building the stage '%s'", s->name);
    int rc = tool_run(&words, NULL, &spelled, log, what, err);
    free(what);
    vec_release(&words);
    vec_release(&spelled);
    return rc;
}

/* Whether ninja will have Meson generate the stage again. */
static bool meson_edited(const struct stage *s)
{
    struct json files;
    struct err ignored = ERR_INIT;
    struct stat ninja, st;
    char *path = path_join(s->dir, MESON_NINJA_FILE);
    bool edited = stat(path, &ninja) != 0;
    free(path);
    if (meson_read(s->dir, "intro-buildsystem_files", &files, &ignored) == 0) {
        for (size_t i = 0; i < json_count(&files) && !edited; i++)
            edited = stat(json_str(json_at(&files, i), NULL), &st) != 0 ||
                     st.st_mtim.tv_sec > ninja.st_mtim.tv_sec ||
                     (st.st_mtim.tv_sec == ninja.st_mtim.tv_sec &&
                      st.st_mtim.tv_nsec > ninja.st_mtim.tv_nsec);
        json_release(&files);
    }
    err_release(&ignored);
    return edited;
}

/* Without its record while Meson runs, so that a stage where it was ended is configured anew. */
static int meson_regenerate(const struct tree *t, const struct stage *s, long jobs,
                            const struct vec *env, const char *log, struct err *err)
{
    struct vec file = VEC_INIT;
    struct map done = MAP_INIT;
    struct err ignored = ERR_INIT;
    char *record = path_join(s->dir, MESON_CONFIGURED);
    bool edited = meson_edited(s);
    vec_add(&file, MESON_NINJA_FILE);
    int rc = 0;
    if (record_read(record, &done, &ignored) != RECORD_OK) {
        rc = meson_configure(t, s, log, err);
        edited = false;
    }
    if (rc == 0 && edited)
        rc = fs_remove(record, err);
    if (rc == 0)
        rc = meson_ninja(t, s, &file, jobs, env, log, err);
    if (rc == 0 && edited)
        rc = record_write(record, &done, err);
    free(record);
    map_release(&done);
    vec_release(&file);
    err_release(&ignored);
    return rc;
}

static void meson_goals(const struct vec *targets, struct vec *out)
{
    vec_add(out, "all");
    vec_add(out, "meson-test-prereq");
    vec_add(out, "meson-benchmark-prereq");
    vec_all(out, targets);
}

/* First what Meson generates, should meson.build have been edited: it has no flags of ours. */
int meson_build(const struct tree *t, const struct stage *s, const struct vec *targets, long jobs,
                bool unclean, const struct vec *env, const char *log, struct err *err)
{
    struct vec all = VEC_INIT;
    (void)unclean; /* ninja itself knows what did not end */
    meson_goals(targets, &all);
    int rc = meson_regenerate(t, s, jobs, env, log, err);
    if (rc == 0)
        rc = meson_write_flags(t, s, err);
    if (rc == 0)
        rc = meson_ninja(t, s, &all, jobs, env, log, err);
    vec_release(&all);
    return rc;
}

int meson_outdated(const struct tree *t, const struct stage *s, const struct vec *targets,
                   struct outdated *out, struct err *err)
{
    const struct meson_tree *m = t->state;
    const char *const start[] = {m->ninja, "-C", s->dir, NULL};
    struct vec tool = VEC_INIT, goals = VEC_INIT;
    char *record = path_join(s->dir, MESON_CONFIGURED);
    if (!fs_exists(record))
        out->why = str_dup("Meson did not come to its end in it");
    vec_words(&tool, start);
    meson_goals(targets, &goals);
    int rc = outdated_ninja(out, &tool, &goals, err);
    vec_release(&tool);
    vec_release(&goals);
    free(record);
    return rc;
}

const char *meson_prefix(const struct tree *t)
{
    return meson_option(t, "prefix");
}

int meson_install(const struct tree *t, const struct stage *s, const struct tree_install *how,
                  const char *log, struct err *err)
{
    const struct meson_tree *m = t->state;
    const char *const rest[] = {"install", "--no-rebuild", "-C", s->dir, NULL};
    struct vec words = VEC_INIT;
    if (how->prefix) {
        err_status(err, PGO_USAGE,
                   "Meson knows the prefix when it configures: '--prefix' comes "
                   "too late");
        return err_hint(err, "set DESTDIR, or 'meson configure -Dprefix=%s \"%s\"' first",
                        how->prefix, t->dir);
    }
    vec_all(&words, &m->command);
    vec_words(&words, rest);
    if (how->component) {
        vec_add(&words, "--tags");
        vec_add(&words, how->component);
    }
    if (how->strip)
        vec_add(&words, "--strip");
    int rc = tool_install(&words, log, err);
    vec_release(&words);
    return rc;
}
