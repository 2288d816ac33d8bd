/* Growable list of strings that it owns; `v` is always NULL-terminated once anything was added,
   so that it serves as an argument or environment vector. */
#ifndef PGO_VEC_H
#define PGO_VEC_H

#include "base.h"

struct vec {
    char **v;
    size_t n;
    size_t cap;
};

#define VEC_INIT                                                                                   \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

void vec_release(struct vec *s);
void vec_add(struct vec *s, const char *value);
void vec_addf(struct vec *s, const char *fmt, ...) PGO_PRINTF(2, 3);
void vec_take(struct vec *s, char *value); /* owns `value` from now on */
void vec_all(struct vec *s, const struct vec *from);
void vec_words(struct vec *s, const char *const *words); /* NULL-terminated */
void vec_split(struct vec *s, const char *text, char separator);
/* Words of a command line by the POSIX quoting rules, nothing expanded; false for an open quote. */
bool vec_shell(struct vec *s, const char *text);
/* The reverse, in single quotes where that must be; the caller frees it. */
char *vec_quoted(const struct vec *s);
/* Removes the first one of that value: whether there was one. */
bool vec_remove(struct vec *s, const char *value);
void vec_sort(struct vec *s);
bool vec_same(const struct vec *a, const struct vec *b);
bool vec_has(const struct vec *s, const char *value);
/* Like vec_has, for a list that vec_sort has sorted. */
bool vec_has_sorted(const struct vec *s, const char *value);
char *vec_join(const struct vec *s, const char *separator); /* the caller frees it */
/* "a, b, c and 4 more": at most `most` names; the caller frees it. */
char *vec_some(const struct vec *s, size_t most);
/* The known word nearest to `word`, or NULL when none is near. */
const char *vec_nearest(const struct vec *known, const char *word);

/* Strings to strings, in the order in which keys first came. Small: look-ups are by hash. */
struct map {
    struct vec keys;
    struct vec values;
    size_t *slots; /* index + 1 into keys, 0 = free */
    size_t cap;
};

#define MAP_INIT                                                                                   \
    {                                                                                              \
        VEC_INIT, VEC_INIT, NULL, 0                                                                \
    }

void map_release(struct map *m);
void map_set(struct map *m, const char *key, const char *value);
void map_setf(struct map *m, const char *key, const char *fmt, ...) PGO_PRINTF(3, 4);
/* The value, owned by the map; NULL when the key is not there. */
const char *map_get(const struct map *m, const char *key);

#endif
