/* A set of bytes. */
#ifndef LOGTOOLS_CHARSET_H
#define LOGTOOLS_CHARSET_H

#include <stdbool.h>
#include <stdint.h>

struct charset {
    uint64_t bits[4];
};

static inline bool charset_has(const struct charset *set, unsigned char byte)
{
    return set->bits[byte >> 6] >> (byte & 63) & 1;
}

static inline void charset_add(struct charset *set, unsigned char byte)
{
    set->bits[byte >> 6] |= UINT64_C(1) << (byte & 63);
}

static inline void charset_add_range(struct charset *set, unsigned char first, unsigned char last)
{
    for (unsigned byte = first; byte <= last; byte++)
        charset_add(set, (unsigned char)byte);
}

static inline void charset_join(struct charset *set, const struct charset *other)
{
    for (int i = 0; i < 4; i++)
        set->bits[i] |= other->bits[i];
}

static inline void charset_invert(struct charset *set)
{
    for (int i = 0; i < 4; i++)
        set->bits[i] = ~set->bits[i];
}

#endif
