/* Whether a training's last run still stands: its key, the files that it names, the programs that
   wrote its profile. */
#include "fs.h"
#include "train_run.h"
#include "workload.h"

#include <stdlib.h>
#include <string.h>

static int train_parts(struct train_run *r)
{
    char *atomic = str_fmt("%d", (int)r->s->atomic);
    parts_text(&r->parts, "the compiler", r->s->compiler_stamp);
    parts_text(&r->parts, "how counts are added (--atomic)", atomic);
    parts_text(&r->parts, "the configuration", r->s->tree.config);
    free(atomic);
    return workload_parts(r->s, r->t, r->place->build, &r->parts, &r->err);
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

void train_note_files(struct train_run *r, struct map *m)
{
    struct map now = MAP_INIT;
    workload_files(r->s, r->t, r->place->build, false, &now);
    for (size_t i = 0; i < now.keys.n; i++) {
        char *key = str_fmt("file:%s", now.keys.v[i]);
        if (record_is(&r->outside, now.keys.v[i], now.values.v[i]))
            map_set(m, key, now.values.v[i]);
        free(key);
    }
    map_release(&now);
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
    r->damaged = record_read(path, &r->record, &why) == RECORD_DAMAGED;
    if (r->damaged)
        r->why = str_dup(why.msg);
    workload_files(r->s, r->t, r->place->build, false, &r->outside);
    if (!r->why)
        r->why = train_stale(r, raw);
    r->fresh = !r->why && !r->err.msg;
    err_release(&why);
    free(path);
    free(raw);
}
