/* A hash table from byte strings to the numbers 0, 1, 2, ... in the order they came. */
#ifndef LOGTOOLS_TABLE_H
#define LOGTOOLS_TABLE_H

#include "buf.h"
#include "slice.h"

#include <stdint.h>

struct table_entry {
    uint32_t hash;
    size_t start; /* of the key in `keys` */
    size_t length;
};

/* Zero-initialised it is empty. */
struct table {
    struct table_entry *entries;
    size_t count;
    struct buf keys;
    size_t *places;     /* entry number + 1; 0 is free */
    size_t place_count; /* a power of two, or 0 */
};

/* Returns the number of KEY, which is table->count - 1 if it is new. Copies the key. */
size_t table_number(struct table *table, const char *key, size_t length);

/* The key of a number; stands until a key is added. */
struct slice table_key(const struct table *table, size_t number);

void table_release(struct table *table);

#endif
