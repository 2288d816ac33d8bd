#include "gcc_ids.h"

#include "fs.h"

#include <stdlib.h>
#include <string.h>

#define GCC_IDS_MAGIC 0x67636e6fu /* "gcno" */

/* A .gcno file while it is read: words and strings, which are not aligned. */
struct gcc_ids_cursor {
    const char *p, *end;
    bool bad;
};

void gcc_ids_release(struct gcc_ids *ids)
{
    free(ids->v);
    *ids = (struct gcc_ids){NULL, 0, 0};
}

/* By the names of the Itanium C++ ABI (special-name). */
static bool gcc_ids_is_thunk(const char *name)
{
    return str_starts(name, "_ZTh") || str_starts(name, "_ZTv") || str_starts(name, "_ZTc");
}

static uint32_t gcc_ids_byte(uint32_t crc, unsigned char byte)
{
    crc ^= (uint32_t)byte << 24;
    for (int bit = 0; bit < 8; bit++)
        crc = crc & 0x80000000u ? crc << 1 ^ 0x04c11db7u : crc << 1;
    return crc;
}

uint32_t gcc_ids_crc(uint32_t crc, const char *text)
{
    for (; *text; text++)
        crc = gcc_ids_byte(crc, (unsigned char)*text);
    return gcc_ids_byte(crc, 0);
}

static uint32_t gcc_ids_word(struct gcc_ids_cursor *c)
{
    uint32_t word = 0;
    c->bad |= !c->p || c->end - c->p < 4;
    if (!c->bad) {
        memcpy(&word, c->p, 4);
        c->p += 4;
    }
    return word;
}

/* In the file itself, where it ends in a zero. */
static const char *gcc_ids_string(struct gcc_ids_cursor *c)
{
    size_t n = gcc_ids_word(c);
    const char *text = c->p;
    c->bad |= !n || n > (size_t)(c->end - c->p) || text[n - 1];
    if (c->bad)
        return "";
    c->p += n;
    return text;
}

/* The number of a function that is not visible elsewhere; `object` is its file as the compiler was
   told, without ".o". */
static uint32_t gcc_ids_local(const char *source, const char *name, const char *object)
{
    uint32_t id = gcc_ids_crc(gcc_ids_crc(gcc_ids_crc(0, source), name), object) & 0x7fffffffu;
    return id ? id : 1;
}

static uint32_t gcc_ids_lines(uint32_t line, const char *source, const char *name)
{
    return gcc_ids_crc(gcc_ids_crc(line, source), name);
}

/* What the functions of a file are read for; `object` is its name without ".gcno". */
struct gcc_ids_reader {
    void (*function)(struct gcc_ids_reader *r, struct gcc_ids_cursor c);
    const char *object;
    struct gcc_ids *ids;
    const char *from, *to;
    uint32_t ident; /* that is looked for */
    char *name;
};

/* One function's record: numbers, name, whether it is artificial, file and line. */
static void gcc_ids_function(struct gcc_ids_reader *r, struct gcc_ids_cursor c)
{
    struct gcc_ids *ids = r->ids;
    struct gcc_id id = {0};
    id.ident = gcc_ids_word(&c);
    id.lines = gcc_ids_word(&c);
    gcc_ids_word(&c); /* the checksum of the control flow */
    const char *name = gcc_ids_string(&c);
    gcc_ids_word(&c);
    const char *source = gcc_ids_string(&c);
    uint32_t line = gcc_ids_word(&c);
    ids->thunks += gcc_ids_is_thunk(name);
    const char *below = c.bad ? NULL : path_below(source, r->from);
    if (!below)
        return;
    char *moved = path_join(r->to, below);
    bool local = id.ident == gcc_ids_local(source, name, r->object);
    bool lines = id.lines == gcc_ids_lines(line, source, name);
    id.new_ident = local ? gcc_ids_local(moved, name, r->object) : id.ident;
    id.new_lines = lines ? gcc_ids_lines(line, moved, name) : id.lines;
    if (local || lines) {
        ids->v = mem_grow(ids->v, ids->n + 1, sizeof(*ids->v));
        ids->v[ids->n++] = id;
    }
    free(moved);
}

static void gcc_ids_named(struct gcc_ids_reader *r, struct gcc_ids_cursor c)
{
    uint32_t ident = gcc_ids_word(&c);
    gcc_ids_word(&c); /* the checksums of its line and of its control flow */
    gcc_ids_word(&c);
    const char *name = gcc_ids_string(&c);
    if (!c.bad && ident == r->ident && !r->name)
        r->name = str_dup(name);
}

static void gcc_ids_file(struct gcc_ids_reader *r, const char *gcno)
{
    struct buf file = BUF_INIT;
    struct err ignored = ERR_INIT;
    if (!fs_is_file(gcno) || fs_read(gcno, &file, &ignored) != 0) {
        err_release(&ignored);
        return;
    }
    struct gcc_ids_cursor c = {file.p, file.p + file.len, !file.p};
    bool ours = gcc_ids_word(&c) == GCC_IDS_MAGIC;
    for (int i = 0; i < 3; i++) /* version, stamp, checksum */
        gcc_ids_word(&c);
    const char *below = path_below(gcno, gcc_ids_string(&c));
    gcc_ids_word(&c); /* whether there are blocks that never run */
    char *object = str_dup(below ? below : gcno);
    if (str_ends(object, ".gcno"))
        object[strlen(object) - strlen(".gcno")] = '\0';
    r->object = object;
    while (ours && !c.bad && c.p < c.end) {
        uint32_t tag = gcc_ids_word(&c), length = gcc_ids_word(&c);
        c.bad |= length > (size_t)(c.end - c.p);
        if (!c.bad && tag == GCDA_FUNCTION)
            r->function(r, (struct gcc_ids_cursor){c.p, c.p + length, false});
        c.p += c.bad ? 0 : length;
    }
    free(object);
    buf_release(&file);
}

void gcc_ids_read(struct gcc_ids *ids, const char *gcno, const char *from, const char *to)
{
    struct gcc_ids_reader r = {.function = gcc_ids_function, .ids = ids, .from = from, .to = to};
    gcc_ids_file(&r, gcno);
}

char *gcc_ids_name(const char *gcno, uint32_t ident)
{
    struct gcc_ids_reader r = {.function = gcc_ids_named, .ident = ident};
    gcc_ids_file(&r, gcno);
    return r.name;
}

static int gcc_ids_order(const void *a, const void *b)
{
    uint32_t x = ((const struct gcc_id *)a)->ident, y = ((const struct gcc_id *)b)->ident;
    return (x > y) - (x < y);
}

void gcc_ids_sort(struct gcc_ids *ids)
{
    if (ids->n)
        qsort(ids->v, ids->n, sizeof(*ids->v), gcc_ids_order);
}

static const struct gcc_id *gcc_ids_find(const struct gcc_ids *ids, uint32_t ident)
{
    const struct gcc_id key = {ident, 0, 0, 0};
    return bsearch(&key, ids->v, ids->n, sizeof(key), gcc_ids_order);
}

void gcc_ids_rename(const struct gcc_ids *ids, struct gcda *g)
{
    for (size_t i = 0; i < g->n && ids->n; i++) {
        struct gcda_record *r = &g->records[i];
        const struct gcc_id *id =
            r->tag == GCDA_FUNCTION && r->length > 0 ? gcc_ids_find(ids, r->words[0]) : NULL;
        if (!id)
            continue;
        r->words[0] = id->new_ident;
        if (r->words[1] == id->lines)
            r->words[1] = id->new_lines;
    }
}

void gcc_ids_retarget(const struct gcc_ids *all, struct gcda *g)
{
    for (size_t i = 0; i < g->n && all->n; i++) {
        struct gcda_record *r = &g->records[i];
        if (r->tag != GCDA_INDIRECT || r->length <= 0)
            continue;
        /* Of each counter: its total, the number of values, and pairs of value and count. */
        for (size_t at = 0; at < (size_t)r->length / 8;) {
            size_t pairs = (size_t)gcda_get(r, at + 1);
            for (size_t k = 0; k < pairs; k++) {
                int64_t target = gcda_get(r, at + 2 + 2 * k);
                const struct gcc_id *id = gcc_ids_find(all, (uint32_t)target);
                if (id && id->ident == target)
                    gcda_put(r, at + 2 + 2 * k, id->new_ident);
            }
            at += 2 + 2 * pairs;
        }
    }
}
