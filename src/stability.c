#include "stability.h"

#include <stdlib.h>
#include <string.h>

#define STABILITY_SAME 0.9995  /* an overlap that is printed as 100.0 % */
#define STABILITY_SHARES 256   /* of a sketch */
#define STABILITY_ROUNDED 1e-9 /* of the whole: less than that is what rounding left of nothing */

struct stability_counter {
    double sum, left;   /* of all trainings, weighted; of those that are not left out */
    size_t reach, stay; /* how many of all reached it; how many of these */
};

/* One function in all trainings together. */
struct stability_function {
    const char *name;
    struct stability_counter *v;
    size_t n;
    double total;           /* of the sums */
    size_t trainings, last; /* how many ran it; the last one */
    size_t stay;            /* how many that are not left out ran it */
};

struct stability_all {
    struct stability_function *v;
    size_t n;
    struct map index; /* name → position */
    double total, left;
};

static struct stability_function *stability_find(struct stability_all *all, const char *name)
{
    const char *known = map_get(&all->index, name);
    if (known)
        return &all->v[strtoul(known, NULL, 10)];
    map_setf(&all->index, name, "%zu", all->n);
    all->v = mem_grow(all->v, all->n + 1, sizeof(*all->v));
    struct stability_function *f = &all->v[all->n++];
    *f = (struct stability_function){.name = name};
    return f;
}

static void stability_add(struct stability_all *all, const struct stability_input *in,
                          size_t training)
{
    for (size_t i = 0; i < in->counts->n; i++) {
        const struct counts_function *c = &in->counts->v[i];
        struct stability_function *f = stability_find(all, c->name);
        for (; f->n < c->n; f->n++) {
            f->v = mem_grow(f->v, f->n + 1, sizeof(*f->v));
            f->v[f->n] = (struct stability_counter){0, 0, 0, 0};
        }
        for (size_t k = 0; k < c->n; k++) {
            double count = (double)c->v[k] * (double)in->weight;
            f->v[k].sum += count;
            f->v[k].reach += c->v[k] > 0;
            f->total += count;
            all->total += count;
        }
        f->trainings++;
        f->last = training;
    }
}

/* Adds a training to those that are not left out, or, with a sign of -1, leaves it out. */
static void stability_put(struct stability_all *all, const struct stability_input *in, int sign)
{
    for (size_t i = 0; i < in->counts->n; i++) {
        const struct counts_function *c = &in->counts->v[i];
        struct stability_function *f = stability_find(all, c->name);
        f->stay += (size_t)sign;
        for (size_t k = 0; k < c->n; k++) {
            double count = sign * (double)c->v[k] * (double)in->weight;
            f->v[k].left += count;
            f->v[k].stay += c->v[k] ? (size_t)sign : 0;
            all->left += count;
        }
    }
}

/* Compares the profile of those that are not left out with that of all. */
static void stability_measure(const struct stability_all *all, struct stability_row *row)
{
    bool some = all->left > STABILITY_ROUNDED * all->total;
    *row = (struct stability_row){.overlap = some};
    for (size_t i = 0; i < all->n; i++) {
        const struct stability_function *f = &all->v[i];
        row->functions += !f->stay;
        for (size_t k = 0; k < f->n; k++) {
            const struct stability_counter *c = &f->v[k];
            double whole = all->total > 0 ? c->sum / all->total : 0;
            double share = some && c->left > 0 ? c->left / all->left : 0;
            row->overlap -= share < whole ? whole - share : 0;
            row->blocks += c->reach && !c->stay;
        }
    }
    if (row->overlap < 0)
        row->overlap = 0;
}

static bool stability_same(const struct stability_row *row)
{
    return row->overlap >= STABILITY_SAME && !row->blocks;
}

/* What a training ran, as coarse shares: what two of these have in common is no less than what the
   profiles have, and is computed without looking up any function. */
struct stability_sketch {
    double total, share[STABILITY_SHARES];
};

static void stability_draw(struct stability_all *all, const struct counts *c,
                           struct stability_sketch *out)
{
    *out = (struct stability_sketch){0};
    for (size_t i = 0; i < c->n; i++) {
        size_t at = (size_t)(stability_find(all, c->v[i].name) - all->v);
        for (size_t k = 0; k < c->v[i].n; k++) {
            out->share[(7 * at + k) % STABILITY_SHARES] += (double)c->v[i].v[k];
            out->total += (double)c->v[i].v[k];
        }
    }
    for (size_t i = 0; i < STABILITY_SHARES && out->total > 0; i++)
        out->share[i] /= out->total;
}

static bool stability_may_be_alike(const struct stability_sketch *a,
                                   const struct stability_sketch *b)
{
    double common = 0;
    for (size_t i = 0; i < STABILITY_SHARES; i++)
        common += a->share[i] < b->share[i] ? a->share[i] : b->share[i];
    return common >= STABILITY_SAME - STABILITY_ROUNDED;
}

/* Whether `b` has the profile of `a`, but for the height of all counts, and reaches nothing more.
 */
static bool stability_alike(struct stability_all *all, const struct counts *a, double a_total,
                            const struct counts *b, double b_total)
{
    double common = 0;
    bool more = false;
    size_t *at = mem_alloc((all->n + 1) * sizeof(*at)); /* of a function in `a`, from 1 */
    memset(at, 0, (all->n + 1) * sizeof(*at));
    for (size_t i = 0; i < a->n; i++)
        at[stability_find(all, a->v[i].name) - all->v] = i + 1;
    for (size_t i = 0; i < b->n; i++) {
        const struct counts_function *y = &b->v[i];
        size_t found = at[stability_find(all, y->name) - all->v];
        const struct counts_function *x = found ? &a->v[found - 1] : NULL;
        for (size_t k = 0; k < y->n; k++) {
            double p = x && k < x->n ? (double)x->v[k] / a_total : 0;
            double q = (double)y->v[k] / b_total;
            common += p < q ? p : q;
            more |= q > 0 && p <= 0;
        }
    }
    free(at);
    return common >= STABILITY_SAME && !more;
}

static void stability_find_twins(struct stability_all *all, const struct stability_input *in,
                                 struct stability *out)
{
    struct stability_sketch *sketches = mem_alloc((out->n + 1) * sizeof(*sketches));
    for (size_t i = 0; i < out->n; i++) {
        struct stability_row *row = &out->v[i];
        stability_draw(all, in[i].counts, &sketches[i]);
        row->twin = i;
        for (size_t k = 0; k < i && !row->blocks && row->twin == i; k++)
            if (out->v[k].twin == k && stability_may_be_alike(&sketches[k], &sketches[i]) &&
                stability_alike(all, in[k].counts, sketches[k].total, in[i].counts,
                                sketches[i].total))
                row->twin = k;
    }
    free(sketches);
}

static bool stability_has_twin(const struct stability *s, size_t i)
{
    bool has = false;
    for (size_t k = i + 1; k < s->n && !has; k++)
        has = s->v[k].twin == i;
    return has;
}

/* Twins do, for the one that they are alike stays, and may have their weight. Of the others those
   that all others together can do without, the last ones first; they stay left out. */
static void stability_find_nothing(struct stability_all *all, const struct stability_input *in,
                                   struct stability *out)
{
    for (size_t i = out->n; i-- > 0;) {
        struct stability_row *row = &out->v[i], rest;
        row->adds_nothing = row->twin != i;
        if (row->adds_nothing || !stability_same(row) || stability_has_twin(out, i))
            continue;
        stability_put(all, &in[i], -1);
        stability_measure(all, &rest);
        row->adds_nothing = stability_same(&rest);
        if (!row->adds_nothing)
            stability_put(all, &in[i], 1);
    }
}

static int stability_hotter(const void *a, const void *b)
{
    const struct stability_function *x = a, *y = b;
    if (x->total != y->total)
        return x->total < y->total ? 1 : -1;
    return strcmp(x->name, y->name);
}

/* Sorts the functions. */
static void stability_find_hot(struct stability_all *all, struct stability *out)
{
    double sum = 0;
    if (all->n)
        qsort(all->v, all->n, sizeof(*all->v), stability_hotter);
    for (size_t i = 0; i < all->n && sum < STABILITY_HOT * all->total; i++) {
        const struct stability_function *f = &all->v[i];
        sum += f->total;
        out->hot++;
        if (f->trainings != 1)
            continue;
        out->once = mem_grow(out->once, out->once_n + 1, sizeof(*out->once));
        out->once[out->once_n++] = (struct stability_hot){f->name, f->last, f->total / all->total};
    }
}

void stability_compute(const struct stability_input *in, size_t n, struct stability *out)
{
    struct stability_all all = {NULL, 0, MAP_INIT, 0, 0};
    *out = (struct stability){.v = mem_alloc((n + 1) * sizeof(*out->v)), .n = n};
    for (size_t i = 0; i < n; i++)
        stability_add(&all, &in[i], i);
    for (size_t i = 0; i < n; i++)
        stability_put(&all, &in[i], 1);
    for (size_t i = 0; i < n; i++) {
        stability_put(&all, &in[i], -1);
        stability_measure(&all, &out->v[i]);
        stability_put(&all, &in[i], 1);
    }
    stability_find_twins(&all, in, out);
    stability_find_nothing(&all, in, out);
    stability_find_hot(&all, out);
    for (size_t i = 0; i < all.n; i++)
        free(all.v[i].v);
    free(all.v);
    map_release(&all.index);
}

void stability_release(struct stability *s)
{
    free(s->v);
    free(s->once);
    memset(s, 0, sizeof(*s));
}
