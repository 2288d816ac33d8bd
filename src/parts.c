#include "parts.h"

#include "buf.h"
#include "record.h"

#include <stdlib.h>
#include <string.h>

#define PARTS_KEY "part:" /* starts the keys of parts in a record */
#define PARTS_ONE "key"   /* a hash of all, in the records of an earlier version of pgo */

static char *parts_key(const char *name)
{
    return str_fmt(PARTS_KEY "%s", name);
}

void parts_hex(struct map *parts, const char *name, const char *hex)
{
    map_set(parts, name, hex);
}

static void parts_end(struct map *parts, const char *name, struct hash *h)
{
    char hex[HASH_HEX + 1];
    hash_hex(h, hex);
    map_set(parts, name, hex);
}

void parts_text(struct map *parts, const char *name, const char *text)
{
    struct hash h;
    hash_init(&h);
    hash_str(&h, text);
    parts_end(parts, name, &h);
}

void parts_words(struct map *parts, const char *name, const struct vec *words)
{
    struct hash h;
    hash_init(&h);
    hash_vec(&h, words);
    parts_end(parts, name, &h);
}

void parts_hash(const struct map *parts, char hex[HASH_HEX + 1])
{
    struct hash h;
    hash_init(&h);
    hash_vec(&h, &parts->keys);
    hash_vec(&h, &parts->values);
    hash_hex(&h, hex);
}

void parts_keep(const struct map *parts, struct map *record)
{
    struct map now = MAP_INIT;
    for (size_t i = 0; i < record->keys.n; i++)
        if (!str_starts(record->keys.v[i], PARTS_KEY) && strcmp(record->keys.v[i], PARTS_ONE) != 0)
            map_set(&now, record->keys.v[i], record->values.v[i]);
    for (size_t i = 0; i < parts->keys.n; i++) {
        char *key = parts_key(parts->keys.v[i]);
        map_set(&now, key, parts->values.v[i]);
        free(key);
    }
    map_release(record);
    *record = now;
}

static bool parts_known(const struct map *record)
{
    for (size_t i = 0; i < record->keys.n; i++)
        if (str_starts(record->keys.v[i], PARTS_KEY))
            return true;
    return false;
}

bool parts_kept(const struct map *record)
{
    const char *one = map_get(record, PARTS_ONE);
    return parts_known(record) || (one && *one);
}

char *parts_changed(const struct map *parts, const struct map *record)
{
    struct vec all = VEC_INIT;
    if (!parts_known(record) && parts_kept(record))
        return str_dup("it was made by another version of pgo");
    for (size_t i = 0; i < parts->keys.n; i++) {
        char *key = parts_key(parts->keys.v[i]);
        const char *old = map_get(record, key);
        if (!old || strcmp(old, parts->values.v[i]) != 0)
            vec_addf(&all, "%s %s", parts->keys.v[i], old ? "changed" : "is new");
        free(key);
    }
    for (size_t i = 0; i < record->keys.n; i++) {
        const char *key = record->keys.v[i];
        if (str_starts(key, PARTS_KEY) && !map_get(parts, key + strlen(PARTS_KEY)))
            vec_addf(&all, "%s is gone", key + strlen(PARTS_KEY));
    }
    char *text = all.n ? vec_some(&all, 1) : NULL;
    vec_release(&all);
    return text;
}
