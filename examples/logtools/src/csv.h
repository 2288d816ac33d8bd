/* Comma-separated values after RFC 4180, a record a line. */
#ifndef LOGTOOLS_CSV_H
#define LOGTOOLS_CSV_H

#include "buf.h"
#include "slice.h"

/* Takes the next field from *CURSOR, which starts at the line's begin and becomes NULL after
 * its last field. Removes quotes in place. Returns 0, or -1 for a quote that does not end
 * where the field does. */
int csv_next(char **cursor, char *end, struct slice *field);

/* Appends a field, in quotes where it needs them. */
void csv_append(struct buf *buf, const char *text, size_t length);

#endif
