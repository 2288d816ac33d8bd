/* Tells whether a line holds a match of a pattern, in time linear in the line's length.
 *
 * The pattern's program is run as a deterministic automaton whose states are built when they
 * are first needed. A state is the set of instructions that wait for the next byte. */
#ifndef LOGTOOLS_MATCHER_H
#define LOGTOOLS_MATCHER_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>

struct matcher;

/* Returns NULL with ERR filled for a wrong pattern; pattern.h has the syntax. */
struct matcher *matcher_new(const char *text, bool ignore_case, struct err *err);
bool matcher_test(struct matcher *matcher, const char *line, size_t length);
void matcher_free(struct matcher *matcher);

#endif
