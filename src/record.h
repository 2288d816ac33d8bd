/* A state file: keys and values in text, whole or not at all.
     pgo-record 1
     <key> <value>          newline and backslash are written \n and \\, a space in a key \s
     end <hash of all lines before>
   It is never trusted without its last line; see record_read. */
#ifndef PGO_RECORD_H
#define PGO_RECORD_H

#include "err.h"
#include "vec.h"

enum record_state { RECORD_OK, RECORD_MISSING, RECORD_DAMAGED };

/* RECORD_DAMAGED also for a file of another version; `err` then says which file and what is wrong,
   and the caller goes on as if it were missing, after reporting it. The map is then empty. */
enum record_state record_read(const char *path, struct map *out, struct err *err);
int record_write(const char *path, const struct map *m, struct err *err);
/* Whether a record holds this value under this key. */
bool record_is(const struct map *m, const char *key, const char *value);
/* 0 also when there is none; a number up to `most`. */
unsigned long long record_count(const struct map *m, const char *key);
double record_number(const struct map *m, const char *key, double most);
/* What a record "<stamp> <value>" under this key says; NULL when the stamp is another. */
const char *record_stamped(const struct map *m, const char *key, const char *stamp);

#endif
