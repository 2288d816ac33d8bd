#include "buf.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static PGO_NORETURN void mem_die(void)
{
    fputs("pgo: error: out of memory\n", stderr);
    exit(PGO_FAILED);
}

void *mem_alloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (!p)
        mem_die();
    return p;
}

void *mem_grow(void *p, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        mem_die();
    p = realloc(p, count && size ? count * size : 1);
    if (!p)
        mem_die();
    return p;
}

char *str_ndup(const char *s, size_t n)
{
    char *p = mem_alloc(n + 1);
    memcpy(p, s, n);
    return p;
}

char *str_dup(const char *s)
{
    return str_ndup(s, strlen(s));
}

char *str_fmt(const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_vaddf(&b, fmt, ap);
    va_end(ap);
    return buf_detach(&b);
}

void buf_release(struct buf *b)
{
    free(b->p);
    *b = (struct buf)BUF_INIT;
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    if (b->p)
        b->p[0] = '\0';
}

static void buf_reserve(struct buf *b, size_t more)
{
    if (more > SIZE_MAX / 2 - b->len)
        mem_die();
    size_t need = b->len + more + 1;
    if (need <= b->cap)
        return;
    size_t cap = b->cap ? b->cap : 64;
    while (cap < need)
        cap *= 2;
    b->p = mem_grow(b->p, cap, 1);
    b->cap = cap;
}

void buf_add(struct buf *b, const void *data, size_t len)
{
    buf_reserve(b, len);
    if (len)
        memcpy(b->p + b->len, data, len);
    b->len += len;
    b->p[b->len] = '\0';
}

void buf_adds(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_addc(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    char none[1];
    int n = vsnprintf(none, sizeof(none), fmt, again);
    va_end(again);
    if (n < 0)
        mem_die();
    buf_reserve(b, (size_t)n);
    vsnprintf(b->p + b->len, (size_t)n + 1, fmt, ap);
    b->len += (size_t)n;
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_vaddf(b, fmt, ap);
    va_end(ap);
}

const char *buf_str(const struct buf *b)
{
    return b->p ? b->p : "";
}

bool buf_contains(const struct buf *hay, const struct buf *needle)
{
    if (!needle->len || needle->len > hay->len)
        return false;
    const char *p = hay->p, *last = hay->p + hay->len - needle->len;
    while (p <= last && (p = memchr(p, needle->p[0], (size_t)(last - p) + 1))) {
        if (memcmp(p, needle->p, needle->len) == 0)
            return true;
        p++;
    }
    return false;
}

char *buf_detach(struct buf *b)
{
    char *p = b->p ? b->p : str_dup("");
    *b = (struct buf)BUF_INIT;
    return p;
}

bool str_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && strcmp(s + n - m, suffix) == 0;
}

bool str_long(const char *s, long min, long max, long *out)
{
    char *end;
    errno = 0;
    long v = strtol(s, &end, 10);
    if (end == s || isspace((unsigned char)*s) || *end || errno || v < min || v > max)
        return false;
    *out = v;
    return true;
}

bool str_double(const char *s, double min, double max, double *out)
{
    char *end;
    errno = 0;
    double v = strtod(s, &end);
    if (end == s || isspace((unsigned char)*s) || strpbrk(s, "xX") || *end || errno ||
        !(v >= min && v <= max))
        return false;
    *out = v;
    return true;
}

char *str_replace(const char *s, const char *from, const char *to)
{
    struct buf b = BUF_INIT;
    size_t n = strlen(from);
    for (const char *hit; n && (hit = strstr(s, from)); s = hit + n) {
        buf_add(&b, s, (size_t)(hit - s));
        buf_adds(&b, to);
    }
    buf_adds(&b, s);
    return buf_detach(&b);
}

size_t str_distance(const char *a, const char *b)
{
    size_t n = strlen(b);
    size_t *row = mem_alloc((n + 1) * sizeof(*row));
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diag = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diag + (a[i - 1] != b[j - 1]);
            diag = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    size_t result = row[n];
    free(row);
    return result;
}
