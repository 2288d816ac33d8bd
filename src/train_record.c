#include "train_record.h"

#include "fs.h"
#include "json_out.h"
#include "msg.h"

#include <stdlib.h>
#include <string.h>

#define TRAIN_RECORD_HASH 16 /* hexadecimal digits of a function's name */

void train_records_release(struct train_records *all)
{
    for (size_t i = 0; i < all->n; i++) {
        map_release(&all->v[i].run);
        map_release(&all->v[i].covered);
        vec_release(&all->v[i].functions);
    }
    free(all->v);
    *all = (struct train_records){NULL, 0};
}

static struct train_record *train_record_add(struct train_records *all)
{
    all->v = mem_grow(all->v, all->n + 1, sizeof(*all->v));
    struct train_record *r = &all->v[all->n++];
    memset(r, 0, sizeof(*r));
    return r;
}

/* Either is empty when it is not there or damaged: what it recorded is then not known. */
static void train_record_read(struct train_record *r, const char *dir)
{
    struct err why = ERR_INIT;
    char *run = path_join(dir, "record"), *covered = path_join(dir, "covered"),
         *failed = path_join(dir, TRAIN_FAILED);
    enum record_state state = record_read(failed, &r->run, &why);
    bool ran = state == RECORD_MISSING;
    if (ran)
        state = record_read(run, &r->run, &why);
    if (state == RECORD_DAMAGED)
        map_set(&r->run, "damaged", why.msg);
    if (ran && record_read(covered, &r->covered, &why) == RECORD_DAMAGED)
        msg_warn("%s; what it recorded is found out again", why.msg);
    const char *names = map_get(&r->covered, "names");
    if (names)
        vec_split(&r->functions, names, ' ');
    err_release(&why);
    free(run);
    free(covered);
    free(failed);
}

/* Names become hashes of one length, sorted, each once. */
static void train_record_names(struct train_record *r, const struct counts *counts)
{
    struct vec all = VEC_INIT;
    for (size_t i = 0; i < counts->n; i++) {
        char hex[HASH_HEX + 1];
        hash_text(counts->v[i].name, strlen(counts->v[i].name), hex);
        vec_addf(&all, "%.*s", TRAIN_RECORD_HASH, hex);
    }
    vec_sort(&all);
    for (size_t i = 0; i < all.n; i++)
        if (!i || strcmp(all.v[i - 1], all.v[i]) != 0)
            vec_add(&r->functions, all.v[i]);
    vec_release(&all);
}

/* Raw profiles that cannot be read are the merge's to tell; what they cover is not known then. */
static int train_record_look(const struct session *s, const struct trained *t,
                             const struct tools *tools, struct train_record *r, struct err *err)
{
    const struct profile_input in = {t->name, t->raw, 1};
    struct profile_report report = {0};
    struct counts counts = {NULL, 0};
    char *scratch = tree_path(&s->tree, "scratch", "covered");
    int rc = fs_mkdirs(scratch, err);
    if (rc == 0)
        rc = s->tree.compiler.family->covered(tools, &in, scratch, &counts, &report, err);
    if (rc == 0) {
        map_set(&r->covered, "run", t->run);
        map_setf(&r->covered, "bytes", "%llu", fs_tree_size(t->raw));
    }
    if (rc == 0 && !report.dropped) {
        train_record_names(r, &counts);
        char *text = r->functions.n ? vec_join(&r->functions, " ") : str_dup("");
        map_setf(&r->covered, "functions", "%zu", r->functions.n);
        map_setf(&r->covered, "max", "%llu", report.max_count);
        map_set(&r->covered, "names", text);
        free(text);
    }
    struct err ignored = ERR_INIT;
    fs_remove(scratch, &ignored);
    err_release(&ignored);
    profile_report_release(&report);
    counts_release(&counts);
    free(scratch);
    return rc;
}

/* Said of some; when it is all of them, the merge says so. */
static void train_records_warn(const struct train_records *all)
{
    struct vec idle = VEC_INIT;
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].just_run && record_is(&all->v[i].covered, "max", "0"))
            vec_add(&idle, map_get(&all->v[i].run, "name"));
    if (idle.n && idle.n < all->n) {
        char *names = vec_some(&idle, 5);
        msg_warn("all counts are 0 of: %s; such a training waits for input and output, or runs "
                 "nothing that is instrumented",
                 names);
        free(names);
    }
    vec_release(&idle);
}

int train_records_bring(const struct session *s, const struct trainings *t,
                        const struct tools *tools, struct train_records *out, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; i < t->n && rc == 0; i++) {
        struct train_record *r = train_record_add(out);
        char *dir = path_dir(t->v[i].raw), *path = path_join(dir, "covered");
        train_record_read(r, dir);
        if (!t->v[i].run)
            map_set(&r->run, "name", t->v[i].name);
        r->just_run = t->v[i].run ? !record_is(&r->covered, "run", t->v[i].run)
                                  : map_get(&r->run, "failure") != NULL;
        if (r->just_run && t->v[i].run) {
            map_release(&r->covered);
            vec_release(&r->functions);
            rc = train_record_look(s, &t->v[i], tools, r, err);
            if (rc == 0)
                rc = record_write(path, &r->covered, err);
        }
        free(dir);
        free(path);
    }
    if (rc == 0)
        train_records_warn(out);
    return rc;
}

void train_records_find(const struct session *s, struct train_records *out)
{
    struct vec names = VEC_INIT;
    struct err ignored = ERR_INIT;
    char *dir = tree_path(&s->tree, "train", NULL);
    fs_list(dir, &names, &ignored);
    for (size_t i = 0; i < names.n; i++) {
        char *path = path_join(dir, names.v[i]);
        if (names.v[i][0] != '.') {
            struct train_record *r = train_record_add(out);
            train_record_read(r, path);
            if (!map_get(&r->run, "name"))
                map_set(&r->run, "name", names.v[i]);
        }
        free(path);
    }
    vec_release(&names);
    err_release(&ignored);
    free(dir);
}

void train_records_tests(const struct train_records *all, struct plan *out)
{
    for (size_t i = 0; i < all->n; i++) {
        const char *name = map_get(&all->v[i].run, "name"),
                   *text = map_get(&all->v[i].run, TRAIN_TEST);
        struct vec lines = VEC_INIT;
        struct err ignored = ERR_INIT;
        if (!text || plan_find(out, name))
            continue;
        struct training *t = plan_add(out, name);
        t->test = true;
        vec_split(&lines, text, '\n');
        for (size_t k = 0; k < lines.n; k++) {
            char *space = strchr(lines.v[k], ' ');
            if (space) {
                *space = '\0';
                training_set(t, lines.v[k], space + 1, &ignored);
            }
        }
        err_release(&ignored);
        vec_release(&lines);
    }
}

bool train_records_only(const struct train_records *all, size_t *only)
{
    struct map owner = MAP_INIT; /* of a function: the one training's number, "" for several */
    bool known = true;
    for (size_t i = 0; i < all->n; i++) {
        const struct vec *functions = &all->v[i].functions;
        char *number = str_fmt("%zu", i);
        known &= map_get(&all->v[i].covered, "functions") != NULL;
        for (size_t k = 0; k < functions->n; k++)
            map_set(&owner, functions->v[k], map_get(&owner, functions->v[k]) ? "" : number);
        only[i] = 0;
        free(number);
    }
    for (size_t i = 0; i < owner.keys.n; i++)
        if (*owner.values.v[i])
            only[strtoul(owner.values.v[i], NULL, 10)]++;
    map_release(&owner);
    return known;
}

void train_record_json(const struct train_record *r, const size_t *only, struct buf *out)
{
    static const char *const run[] = {"elapsed", "cpu", "memory", "processes", "wrote"};
    static const char *const covered[] = {"bytes", "functions", "max"};
    static const struct train_record none = {MAP_INIT, MAP_INIT, VEC_INIT, false};
    r = r ? r : &none;
    json_verbatim(out, "status", map_get(&r->run, "code"));
    json_text(out, "failure", map_get(&r->run, "failure"));
    for (size_t k = 0; k < PGO_COUNT(run); k++)
        json_verbatim(out, run[k], map_get(&r->run, run[k]));
    for (size_t k = 0; k < PGO_COUNT(covered); k++)
        json_verbatim(out, covered[k], map_get(&r->covered, covered[k]));
    if (only)
        json_integer(out, "only", *only);
    else
        json_text(out, "only", NULL);
}

void train_records_json(const struct train_records *all, struct buf *out)
{
    size_t *only = mem_alloc((all->n + 1) * sizeof(*only));
    bool known = train_records_only(all, only);
    json_open(out, NULL, '[');
    for (size_t i = 0; i < all->n; i++) {
        const struct train_record *r = &all->v[i];
        json_open(out, NULL, '{');
        json_text(out, "name", map_get(&r->run, "name"));
        train_record_json(r, known ? &only[i] : NULL, out);
        json_bool(out, "just_run", r->just_run);
        json_close(out, '}');
    }
    json_close(out, ']');
    free(only);
}

char *train_record_text(const struct train_record *r, const size_t *only)
{
    const char *elapsed = map_get(&r->run, "elapsed"), *cpu = map_get(&r->run, "cpu"),
               *memory = map_get(&r->run, "memory"), *processes = map_get(&r->run, "processes"),
               *wrote = map_get(&r->run, "wrote"), *bytes = map_get(&r->covered, "bytes"),
               *functions = map_get(&r->covered, "functions"),
               *damaged = map_get(&r->run, "damaged"), *code = map_get(&r->run, "code"),
               *failure = map_get(&r->run, "failure"), *how = map_get(&r->run, "how");
    struct buf b = BUF_INIT;
    if (!elapsed && !failure)
        return str_dup(damaged ? damaged : "not done");
    if (failure)
        buf_addf(&b, "failed: %s", how ? how : failure);
    if (!elapsed)
        return buf_detach(&b);
    buf_addf(&b, how ? " after %s s" : failure ? ", after %s s" : "ran %s s", elapsed);
    if (!failure && code && strcmp(code, "0") != 0)
        buf_addf(&b, ", exit status %s", code);
    buf_addf(&b, ", cpu %s s, memory %.1f MB", cpu ? cpu : "?",
             memory ? strtod(memory, NULL) / 1024 : 0);
    if (processes && wrote)
        buf_addf(&b, ", %s of %s processes wrote", wrote, processes);
    else if (processes)
        buf_addf(&b, ", processes %s", processes);
    if (bytes)
        buf_addf(&b, ", %.1f kB", strtod(bytes, NULL) / 1000);
    if (functions)
        buf_addf(&b, ", %s function%s", functions, strcmp(functions, "1") == 0 ? "" : "s");
    if (functions && only)
        buf_addf(&b, " (%zu that no other ran)", *only);
    return buf_detach(&b);
}
