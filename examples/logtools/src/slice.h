/* A piece of text that belongs to somebody else, not ended by a NUL. */
#ifndef LOGTOOLS_SLICE_H
#define LOGTOOLS_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
    const char *text; /* NULL: there is no such value, which is not the same as an empty one */
    size_t length;
};

static inline bool slice_equal(struct slice a, const char *text, size_t length)
{
    return a.length == length && memcmp(a.text, text, length) == 0;
}

/* As strcmp(). */
static inline int slice_compare(struct slice a, struct slice b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = memcmp(a.text, b.text, shorter);

    return order ? order : (a.length > b.length) - (a.length < b.length);
}

#endif
