#include "vec.h"

#include "buf.h"

#include <stdlib.h>
#include <string.h>

void vec_release(struct vec *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->v[i]);
    free(s->v);
    *s = (struct vec)VEC_INIT;
}

void vec_take(struct vec *s, char *value)
{
    if (s->n + 2 > s->cap) {
        s->cap = s->cap ? s->cap * 2 : 8;
        s->v = mem_grow(s->v, s->cap, sizeof(*s->v));
    }
    s->v[s->n++] = value;
    s->v[s->n] = NULL;
}

void vec_add(struct vec *s, const char *value)
{
    vec_take(s, str_dup(value));
}

void vec_addf(struct vec *s, const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_vaddf(&b, fmt, ap);
    va_end(ap);
    vec_take(s, buf_detach(&b));
}

void vec_all(struct vec *s, const struct vec *from)
{
    for (size_t i = 0; i < from->n; i++)
        vec_add(s, from->v[i]);
}

void vec_words(struct vec *s, const char *const *words)
{
    for (; *words; words++)
        vec_add(s, *words);
}

void vec_split(struct vec *s, const char *text, char separator)
{
    while (*text) {
        const char *end = strchr(text, separator);
        size_t n = end ? (size_t)(end - text) : strlen(text);
        if (n)
            vec_take(s, str_ndup(text, n));
        text += n + (end != NULL);
    }
}

bool vec_shell(struct vec *s, const char *text)
{
    struct buf word = BUF_INIT;
    bool in_word = false;
    char quote = '\0';
    for (; *text; text++) {
        char c = *text;
        if (!quote && strchr(" \t\n", c)) {
            if (in_word)
                vec_add(s, buf_str(&word));
            buf_clear(&word);
            in_word = false;
            continue;
        }
        if (c == '\\' && quote != '\'' && text[1] == '\n') { /* the line goes on */
            text++;
            continue;
        }
        in_word = true;
        if (c == quote)
            quote = '\0';
        else if (!quote && (c == '\'' || c == '"'))
            quote = c;
        else if (c == '\\' && quote != '\'' && text[1] && (!quote || strchr("$`\"\\", text[1])))
            buf_addc(&word, *++text);
        else
            buf_addc(&word, c);
    }
    if (in_word)
        vec_add(s, buf_str(&word));
    buf_release(&word);
    return !quote;
}

bool vec_remove(struct vec *s, const char *value)
{
    for (size_t i = 0; i < s->n; i++) {
        if (strcmp(s->v[i], value) == 0) {
            free(s->v[i]);
            memmove(&s->v[i], &s->v[i + 1], (s->n - i) * sizeof(*s->v));
            s->n--;
            return true;
        }
    }
    return false;
}

static int vec_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void vec_sort(struct vec *s)
{
    if (s->n > 1)
        qsort(s->v, s->n, sizeof(*s->v), vec_compare);
}

char *vec_quoted(const struct vec *s)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_@%+=:./-{}";
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < s->n; i++) {
        const char *word = s->v[i];
        char *safe = str_replace(word, "'", "'\"'\"'");
        bool as_it_is = *word && !word[strspn(word, plain)] &&
                        !(strchr(word, '{') && strstr(word, "..")) && (i || !strchr(word, '='));
        buf_addf(&b, as_it_is ? "%s%s" : "%s'%s'", i ? " " : "", safe);
        free(safe);
    }
    return b.len ? buf_detach(&b) : str_dup("");
}

bool vec_same(const struct vec *a, const struct vec *b)
{
    size_t i = 0;
    while (i < a->n && i < b->n && strcmp(a->v[i], b->v[i]) == 0)
        i++;
    return i == a->n && i == b->n;
}

bool vec_has(const struct vec *s, const char *value)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->v[i], value) == 0)
            return true;
    return false;
}

bool vec_has_sorted(const struct vec *s, const char *value)
{
    return s->n && bsearch(&value, s->v, s->n, sizeof(*s->v), vec_compare);
}

char *vec_join(const struct vec *s, const char *separator)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < s->n; i++)
        buf_addf(&b, "%s%s", i ? separator : "", s->v[i]);
    return buf_detach(&b);
}

char *vec_some(const struct vec *s, size_t most)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < s->n && i < most; i++)
        buf_addf(&b, "%s%s", i ? ", " : "", s->v[i]);
    if (s->n > most)
        buf_addf(&b, " and %zu more", s->n - most);
    return buf_detach(&b);
}

const char *vec_nearest(const struct vec *known, const char *word)
{
    const char *best = NULL;
    size_t limit = strlen(word) / 3 + 2;
    for (size_t i = 0; i < known->n; i++) {
        size_t d = str_distance(known->v[i], word);
        if (d < limit) {
            limit = d;
            best = known->v[i];
        }
    }
    return best;
}

void map_release(struct map *m)
{
    vec_release(&m->keys);
    vec_release(&m->values);
    free(m->slots);
    *m = (struct map)MAP_INIT;
}

/* FNV-1a, 64 bit (http://www.isthe.com/chongo/tech/comp/fnv/). */
static size_t map_slot(const struct map *m, const char *key)
{
    uint64_t h = 14695981039346656037u;
    for (const unsigned char *c = (const unsigned char *)key; *c; c++)
        h = (h ^ *c) * 1099511628211u;
    size_t i = (size_t)h & (m->cap - 1);
    while (m->slots[i] && strcmp(m->keys.v[m->slots[i] - 1], key) != 0)
        i = (i + 1) & (m->cap - 1);
    return i;
}

static void map_grow(struct map *m)
{
    free(m->slots);
    m->cap = m->cap ? m->cap * 2 : 16;
    m->slots = mem_alloc(m->cap * sizeof(*m->slots));
    for (size_t i = 0; i < m->keys.n; i++)
        m->slots[map_slot(m, m->keys.v[i])] = i + 1;
}

void map_set(struct map *m, const char *key, const char *value)
{
    if ((m->keys.n + 1) * 2 > m->cap)
        map_grow(m);
    size_t slot = map_slot(m, key);
    if (m->slots[slot]) {
        char **old = &m->values.v[m->slots[slot] - 1];
        char *copy = str_dup(value);
        free(*old);
        *old = copy;
        return;
    }
    vec_add(&m->keys, key);
    vec_add(&m->values, value);
    m->slots[slot] = m->keys.n;
}

void map_setf(struct map *m, const char *key, const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_vaddf(&b, fmt, ap);
    va_end(ap);
    map_set(m, key, buf_str(&b));
    buf_release(&b);
}

const char *map_get(const struct map *m, const char *key)
{
    if (!m->cap)
        return NULL;
    size_t slot = m->slots[map_slot(m, key)];
    return slot ? m->values.v[slot - 1] : NULL;
}
