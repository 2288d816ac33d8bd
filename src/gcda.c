#include "gcda.h"

#include "fs.h"

#include <stdlib.h>
#include <string.h>

#define GCDA_MAGIC 0x67636461u
#define GCDA_SUMMARY 0xa1000000u
#define GCDA_ARCS 0x01a10000u
#define GCDA_HEAD 4       /* words */
#define GCDA_TOPN_MOST 32 /* values that a counter of the kind "top n" keeps */

enum gcda_kind { GCDA_ADD, GCDA_TOPN, GCDA_OR, GCDA_FIRST };

/* How counters are merged: gcc/gcov-counter.def. */
static const struct {
    uint32_t tag;
    enum gcda_kind kind;
} gcda_counters[] = {
    {GCDA_ARCS, GCDA_ADD},      /* arcs */
    {0x01a30000, GCDA_ADD},     /* interval */
    {0x01a50000, GCDA_ADD},     /* pow2 */
    {0x01a70000, GCDA_TOPN},    /* topn */
    {GCDA_INDIRECT, GCDA_TOPN}, /* indirect_call */
    {0x01ab0000, GCDA_ADD},     /* average */
    {0x01ad0000, GCDA_OR},      /* ior */
    {0x01af0000, GCDA_FIRST}    /* time_profiler: the earliest that is not 0 */
};

static bool gcda_kind_of(uint32_t tag, enum gcda_kind *kind)
{
    for (size_t i = 0; i < PGO_COUNT(gcda_counters); i++) {
        if (gcda_counters[i].tag == tag) {
            *kind = gcda_counters[i].kind;
            return true;
        }
    }
    return false;
}

void gcda_release(struct gcda *g)
{
    for (size_t i = 0; i < g->n; i++)
        free(g->records[i].words);
    free(g->records);
    memset(g, 0, sizeof(*g));
}

static struct gcda_record *gcda_push(struct gcda *g, uint32_t tag, int32_t length)
{
    g->records = mem_grow(g->records, g->n + 1, sizeof(*g->records));
    struct gcda_record *r = &g->records[g->n++];
    *r = (struct gcda_record){tag, length, length > 0 ? mem_alloc((size_t)length) : NULL};
    return r;
}

int64_t gcda_get(const struct gcda_record *r, size_t i)
{
    if (r->length <= 0)
        return 0;
    return (int64_t)((uint64_t)r->words[2 * i + 1] << 32 | r->words[2 * i]);
}

void gcda_put(struct gcda_record *r, size_t i, int64_t value)
{
    r->words[2 * i] = (uint32_t)value;
    r->words[2 * i + 1] = (uint32_t)((uint64_t)value >> 32);
}

/* Whether the values of a top-n record end where the record ends. */
static bool gcda_topn_whole(const struct gcda_record *r)
{
    size_t n = r->length > 0 ? (size_t)r->length / 8 : 0, i = 0;
    while (i + 2 <= n) {
        int64_t pairs = gcda_get(r, i + 1);
        if (pairs < 0 || (uint64_t)pairs > n)
            return false;
        i += 2 + 2 * (size_t)pairs;
    }
    return i == n;
}

static const char *gcda_check(const struct gcda_record *r)
{
    enum gcda_kind kind;
    if (r->tag == GCDA_FUNCTION)
        return r->length == 12 || r->length == 0 ? NULL
                                                 : "damaged (a function record of another size)";
    if (r->tag == GCDA_SUMMARY)
        return r->length == 8 ? NULL : "damaged (a summary of another size)";
    if (!gcda_kind_of(r->tag, &kind))
        return "damaged (an unknown record)";
    if (r->length % 8)
        return "damaged (half a counter)";
    return kind == GCDA_TOPN && !gcda_topn_whole(r) ? "damaged (a list of values does not end)"
                                                    : NULL;
}

/* A process's own file has no summary (libgcov's __gcov_info_to_gcda): runs, highest arc count. */
static void gcda_summarize(struct gcda *g)
{
    struct gcda_facts facts = {0, 0, 0};
    gcda_count(g, &facts);
    struct gcda_record *last = gcda_push(g, GCDA_SUMMARY, 8), summary = *last;
    summary.words[0] = 1;
    summary.words[1] = facts.max_count > UINT32_MAX ? UINT32_MAX : (uint32_t)facts.max_count;
    memmove(g->records + 1, g->records, (g->n - 1) * sizeof(*g->records));
    g->records[0] = summary;
}

/* The file ends in a zero word; one that was cut between two records lacks it. */
static const char *gcda_parse(const uint32_t *w, size_t n, struct gcda *out)
{
    size_t i = GCDA_HEAD;
    if (n < GCDA_HEAD)
        return n ? "truncated" : "empty";
    memcpy(out->head, w, sizeof(out->head));
    if (w[0] != GCDA_MAGIC)
        return "not a .gcda file of this machine";
    while (i < n && w[i]) {
        if (n - i < 2)
            return "truncated";
        int32_t length = (int32_t)w[i + 1];
        size_t stored = length > 0 ? (size_t)length / 4 : 0;
        if (length % 4)
            return "damaged (a length that is no multiple of 4)";
        if (stored > n - i - 2)
            return "truncated";
        struct gcda_record *r = gcda_push(out, w[i], length);
        if (stored)
            memcpy(r->words, w + i + 2, stored * 4);
        const char *fault = gcda_check(r);
        if (fault)
            return fault;
        i += 2 + stored;
    }
    if (i >= n)
        return "truncated";
    if (!out->n || out->records[0].tag != GCDA_SUMMARY)
        gcda_summarize(out);
    return NULL;
}

int gcda_read(const char *path, struct gcda *out, const char **fault, struct err *err)
{
    struct buf b = BUF_INIT;
    memset(out, 0, sizeof(*out));
    *fault = NULL;
    if (fs_read(path, &b, err) != 0)
        return -1;
    uint32_t *words = mem_alloc(b.len + 4);
    if (b.len)
        memcpy(words, b.p, b.len);
    *fault = b.len % 4 ? "truncated" : gcda_parse(words, b.len / 4, out);
    if (*fault)
        gcda_release(out);
    free(words);
    buf_release(&b);
    return 0;
}

int gcda_write(const char *path, const struct gcda *g, struct err *err)
{
    static const uint32_t end = 0;
    struct buf b = BUF_INIT;
    buf_add(&b, g->head, sizeof(g->head));
    for (size_t i = 0; i < g->n; i++) {
        const struct gcda_record *r = &g->records[i];
        buf_add(&b, &r->tag, 4);
        buf_add(&b, &r->length, 4);
        if (r->length > 0)
            buf_add(&b, r->words, (size_t)r->length);
    }
    buf_add(&b, &end, 4);
    int rc = fs_replace(path, b.p, b.len, err);
    buf_release(&b);
    return rc;
}

static size_t gcda_values(const struct gcda_record *r)
{
    return (size_t)(r->length < 0 ? -(int64_t)r->length : r->length) / 8;
}

/* The same functions in the same order, with as many counters. Lists of values may differ. */
static const char *gcda_differ(const struct gcda *a, const struct gcda *b)
{
    enum gcda_kind kind;
    if (a->head[1] != b->head[1])
        return "of another compiler version than the other trainings";
    if (a->head[3] != b->head[3] || a->n != b->n)
        return "of other code than the other trainings";
    for (size_t i = 0; i < a->n; i++) {
        const struct gcda_record *x = &a->records[i], *y = &b->records[i];
        bool counters = gcda_kind_of(x->tag, &kind);
        if (x->tag != y->tag)
            return "of other code than the other trainings";
        if (x->tag == GCDA_FUNCTION &&
            (x->length != y->length || (x->length && memcmp(x->words, y->words, 12) != 0)))
            return "of other code than the other trainings";
        if (counters && kind != GCDA_TOPN && gcda_values(x) != gcda_values(y))
            return "of other code than the other trainings";
    }
    return NULL;
}

static uint32_t gcda_sum32(uint32_t a, uint32_t b, long weight)
{
    uint64_t sum = a + (uint64_t)b * (uint64_t)weight;
    return sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}

/* Saturates: a count that no longer fits is as high as a count can be. */
static int64_t gcda_sum64(int64_t a, int64_t b, long weight)
{
    if (b > 0 && weight > (INT64_MAX - (a > 0 ? a : 0)) / b)
        return INT64_MAX;
    if (b < 0 && (INT64_MIN - (a < 0 ? a : 0)) / weight > b)
        return INT64_MIN;
    return a + b * weight;
}

/* GCC ors the addresses that a memory function gets, and takes from them only how they are aligned.
   Addresses are other ones in each run: their lowest bit is kept, up to the 16 bytes that stack and
   heap are sure to keep, so that equal runs give equal profiles. */
static int64_t gcda_alignment(int64_t addresses)
{
    for (int64_t bit = 1; addresses && bit < 16; bit <<= 1)
        if (addresses & bit)
            return bit;
    return addresses ? 16 : 0;
}

static void gcda_add_plain(struct gcda_record *into, const struct gcda_record *from, long weight,
                           enum gcda_kind kind)
{
    if (from->length <= 0)
        return;
    if (into->length < 0) {
        into->length = from->length;
        into->words = mem_alloc((size_t)from->length);
    }
    for (size_t i = 0; i < gcda_values(from); i++) {
        int64_t a = gcda_get(into, i), b = gcda_get(from, i), sum;
        if (kind == GCDA_ADD)
            sum = gcda_sum64(a, b, weight);
        else if (kind == GCDA_OR)
            sum = gcda_alignment(a | b);
        else
            sum = a && (!b || a < b) ? a : b;
        gcda_put(into, i, sum);
    }
}

struct gcda_value {
    int64_t value, count;
};

static int gcda_more(const void *a, const void *b)
{
    const struct gcda_value *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return (x->value > y->value) - (x->value < y->value);
}

/* Adds the counter at word *at of a record to a list of values; moves *at behind it. */
static void gcda_take_topn(const struct gcda_record *r, size_t *at, long weight,
                           struct gcda_value *list, size_t *n, int64_t *total, bool *full)
{
    int64_t all = gcda_get(r, *at);
    size_t pairs = (size_t)gcda_get(r, *at + 1);
    *full |= all < 0;
    *total = gcda_sum64(*total, all == INT64_MIN ? INT64_MAX : all < 0 ? -all : all, weight);
    for (size_t k = 0; k < pairs; k++) {
        int64_t value = gcda_get(r, *at + 2 + 2 * k), count = gcda_get(r, *at + 3 + 2 * k);
        size_t i = 0;
        while (i < *n && list[i].value != value)
            i++;
        if (i == *n)
            list[(*n)++] = (struct gcda_value){value, 0};
        list[i].count = gcda_sum64(list[i].count, count, weight);
    }
    *at += 2 + 2 * pairs;
}

/* A counter is its total, the number of values and as many pairs of value and count; the total is
   negative when values had to be left out. */
static void gcda_add_topn(struct gcda_record *into, const struct gcda_record *from, long weight)
{
    struct buf out = BUF_INIT;
    size_t a = 0, b = 0, a_end = into->length > 0 ? gcda_values(into) : 0;
    size_t b_end = from->length > 0 ? gcda_values(from) : 0;
    while (a < a_end || b < b_end) {
        struct gcda_value *list = mem_alloc((a_end - a + b_end - b + 1) * sizeof(*list));
        size_t n = 0;
        int64_t total = 0;
        bool full = false;
        if (a < a_end)
            gcda_take_topn(into, &a, 1, list, &n, &total, &full);
        if (b < b_end)
            gcda_take_topn(from, &b, weight, list, &n, &total, &full);
        if (n > 1)
            qsort(list, n, sizeof(*list), gcda_more);
        full |= n > GCDA_TOPN_MOST;
        if (n > GCDA_TOPN_MOST)
            n = GCDA_TOPN_MOST;
        int64_t head[2] = {full ? -total : total, (int64_t)n};
        buf_add(&out, head, sizeof(head));
        buf_add(&out, list, n * sizeof(*list));
        free(list);
    }
    if (b_end) {
        free(into->words);
        into->length = (int32_t)out.len;
        into->words = (uint32_t *)(void *)buf_detach(&out);
    }
    buf_release(&out);
}

/* What is left to add to: the same records, all counts 0. */
static void gcda_clear(struct gcda *to, const struct gcda *from)
{
    enum gcda_kind kind;
    memcpy(to->head, from->head, sizeof(to->head));
    for (size_t i = 0; i < from->n; i++) {
        const struct gcda_record *r = &from->records[i];
        bool counters = gcda_kind_of(r->tag, &kind);
        int32_t length =
            counters && r->length > 0 ? (kind == GCDA_TOPN ? 0 : -r->length) : r->length;
        struct gcda_record *copy = gcda_push(to, r->tag, length);
        if (length > 0 && r->tag == GCDA_FUNCTION)
            memcpy(copy->words, r->words, (size_t)length);
    }
}

const char *gcda_add(struct gcda *into, const struct gcda *from, long weight)
{
    enum gcda_kind kind;
    if (!into->head[0])
        gcda_clear(into, from);
    const char *why = gcda_differ(into, from);
    if (why)
        return why;
    for (size_t i = 0; i < into->n; i++) {
        struct gcda_record *r = &into->records[i];
        const struct gcda_record *f = &from->records[i];
        if (r->tag == GCDA_SUMMARY) {
            r->words[0] = gcda_sum32(r->words[0], f->words[0], weight);
            r->words[1] = gcda_sum32(r->words[1], f->words[1], weight);
        } else if (gcda_kind_of(r->tag, &kind) && kind == GCDA_TOPN) {
            gcda_add_topn(r, f, weight);
        } else if (gcda_kind_of(r->tag, &kind)) {
            gcda_add_plain(r, f, weight, kind);
        }
    }
    return NULL;
}

static bool gcda_has_counts(const struct gcda_record *r)
{
    bool any = false;
    for (size_t i = 0; i < gcda_values(r); i++)
        any |= gcda_get(r, i) != 0;
    return any;
}

void gcda_ran(const struct gcda *g, const char *file, struct counts *out)
{
    const struct gcda_record *function = NULL;
    for (size_t i = 0; i < g->n; i++) {
        const struct gcda_record *r = &g->records[i];
        if (r->tag == GCDA_FUNCTION)
            function = r;
        if (r->tag != GCDA_ARCS || !function || !function->length || !gcda_has_counts(r))
            continue;
        struct counts_function *f = counts_add(out, str_fmt("%s:%08x", file, function->words[0]));
        f->n = gcda_values(r);
        f->v = mem_alloc(f->n * sizeof(*f->v));
        for (size_t k = 0; k < f->n; k++) {
            int64_t count = gcda_get(r, k);
            f->v[k] = count > 0 ? (unsigned long long)count : 0;
        }
    }
}

void gcda_count(const struct gcda *g, struct gcda_facts *facts)
{
    for (size_t i = 0; i < g->n; i++) {
        const struct gcda_record *r = &g->records[i];
        facts->functions += r->tag == GCDA_FUNCTION && r->length;
        if (r->tag != GCDA_ARCS)
            continue;
        for (size_t k = 0; k < gcda_values(r); k++) {
            int64_t count = gcda_get(r, k);
            if (count > 0 && (unsigned long long)count > facts->max_count)
                facts->max_count = (unsigned long long)count;
        }
        facts->covered += gcda_has_counts(r);
    }
}
