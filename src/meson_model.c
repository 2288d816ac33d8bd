/* What a Meson stage tree builds: its targets from intro-targets.json, its objects from the very
   commands in build.ninja. */
#include "command.h"
#include "fs.h"
#include "meson_ninja.h"
#include "tree_meson.h"

#include <stdlib.h>
#include <string.h>

char *meson_model_id(const struct tree *t, const struct stage *s)
{
    (void)t;
    char head[64] = "", *ninja = path_join(s->dir, MESON_NINJA_FILE), *stamp = fs_stamp(ninja);
    fs_head(ninja, head, sizeof(head) - 1); /* which flags: the file keeps Meson's time */
    char *id = str_fmt("%s %.*s", stamp, (int)strcspn(head, "\n"), head);
    free(ninja);
    free(stamp);
    return id;
}

static enum target_kind meson_kind(const char *type)
{
    static const struct {
        const char *name;
        enum target_kind kind;
    } kinds[] = {{"executable", TARGET_PROGRAM},
                 {"shared library", TARGET_SHARED},
                 {"shared module", TARGET_MODULE},
                 {"static library", TARGET_STATIC}};
    for (size_t i = 0; i < PGO_COUNT(kinds); i++)
        if (strcmp(kinds[i].name, type) == 0)
            return kinds[i].kind;
    return TARGET_OTHER;
}

/* Of targets of one name each is known by its path below the build directory. */
static void meson_name_targets(struct model *m)
{
    struct map names = MAP_INIT;
    for (size_t i = 0; i < m->targets_n; i++) {
        bool again = map_get(&names, m->targets[i].name) != NULL;
        map_set(&names, m->targets[i].name, again ? "many" : "one");
    }
    for (size_t i = 0; i < m->targets_n; i++) {
        if (strcmp(map_get(&names, m->targets[i].name), "many") == 0) {
            free(m->targets[i].name);
            m->targets[i].name = str_dup(m->targets[i].goal);
        }
    }
    map_release(&names);
}

int meson_targets(const struct stage *s, struct model *out, struct err *err)
{
    struct json j;
    if (meson_read(s->dir, "intro-targets", &j, err) != 0)
        return -1;
    for (size_t i = 0; i < json_count(&j); i++) {
        const struct json *one = json_at(&j, i);
        const char *file = json_str(json_at(json_get(one, "filename"), 0), NULL);
        const char *below = path_below(file, s->dir);
        enum target_kind kind = meson_kind(json_str(one, "type"));
        if (kind == TARGET_OTHER)
            continue;
        struct target *t = model_add_target(out);
        t->name = str_dup(json_str(one, "name"));
        t->goal = str_dup(below ? below : file);
        t->kind = kind;
        t->artifact = str_dup(file);
    }
    json_release(&j);
    meson_name_targets(out);
    return 0;
}

char *meson_private(const struct stage *s, const struct target *t)
{
    const char *below = path_below(t->artifact, s->dir);
    return below ? str_fmt("%s.p/", below) : NULL;
}

/* The index of each target under the directory of its objects. */
static void meson_directories(const struct stage *s, const struct model *m, struct map *out)
{
    for (size_t i = 0; i < m->targets_n; i++) {
        char *dir = meson_private(s, &m->targets[i]);
        if (dir)
            map_setf(out, dir, "%zu", i);
        free(dir);
    }
}

/* The target whose directory an object (relative) is in, or below; NULL when there is none. */
static struct target *meson_object_target(const struct model *m, const struct map *directories,
                                          const char *object)
{
    for (const char *slash = strchr(object, '/'); slash; slash = strchr(slash + 1, '/')) {
        char *dir = str_ndup(object, (size_t)(slash - object) + 1);
        const char *index = map_get(directories, dir);
        long at;
        free(dir);
        if (index && str_long(index, 0, INT32_MAX, &at))
            return &m->targets[at];
    }
    return NULL;
}

static void meson_object(const struct tree *t, const struct stage *s, const struct ninja_line *l,
                         const struct vec *compiler, struct target *target, struct model *out)
{
    struct vec words = VEC_INIT;
    struct object *o = model_add_object(out);
    char *source = path_join(s->dir, l->in);
    vec_all(&words, compiler);
    ninja_words(l, &words);
    o->path = path_join(s->dir, l->out);
    o->source = path_abs(source);
    o->target = str_dup(target->name);
    command_describe(t, s, &words, l->out, o);
    free(source);
    vec_release(&words);
}

/* A target is excluded when the project says so, by override_options, or the command line: Meson,
   or we, then gave its objects no flags. */
static void meson_objects(const struct tree *t, const struct stage *s, const char *ninja,
                          struct model *out)
{
    struct map directories = MAP_INIT;
    struct ninja_reader r;
    const struct ninja_line *l;
    meson_directories(s, out, &directories);
    ninja_start(&r, ninja);
    while ((l = ninja_next(&r))) {
        if (l->kind != NINJA_COMPILE || !l->options || !str_ends(l->out, ".o") ||
            command_is_assembler(l->in))
            continue;
        struct target *target = meson_object_target(out, &directories, l->out);
        if (!target)
            continue;
        struct vec compiler = VEC_INIT;
        ninja_compiler(ninja, l->rule, &compiler);
        meson_object(t, s, l, &compiler, target, out);
        target->excluded |= !out->objects[out->objects_n - 1].flagged;
        vec_release(&compiler);
    }
    map_release(&directories);
}

int meson_model(const struct tree *t, const struct stage *s, struct model *out, struct err *err)
{
    struct buf ninja = BUF_INIT;
    char *path = path_join(s->dir, MESON_NINJA_FILE);
    int rc = meson_targets(s, out, err);
    if (rc == 0)
        rc = fs_read(path, &ninja, err);
    if (rc == 0)
        meson_objects(t, s, buf_str(&ninja), out);
    if (rc == 0 && s->phase == PHASE_INSTRUMENT)
        command_warn_plain(out);
    out->id = meson_model_id(t, s);
    free(path);
    buf_release(&ninja);
    return rc;
}
