#include "stage.h"

#include "command.h"
#include "elf.h"
#include "fs.h"
#include "msg.h"
#include "proc.h"

#include <stdlib.h>
#include <string.h>

#define STAGE_LOG_MOST 1000000 /* bytes; a longer log is begun anew */

static const char *const stage_names[] = {"baseline", "instrument", "use"};

void artifacts_release(struct artifacts *a)
{
    for (size_t i = 0; i < a->n; i++) {
        free(a->v[i].path);
        free(a->v[i].target);
        free(a->v[i].hash);
    }
    free(a->v);
    *a = (struct artifacts){NULL, 0};
}

void stage_place_init(const struct session *s, struct stage_place *p, const char *name,
                      const char *profile)
{
    p->build = tree_path(&s->tree, name, NULL);
    p->raw = tree_path(&s->tree, "scratch", "raw");
    p->profile = profile ? str_dup(profile) : NULL;
}

void stage_place_release(struct stage_place *p)
{
    free(p->build);
    free(p->raw);
    free(p->profile);
}

struct flag_place stage_flag_place(const struct session *s, const struct stage_place *p)
{
    return (struct flag_place){.build = p->build,
                               .raw = p->raw,
                               .profile = p->profile,
                               .runtime = s->runtime,
                               .atomic = s->atomic,
                               .relative = s->tree.ops->relative,
                               .linked_by_others =
                                   s->tree.other_languages ? &s->tree.compiler : NULL};
}

void stage_init(const struct session *s, struct stage *out, enum phase phase, const char *profile)
{
    struct stage_place place;
    memset(out, 0, sizeof(*out));
    out->name = stage_names[phase];
    out->phase = phase;
    out->dir = tree_path(&s->tree, out->name, NULL);
    stage_place_init(s, &place, out->name, profile);
    struct flag_place at = stage_flag_place(s, &place);
    s->tree.compiler.family->flags(phase, &at, &out->flags);
    out->profile = profile ? str_dup(profile) : NULL;
    out->excluded = &s->given.excluded;
    stage_place_release(&place);
}

int stage_env(const struct session *s, struct vec *env, struct err *err)
{
    struct stage_place place;
    char *scratch = tree_path(&s->tree, "scratch", "build/raw");
    char *log = tree_path(&s->tree, "scratch", "build.log");
    stage_place_init(s, &place, stage_names[PHASE_INSTRUMENT], NULL);
    struct flag_place at = stage_flag_place(s, &place);
    int rc = fs_mkdirs(scratch, err);
    proc_clean_env(env);
    session_run_env(s, &at, scratch, log, env);
    stage_place_release(&place);
    free(scratch);
    free(log);
    return rc;
}

/* What a stage is configured from. */
static int stage_parts(const struct session *s, const struct stage *stage, struct map *parts,
                       struct err *err)
{
    struct vec flags = VEC_INIT;
    const struct vec *const all[] = {&stage->flags.compile, &stage->flags.link,
                                     &stage->flags.object, &stage->flags.others};
    for (size_t i = 0; i < PGO_COUNT(all); i++) {
        vec_all(&flags, all[i]);
        vec_add(&flags, "");
    }
    parts_text(parts, "pgo's version", PGO_VERSION);
    parts_text(parts, "the profile", stage->profile);
    parts_words(parts, "the list of excluded targets", stage->excluded);
    int rc = s->tree.ops->parts(&s->tree, parts, err);
    parts_words(parts, "pgo's flags", &flags);
    vec_release(&flags);
    return rc;
}

/* A stage's plan that is gone or damaged is written again by configuring. */
static bool stage_has_plan(const struct session *s, const struct stage *stage)
{
    struct plan plan = PLAN_INIT;
    struct err ignored = ERR_INIT;
    bool ok = s->tree.ops->plan(&s->tree, stage->dir, &plan, &ignored) == 0 &&
              (plan.settings.keys.n || !s->plan.settings.keys.n);
    plan_release(&plan);
    err_release(&ignored);
    return ok;
}

/* Keeps the longest time that a step of a stage took, which is mostly that of a build of all; a
   step that was interrupted (`done` is not set) is continued by the next one. */
static int stage_note_time(const struct session *s, const struct stage *stage, const char *step,
                           double seconds, bool done, struct err *err)
{
    struct map m = MAP_INIT;
    int rc = 0;
    char *record = str_fmt("time.%s", stage->name), *begun = str_fmt("%s begun", step);
    session_record(s, record, &m);
    double before = record_number(&m, begun, 1e9), longest = record_number(&m, step, 1e9);
    seconds += before;
    if (done && seconds > longest)
        map_setf(&m, step, "%.3f", seconds);
    map_setf(&m, begun, "%.3f", done ? 0 : seconds);
    if (!done || before > 0 || seconds > longest)
        rc = session_save(s, record, &m, err);
    free(record);
    free(begun);
    map_release(&m);
    return rc;
}

static enum stage_need stage_stale(const struct session *s, const struct stage *stage,
                                   const struct map *parts, const struct map *record, char **why)
{
    if (!fs_is_dir(stage->dir)) {
        *why = str_dup("it was not made yet");
        return STAGE_NEW;
    }
    if (!parts_kept(record)) {
        *why = str_dup("its last configure did not end");
        return STAGE_UNFINISHED;
    }
    if (!record_is(record, "compiler", s->compiler_stamp))
        *why = str_fmt("the compiler is another one now (%s)", s->tree.compiler.version);
    else
        *why = parts_changed(parts, record);
    if (!*why && !stage_has_plan(s, stage))
        *why = str_dup("its list of trainings is gone");
    return *why ? STAGE_STALE : STAGE_KEPT;
}

enum stage_need stage_need(const struct session *s, const struct stage *stage, char **why)
{
    struct map m = MAP_INIT, parts = MAP_INIT;
    struct err failed = ERR_INIT;
    enum stage_need need = STAGE_STALE;
    char *record = str_fmt("stage.%s", stage->name);
    *why = NULL;
    session_record(s, record, &m);
    if (stage_parts(s, stage, &parts, &failed) == 0)
        need = stage_stale(s, stage, &parts, &m, why);
    else
        *why = str_dup(failed.msg);
    err_release(&failed);
    free(record);
    map_release(&m);
    map_release(&parts);
    return need;
}

/* Configures when the user tree, the flags or the compiler are not those of the last time. A tree
   of another compiler is made anew; otherwise its objects are kept. */
static int stage_configure(const struct session *s, const struct stage *stage, struct err *err)
{
    struct map m = MAP_INIT, parts = MAP_INIT;
    const struct map none = MAP_INIT;
    char *record = str_fmt("stage.%s", stage->name), *log = session_log(s, stage->name);
    char *times = str_fmt("time.%s", stage->name);
    int rc = stage_parts(s, stage, &parts, err);
    session_record(s, record, &m);
    bool same_compiler = record_is(&m, "compiler", s->compiler_stamp);
    char *why = NULL;
    if (rc == 0 && stage_stale(s, stage, &parts, &m, &why) != STAGE_KEPT) {
        bool again = fs_is_dir(stage->dir);
        if (again && !same_compiler && map_get(&m, "compiler"))
            msg_note("the compiler is another one now (%s): the stage '%s' is made anew",
                     s->tree.compiler.version, stage->name);
        double start = proc_now();
        msg_note("%s: configuring%s%s", stage->name, again ? " again: " : "", again ? why : "");
        parts_keep(&none, &m);
        rc = session_save(s, record, &m, err);
        if (rc == 0 && !same_compiler && map_get(&m, "compiler"))
            rc = fs_remove(stage->dir, err);
        if (rc == 0 && !fs_is_dir(stage->dir))
            rc = session_forget(s, times, err);
        if (rc == 0 && !again)
            rc = fs_remove(log, err);
        if (rc == 0)
            rc = s->tree.ops->configure(&s->tree, stage, log, err);
        if (rc == 0)
            rc = stage_note_time(s, stage, "configure", proc_now() - start, true, err);
        map_set(&m, "compiler", s->compiler_stamp);
        parts_keep(&parts, &m);
        if (rc == 0)
            rc = session_save(s, record, &m, err);
    }
    free(why);
    free(times);
    free(record);
    free(log);
    map_release(&m);
    map_release(&parts);
    return rc;
}

/* A launcher's cache would hand out optimized objects without the compiler's record. */
static void stage_uncached(struct vec *env)
{
    proc_set_env(env, "CCACHE_DISABLE", "1");
    proc_set_env(env, "SCCACHE_RECACHE", "1");
}

/* The mark stands while the build tool runs: found at the start, the last build did not end. */
static int stage_build(const struct session *s, const struct stage *stage,
                       const struct vec *targets, struct err *err)
{
    struct vec env = VEC_INIT;
    char *log = session_log(s, stage->name), *name = str_fmt("building.%s", stage->name);
    char *mark = tree_path(&s->tree, "state", name),
         *scratch = tree_path(&s->tree, "scratch", "build");
    bool unclean = fs_exists(mark);
    double start = proc_now();
    int rc = stage_env(s, &env, err);
    struct stat st;
    if (rc == 0 && stat(log, &st) == 0 && st.st_size > STAGE_LOG_MOST)
        rc = fs_remove(log, err);
    if (stage->phase == PHASE_USE)
        stage_uncached(&env);
    if (rc == 0 && !unclean)
        rc = fs_replace(mark, "", 0, err);
    if (rc == 0)
        rc =
            s->tree.ops->build(&s->tree, stage, targets, s->options->jobs, unclean, &env, log, err);
    struct err second = ERR_INIT;
    if (stage_note_time(s, stage, "build", proc_now() - start, rc == 0, &second) != 0 && rc == 0)
        rc = err_set(err, "%s", second.msg);
    if ((rc == 0 || (err->log && !err->killed)) && fs_remove(mark, &second) != 0 && rc == 0)
        rc = err_set(err, "%s", second.msg);
    if (rc == 0 && fs_exists(scratch))
        rc = fs_remove(scratch, err);
    err_release(&second);
    free(log);
    free(name);
    free(mark);
    free(scratch);
    vec_release(&env);
    return rc;
}

/* Names every target that has an object without the stage's flags. */
static int stage_flags_arrived(const struct session *s, const struct stage *stage,
                               const struct model *m, struct err *err)
{
    struct vec without = VEC_INIT;
    int rc = 0;
    for (size_t i = 0; i < m->objects_n && stage->phase != PHASE_BASELINE; i++) {
        const struct object *o = &m->objects[i];
        const struct target *t = model_target(m, o->target);
        if (!o->flagged && !(t && t->excluded) && !vec_has(&without, o->target))
            vec_add(&without, o->target);
    }
    if (without.n) {
        char *list = vec_join(&without, "', '");
        rc = err_set(err, "the profile flags did not reach target%s '%s'", without.n > 1 ? "s" : "",
                     list);
        err_hint(err, "exclude what cannot be profiled with %s or --exclude",
                 s->tree.ops->words->exclude);
        free(list);
    }
    vec_release(&without);
    return rc;
}

/* A sanitizer's checks would be trained and optimized in the place of the program's own code. */
static int stage_no_sanitizer(const struct session *s, const struct model *m, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; i < m->objects_n && rc == 0; i++) {
        const struct object *o = &m->objects[i];
        char *names = o->flagged ? command_sanitizers(o->settings) : NULL;
        if (names) {
            rc = err_set(err,
                         "target '%s' is compiled with -fsanitize=%s: a profile would be one of "
                         "its checks, not of the program",
                         o->target, names);
            err_hint(err,
                     "nothing was built; use a build directory without it, append "
                     "-fno-sanitize=all, or exclude the target with %s or --exclude",
                     s->tree.ops->words->exclude);
        }
        free(names);
    }
    return rc;
}

/* Counters of the project's own would stay in the optimized programs, and write into our profile.
 */
static int stage_no_other_profile(const struct session *s, const struct model *m, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; i < m->objects_n && rc == 0; i++) {
        struct vec words = VEC_INIT;
        vec_split(&words, m->objects[i].settings, '\n');
        for (size_t k = 0; k < words.n && m->objects[i].flagged && rc == 0; k++) {
            if (!command_profiles(words.v[k]))
                continue;
            rc = err_set(err, "target '%s' is compiled with %s: pgo gives profile flags itself",
                         m->objects[i].target, words.v[k]);
            err_hint(err,
                     "nothing was built; take the option out ('pgo doctor' says where it comes "
                     "from), or exclude the target with %s or --exclude",
                     s->tree.ops->words->exclude);
        }
        vec_release(&words);
    }
    return rc;
}

/* The next run configures the stage again. */
static void stage_configure_again(const struct session *s, const struct stage *stage,
                                  struct err *err)
{
    char *record = str_fmt("stage.%s", stage->name);
    struct err ignored = ERR_INIT;
    if (session_forget(s, record, &ignored) == 0 && !err->hint)
        err_hint(err, "run the same command again: the stage is then configured again");
    err_release(&ignored);
    free(record);
}

static int stage_model(const struct session *s, const struct stage *stage, struct model *m,
                       struct err *err)
{
    char *id = s->tree.ops->model_id(&s->tree, stage);
    char *name = str_fmt("model.%s", stage->name), *path = tree_path(&s->tree, "state", name);
    int rc = 0;
    if (!model_load(m, path, id)) {
        rc = s->tree.ops->model(&s->tree, stage, m, err);
        if (rc == 0)
            rc = stage_flags_arrived(s, stage, m, err);
        if (rc == 0)
            rc = stage_no_sanitizer(s, m, err);
        if (rc == 0)
            rc = stage_no_other_profile(s, m, err);
        /* What the user mends, the build tool would see only in a build. */
        if (rc != 0)
            stage_configure_again(s, stage, err);
        if (rc == 0)
            rc = model_save(m, path, err);
    }
    free(id);
    free(name);
    free(path);
    return rc;
}

int stage_prepare(const struct session *s, struct stage *stage, struct model *model,
                  struct err *err)
{
    map_release(&stage->before);
    map_release(&stage->sources);
    bool first = stage->phase == PHASE_INSTRUMENT && !fs_is_dir(stage->dir);
    int rc = tree_snapshot(&s->tree, &stage->before, err);
    if (rc == 0 && first)
        rc = tree_sources(&s->tree, &stage->sources, err);
    if (rc == 0)
        rc = stage_configure(s, stage, err);
    if (rc == 0)
        rc = stage_model(s, stage, model, err);
    return rc;
}

/* The build tool may generate the tree anew. */
static int stage_model_again(const struct session *s, const struct stage *stage, struct model *m,
                             struct err *err)
{
    char *id = s->tree.ops->model_id(&s->tree, stage);
    bool same = strcmp(id, m->id) == 0;
    free(id);
    if (same)
        return 0;
    model_release(m);
    return stage_model(s, stage, m, err);
}

int stage_make(const struct session *s, const struct stage *stage, const struct vec *targets,
               struct model *model, struct err *err)
{
    double start = proc_now();
    int rc = stage_build(s, stage, targets, err);
    if (rc == 0)
        rc = tree_compare(&s->tree, &stage->before, err);
    if (rc == 0 && stage->sources.keys.n)
        rc = tree_warn_sources(&s->tree, &stage->sources, "the stage was built",
                               "the project's own build writes there, and so does each stage", err);
    if (rc == 0)
        rc = stage_model_again(s, stage, model, err);
    if (rc == 0 && proc_now() - start > 1)
        msg_note("%s: built in %.1f s", stage->name, proc_now() - start);
    return rc;
}

int stage_bring(const struct session *s, struct stage *stage, const struct vec *targets,
                struct model *model, struct err *err)
{
    int rc = stage_prepare(s, stage, model, err);
    return rc == 0 ? stage_make(s, stage, targets, model, err) : rc;
}

static bool stage_has_objects(const struct model *m, const char *target, bool with_code)
{
    for (size_t i = 0; i < m->objects_n; i++)
        if (strcmp(m->objects[i].target, target) == 0 &&
            (!with_code || elf_has_code(m->objects[i].path)))
            return true;
    return false;
}

/* Looks into the objects of a static library: counters in one will do. */
static int stage_look_archive(const struct session *s, const struct flag_place *place,
                              const struct model *m, const struct target *t, struct vec *without,
                              struct err *err)
{
    bool code = false;
    for (size_t i = 0; i < m->objects_n; i++) {
        const struct object *o = &m->objects[i];
        if (strcmp(o->target, t->name) != 0 || !elf_has_code(o->path))
            continue;
        int has = s->tree.compiler.family->instrumented(place, o->path, err);
        if (has)
            return has < 0 ? -1 : 0;
        code = true;
    }
    if (code)
        vec_add(without, t->artifact);
    return 0;
}

/* Looks into one linked artifact; adds it when it holds counters. */
static int stage_look(const struct session *s, const struct flag_place *place,
                      const struct model *m, const struct target *t, struct artifacts *out,
                      struct vec *without, struct err *err)
{
    char hash[HASH_HEX + 1];
    if (!target_is_linked(t))
        return stage_look_archive(s, place, m, t, without, err);
    int has = s->tree.compiler.family->instrumented(place, t->artifact, err);
    if (has < 0)
        return -1;
    if (!has) {
        if (!t->excluded && stage_has_objects(m, t->name, true))
            vec_add(without, t->artifact);
        return 0;
    }
    if (hash_file(t->artifact, hash, err) != 0)
        return -1;
    out->v = mem_grow(out->v, out->n + 1, sizeof(*out->v));
    out->v[out->n++] = (struct artifact){str_dup(t->artifact), str_dup(t->name), str_dup(hash)};
    return 0;
}

/* What the last look found, when the file is still the same: 1 and it is added, or nothing to add.
 */
static bool stage_remembered(const struct map *m, const struct target *t, const char *stamp,
                             struct artifacts *out)
{
    const char *known = record_stamped(m, t->artifact, stamp);
    if (!known)
        return false;
    if (*known != '-') {
        out->v = mem_grow(out->v, out->n + 1, sizeof(*out->v));
        out->v[out->n++] =
            (struct artifact){str_dup(t->artifact), str_dup(t->name), str_dup(known)};
    }
    return true;
}

int stage_artifacts(const struct session *s, const struct stage *stage, const struct model *model,
                    struct artifacts *out, struct err *err)
{
    struct map old = MAP_INIT, now = MAP_INIT;
    struct vec without = VEC_INIT;
    struct stage_place place;
    bool changed = false;
    int rc = 0;
    stage_place_init(s, &place, stage->name, NULL);
    struct flag_place at = stage_flag_place(s, &place);
    session_record(s, "artifacts", &old);
    for (size_t i = 0; i < model->targets_n && rc == 0; i++) {
        const struct target *t = &model->targets[i];
        /* An excluded program may have the counters of a library. */
        if (!(target_is_linked(t) || (t->kind == TARGET_STATIC && !t->excluded)) ||
            !fs_is_file(t->artifact))
            continue;
        char *stamp = fs_stamp(t->artifact);
        size_t before = out->n;
        if (!stage_remembered(&old, t, stamp, out)) {
            changed = true;
            rc = stage_look(s, &at, model, t, out, &without, err);
        }
        map_setf(&now, t->artifact, "%s %s", stamp, out->n > before ? out->v[before].hash : "-");
        free(stamp);
    }
    if (rc == 0 && without.n) {
        char *list = vec_join(&without, "', '");
        rc = err_set(err, "no counters in '%s': the profile flags had no effect there", list);
        err_hint(
            err,
            "a compiler wrapper or the project's own flags may take them away; exclude the target "
            "with %s or --exclude if that is meant",
            s->tree.ops->words->exclude);
        free(list);
    }
    if (rc == 0 && !out->n)
        rc = err_set(err, "the project builds no program or shared library with counters: nothing "
                          "can be trained");
    if (rc == 0 && changed && s->lock.fd >= 0)
        rc = session_save(s, "artifacts", &now, err);
    stage_place_release(&place);
    vec_release(&without);
    map_release(&old);
    map_release(&now);
    return rc;
}

#define STAGE_CONTENT "content:" /* starts the keys of programs in a record */

void stage_note_programs(const struct session *s, const struct model *model, struct map *record)
{
    for (size_t i = 0; i < model->targets_n; i++) {
        const char *path = model->targets[i].artifact;
        struct err ignored = ERR_INIT;
        char hex[HASH_HEX + 1], *key = str_fmt(STAGE_CONTENT "%s", path);
        if (target_is_linked(&model->targets[i]) && fs_is_file(path) &&
            session_digest(s, path, hex, &ignored) == 0)
            map_set(record, key, hex);
        err_release(&ignored);
        free(key);
    }
}

bool stage_same_programs(const struct session *s, const struct map *record)
{
    bool same = true;
    for (size_t i = 0; i < record->keys.n && same; i++) {
        const char *key = record->keys.v[i];
        struct err ignored = ERR_INIT;
        char hex[HASH_HEX + 1];
        if (str_starts(key, STAGE_CONTENT))
            same = session_digest(s, key + strlen(STAGE_CONTENT), hex, &ignored) == 0 &&
                   strcmp(hex, record->values.v[i]) == 0;
        err_release(&ignored);
    }
    return same;
}

/* Words that `a` has and `b` has not; the caller frees the text. */
static char *stage_only_in(const char *a, const char *b)
{
    struct vec have = VEC_INIT, other = VEC_INIT, only = VEC_INIT;
    vec_split(&have, a, '\n');
    vec_split(&other, b, '\n');
    for (size_t i = 0; i < have.n; i++)
        if (!vec_has(&other, have.v[i]))
            vec_add(&only, have.v[i]);
    char *text = only.n ? vec_join(&only, " ") : str_dup("nothing");
    vec_release(&have);
    vec_release(&other);
    vec_release(&only);
    return text;
}

int stage_same_settings(const struct model *a, const char *a_dir, const struct model *b,
                        const char *b_dir, struct err *err)
{
    struct map settings = MAP_INIT;
    int rc = 0;
    for (size_t i = 0; i < a->objects_n; i++) {
        const char *below = path_below(a->objects[i].path, a_dir);
        map_set(&settings, below ? below : a->objects[i].path, a->objects[i].settings);
    }
    for (size_t i = 0; i < b->objects_n && rc == 0; i++) {
        const char *below = path_below(b->objects[i].path, b_dir);
        const char *other = map_get(&settings, below ? below : b->objects[i].path);
        if (!other || strcmp(other, b->objects[i].settings) == 0)
            continue;
        char *first = stage_only_in(other, b->objects[i].settings);
        char *second = stage_only_in(b->objects[i].settings, other);
        rc = err_set(err,
                     "'%s' is compiled with other settings in the two stages: '%s' only in '%s', "
                     "'%s' only in '%s'",
                     b->objects[i].source, first, path_base(a_dir), second, path_base(b_dir));
        err_hint(err, "a profile fits only code that is compiled alike; did someone configure a "
                      "stage tree by hand? "
                      "'pgo clean' starts afresh");
        free(first);
        free(second);
    }
    map_release(&settings);
    return rc;
}
