/* What something was made from: parts by name, "the flags", each as a hash. Kept in the record of
   what was made, so that a later run can tell not only that it is stale, but why. */
#ifndef PGO_PARTS_H
#define PGO_PARTS_H

#include "hash.h"
#include "vec.h"

/* Adds a part whose content is a text (NULL: there is none), words, or hashed already. */
void parts_text(struct map *parts, const char *name, const char *text);
void parts_words(struct map *parts, const char *name, const struct vec *words);
void parts_hex(struct map *parts, const char *name, const char *hex);
/* All of them in one hash. */
void parts_hash(const struct map *parts, char hex[HASH_HEX + 1]);
/* In the record of what was made from them, in the place of what was there. */
void parts_keep(const struct map *parts, struct map *record);
/* Whether a record tells at all what it is of; not so while that is made. */
bool parts_kept(const struct map *record);
/* NULL when they are those of the record; else what is different, "the flags changed"; the caller
   frees it. */
char *parts_changed(const struct map *parts, const struct map *record);

#endif
