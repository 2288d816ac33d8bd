/* Answers a query about files, as logmap does. */
#ifndef LOGTOOLS_MAP_H
#define LOGTOOLS_MAP_H

#include "output.h"
#include "query.h"
#include "records.h"

#include <stddef.h>

/* Of COUNT files; if there are none, of the one that the query names, or standard input. At most
 * THREADS files are read at once, which changes nothing in the answer. Returns 0, or -1 with ERR
 * filled. */
int map_files(const struct query *query, enum records_format format, const char *const *paths,
              size_t count, size_t threads, struct output *out, struct err *err);

#endif
