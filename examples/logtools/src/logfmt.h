/* Log lines of words and key=value pairs, such as
 *     2025-03-01T00:00:00.017Z WARN cache latency=3.250 msg="entry \"a\" evicted" */
#ifndef LOGTOOLS_LOGFMT_H
#define LOGTOOLS_LOGFMT_H

#include "slice.h"

/* Takes the next pair or word from *CURSOR. A word alone has a key without text. A value in
 * quotes loses them, and the backslashes in it, in place. Returns false at the line's end. */
bool logfmt_next(char **cursor, char *end, struct slice *key, struct slice *value);

#endif
