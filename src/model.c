#include "model.h"

#include "buf.h"
#include "record.h"

#include <stdlib.h>
#include <string.h>

void model_release(struct model *m)
{
    for (size_t i = 0; i < m->targets_n; i++) {
        free(m->targets[i].name);
        free(m->targets[i].goal);
        free(m->targets[i].artifact);
    }
    for (size_t i = 0; i < m->objects_n; i++) {
        free(m->objects[i].path);
        free(m->objects[i].source);
        free(m->objects[i].target);
        free(m->objects[i].settings);
    }
    free(m->targets);
    free(m->objects);
    free(m->id);
    *m = (struct model)MODEL_INIT;
}

/* Grows in powers of two; `n` elements are in use. */
static void *model_room(void *items, size_t n, size_t size)
{
    return n & (n - 1) ? items : mem_grow(items, n ? 2 * n : 1, size);
}

struct target *model_add_target(struct model *m)
{
    m->targets = model_room(m->targets, m->targets_n, sizeof(*m->targets));
    struct target *t = &m->targets[m->targets_n++];
    memset(t, 0, sizeof(*t));
    return t;
}

struct object *model_add_object(struct model *m)
{
    m->objects = model_room(m->objects, m->objects_n, sizeof(*m->objects));
    struct object *o = &m->objects[m->objects_n++];
    memset(o, 0, sizeof(*o));
    return o;
}

const struct target *model_target(const struct model *m, const char *name)
{
    for (size_t i = 0; i < m->targets_n; i++)
        if (strcmp(m->targets[i].name, name) == 0)
            return &m->targets[i];
    return NULL;
}

bool target_is_linked(const struct target *t)
{
    return t->kind == TARGET_PROGRAM || t->kind == TARGET_SHARED || t->kind == TARGET_MODULE;
}

static char *model_key(const char *what, size_t i)
{
    return str_fmt("%s.%zu", what, i);
}

static void model_put(struct map *m, const char *what, size_t i, const struct vec *fields)
{
    char *key = model_key(what, i), *value = vec_join(fields, "\t");
    map_set(m, key, value);
    free(key);
    free(value);
}

int model_save(const struct model *m, const char *path, struct err *err)
{
    struct map out = MAP_INIT, settings = MAP_INIT;
    map_set(&out, "id", m->id);
    for (size_t i = 0; i < m->targets_n; i++) {
        const struct target *t = &m->targets[i];
        struct vec f = VEC_INIT;
        vec_add(&f, t->name);
        vec_addf(&f, "%d", t->kind);
        vec_addf(&f, "%d", t->excluded);
        vec_add(&f, t->artifact);
        vec_add(&f, t->goal);
        model_put(&out, "target", i, &f);
        vec_release(&f);
    }
    for (size_t i = 0; i < m->objects_n; i++) {
        const struct object *o = &m->objects[i];
        struct vec f = VEC_INIT;
        if (!map_get(&settings, o->settings)) {
            char *key = model_key("settings", settings.keys.n);
            map_set(&out, key, o->settings);
            map_setf(&settings, o->settings, "%s", key);
            free(key);
        }
        vec_add(&f, o->path);
        vec_add(&f, o->source);
        vec_add(&f, o->target);
        vec_addf(&f, "%d", o->flagged);
        vec_add(&f, map_get(&settings, o->settings));
        model_put(&out, "object", i, &f);
        vec_release(&f);
    }
    int rc = record_write(path, &out, err);
    map_release(&out);
    map_release(&settings);
    return rc;
}

/* Splits at tabs, empty fields kept; false unless there are just `n`. */
static bool model_fields(char *text, char **fields, size_t n)
{
    size_t k = 0;
    for (char *p = text; p; k++) {
        char *tab = strchr(p, '\t');
        if (k == n)
            return false;
        fields[k] = p;
        if (tab)
            *tab++ = '\0';
        p = tab;
    }
    return k == n;
}

static bool model_take(struct model *m, const struct map *in, const char *key, char *value)
{
    char *f[5];
    long kind;
    if (str_starts(key, "target.")) {
        if (!model_fields(value, f, 5) || !str_long(f[1], 0, TARGET_OBJECT, &kind))
            return false;
        struct target *t = model_add_target(m);
        t->name = str_dup(f[0]);
        t->kind = (enum target_kind)kind;
        t->excluded = f[2][0] == '1';
        t->artifact = str_dup(f[3]);
        t->goal = str_dup(f[4]);
    } else if (str_starts(key, "object.")) {
        if (!model_fields(value, f, 5) || !map_get(in, f[4]))
            return false;
        struct object *o = model_add_object(m);
        o->path = str_dup(f[0]);
        o->source = str_dup(f[1]);
        o->target = str_dup(f[2]);
        o->flagged = f[3][0] == '1';
        o->settings = str_dup(map_get(in, f[4]));
    }
    return true;
}

int model_load(struct model *m, const char *path, const char *id)
{
    struct map in = MAP_INIT;
    struct err ignored = ERR_INIT;
    bool ok = record_read(path, &in, &ignored) == RECORD_OK && map_get(&in, "id") &&
              strcmp(map_get(&in, "id"), id) == 0;
    for (size_t i = 0; i < in.keys.n && ok; i++) {
        char *value = str_dup(in.values.v[i]);
        ok = model_take(m, &in, in.keys.v[i], value);
        free(value);
    }
    if (ok)
        m->id = str_dup(id);
    else
        model_release(m);
    map_release(&in);
    err_release(&ignored);
    return ok;
}
