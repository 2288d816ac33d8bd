/* What the user reads. Narration and errors go to standard error, results to standard output. */
#ifndef PGO_MSG_H
#define PGO_MSG_H

#include "err.h"

enum msg_level { MSG_QUIET, MSG_NORMAL, MSG_VERBOSE };

void msg_level(enum msg_level level);
bool msg_is_verbose(void);
bool msg_on_terminal(void);                              /* someone watches what is told */
void msg_note(const char *fmt, ...) PGO_PRINTF(1, 2);    /* not with --quiet */
void msg_verbose(const char *fmt, ...) PGO_PRINTF(1, 2); /* only with --verbose */
void msg_warn(const char *fmt, ...) PGO_PRINTF(1, 2);
/* Prints the failure, once, with hint, tool output and log; returns its exit status. */
int msg_error(const struct err *err);
/* Whether all of standard output could be written; fills err otherwise. */
int msg_flush(struct err *err);

#endif
