/* Growable byte string. Always NUL-terminated once anything was added; lengths are in bytes.
   Running out of memory ends the program with a message: no caller could do better. */
#ifndef PGO_BUF_H
#define PGO_BUF_H

#include "base.h"

#include <stdarg.h>

struct buf {
    char *p;
    size_t len;
    size_t cap;
};

#define BUF_INIT                                                                                   \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

void buf_release(struct buf *b);
void buf_clear(struct buf *b);
void buf_add(struct buf *b, const void *data, size_t len);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) PGO_PRINTF(2, 3);
void buf_vaddf(struct buf *b, const char *fmt, va_list ap);
/* The content as a string, "" when empty; owned by the buffer. */
const char *buf_str(const struct buf *b);
bool buf_contains(const struct buf *hay, const struct buf *needle); /* false for an empty one */
/* Hands the content to the caller, who frees it; the buffer is empty afterwards. */
char *buf_detach(struct buf *b);

/* Checked allocation, and formatted strings that the caller frees. */
void *mem_alloc(size_t size);
void *mem_grow(void *p, size_t count, size_t size);
char *str_dup(const char *s);
char *str_ndup(const char *s, size_t n);
char *str_fmt(const char *fmt, ...) PGO_PRINTF(1, 2);

bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
/* Whole-string decimal number within [min, max]; false when it is anything else. */
bool str_long(const char *s, long min, long max, long *out);
bool str_double(const char *s, double min, double max, double *out);
/* Copy of s in which each occurrence of `from` is `to`; the caller frees it. */
char *str_replace(const char *s, const char *from, const char *to);
/* Edit distance, for "did you mean". */
size_t str_distance(const char *a, const char *b);

#endif
