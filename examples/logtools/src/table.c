#include "table.h"

#include "mem.h"

#include <stdlib.h>

static uint32_t hash_bytes(const char *key, size_t length)
{
    uint32_t hash = UINT32_C(2166136261); /* FNV-1a */

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)key[i]) * UINT32_C(16777619);
    return hash ^ hash >> 15;
}

static void table_place(struct table *table, size_t number)
{
    size_t mask = table->place_count - 1;
    size_t place = table->entries[number].hash & mask;

    while (table->places[place])
        place = (place + 1) & mask;
    table->places[place] = number + 1;
}

static void table_widen(struct table *table)
{
    table->place_count = table->place_count ? table->place_count * 2 : 64;
    free(table->places);
    table->places = mem_alloc(table->place_count, sizeof *table->places);
    for (size_t i = 0; i < table->count; i++)
        table_place(table, i);
}

static size_t table_add(struct table *table, uint32_t hash, const char *key, size_t length)
{
    size_t number = table->count;

    table->entries = mem_grow(table->entries, table->count, sizeof *table->entries);
    table->entries[number] = (struct table_entry){hash, table->keys.length, length};
    table->count++;
    buf_reserve(&table->keys, length + 1); /* never NULL, also for an empty key */
    buf_append(&table->keys, key, length);
    if (table->count > table->place_count / 2)
        table_widen(table);
    else
        table_place(table, number);
    return number;
}

size_t table_number(struct table *table, const char *key, size_t length)
{
    uint32_t hash = hash_bytes(key, length);

    if (table->place_count) {
        size_t mask = table->place_count - 1;
        size_t place = hash & mask;

        for (; table->places[place]; place = (place + 1) & mask) {
            size_t number = table->places[place] - 1;

            if (table->entries[number].hash == hash &&
                slice_equal(table_key(table, number), key, length))
                return number;
        }
    }
    return table_add(table, hash, key, length);
}

struct slice table_key(const struct table *table, size_t number)
{
    const struct table_entry *entry = &table->entries[number];

    return (struct slice){table->keys.data + entry->start, entry->length};
}

void table_release(struct table *table)
{
    free(table->entries);
    free(table->places);
    buf_release(&table->keys);
}
