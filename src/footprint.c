#include "footprint.h"

#include "elf.h"
#include "fs.h"
#include "msg.h"

#include <stdlib.h>
#include <string.h>

#define FOOTPRINT_NUMBERS (FOOTPRINT_PARTS * FOOTPRINT_STAGES)
#define FOOTPRINT_TIMES (FOOTPRINT_STAGES + 3)

const char *const footprint_stages[FOOTPRINT_STAGES] = {"baseline", "instrument", "use"};
const char *const footprint_parts[FOOTPRINT_PARTS] = {"text", "data", "file"};

void footprint_release(struct footprint *f)
{
    for (size_t i = 0; i < f->n; i++)
        free(f->v[i].name);
    free(f->v);
    memset(f, 0, sizeof(*f));
}

static struct footprint_program *footprint_add(struct footprint *f, const char *name)
{
    f->v = mem_grow(f->v, f->n + 1, sizeof(*f->v));
    memset(&f->v[f->n], 0, sizeof(*f->v));
    f->v[f->n].name = str_dup(name);
    return &f->v[f->n++];
}

void footprint_take(const struct session *s, const struct pipeline *p, const char *baseline,
                    struct footprint *out)
{
    const char *const dirs[] = {baseline, p->instrument.dir, p->use.dir};
    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < p->profile.trained.n; i++) {
        const char *name = path_below(p->profile.trained.v[i], p->instrument.dir);
        struct footprint_program *program = name ? footprint_add(out, name) : NULL;
        for (int stage = 0; program && stage < FOOTPRINT_STAGES; stage++) {
            struct elf_size size;
            char *path = path_join(dirs[stage], name);
            if (!elf_size(path, &size))
                msg_warn("the size of '%s' is not known", path);
            program->bytes[FOOTPRINT_TEXT][stage] = (double)size.text;
            program->bytes[FOOTPRINT_DATA][stage] = (double)size.data;
            program->bytes[FOOTPRINT_FILE][stage] = (double)size.file;
            free(path);
        }
    }
    for (int stage = 0; stage < FOOTPRINT_STAGES; stage++) {
        struct map m = MAP_INIT;
        char *record = str_fmt("time.%s", footprint_stages[stage]);
        session_record(s, record, &m);
        out->built[stage] = record_number(&m, "configure", 1e15) + record_number(&m, "build", 1e15);
        free(record);
        map_release(&m);
    }
    for (size_t i = 0; i < p->records.n; i++)
        out->trained += record_number(&p->records.v[i].run, "elapsed", 1e15);
    out->merged = p->profile.seconds;
    out->profile = (double)fs_tree_size(p->profile.path);
}

double footprint_sum(const struct footprint *f, enum footprint_part part,
                     enum footprint_stage stage)
{
    double sum = 0;
    for (size_t i = 0; i < f->n; i++)
        sum += f->v[i].bytes[part][stage];
    return sum;
}

void footprint_save(const struct footprint *f, struct map *m)
{
    for (size_t i = 0; i < f->n; i++) {
        struct buf b = BUF_INIT;
        char *key = str_fmt("program:%s", f->v[i].name);
        for (int k = 0; k < FOOTPRINT_NUMBERS; k++)
            buf_addf(&b, "%s%.0f", k ? " " : "",
                     f->v[i].bytes[k / FOOTPRINT_STAGES][k % FOOTPRINT_STAGES]);
        map_set(m, key, buf_str(&b));
        buf_release(&b);
        free(key);
    }
    map_setf(m, "made", "%.3f %.3f %.3f %.3f %.3f %.0f", f->built[0], f->built[1], f->built[2],
             f->trained, f->merged, f->profile);
}

static bool footprint_numbers(const char *text, double *out, size_t n)
{
    struct vec words = VEC_INIT;
    vec_split(&words, text ? text : "", ' ');
    bool ok = words.n == n;
    for (size_t i = 0; i < n && ok; i++)
        ok = str_double(words.v[i], 0, 1e15, &out[i]);
    vec_release(&words);
    return ok;
}

bool footprint_read(const struct map *m, struct footprint *out)
{
    double v[FOOTPRINT_NUMBERS], made[FOOTPRINT_TIMES];
    memset(out, 0, sizeof(*out));
    bool ok = footprint_numbers(map_get(m, "made"), made, FOOTPRINT_TIMES);
    for (size_t i = 0; i < m->keys.n && ok; i++) {
        if (!str_starts(m->keys.v[i], "program:"))
            continue;
        struct footprint_program *program = footprint_add(out, m->keys.v[i] + strlen("program:"));
        ok = footprint_numbers(m->values.v[i], v, FOOTPRINT_NUMBERS);
        for (int k = 0; ok && k < FOOTPRINT_NUMBERS; k++)
            program->bytes[k / FOOTPRINT_STAGES][k % FOOTPRINT_STAGES] = v[k];
    }
    if (!ok)
        return false;
    memcpy(out->built, made, sizeof(out->built));
    out->trained = made[3];
    out->merged = made[4];
    out->profile = made[5];
    return true;
}
