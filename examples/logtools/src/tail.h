/* Follows a growing file, as logtail does. */
#ifndef LOGTOOLS_TAIL_H
#define LOGTOOLS_TAIL_H

#include "matcher.h"
#include "output.h"
#include "reader.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The first members are what is wanted; the caller sets them, and the others to zero. */
struct tail {
    const char *path;
    struct output *out; /* borrowed, as the matchers are */
    bool wait;          /* for the file to be there */
    bool from_start;
    uint64_t lines;          /* if not, so many of the last */
    struct matcher *grep;    /* what to print; NULL: all */
    struct matcher *until;   /* ends after such a line; NULL: no such end */
    uint64_t until_line;     /* ends after so many; 0: no such end */
    double timeout;          /* ends after so many seconds; negative: never */
    double interval;         /* looks for news so often */
    const atomic_bool *stop; /* ends when it becomes true; may be NULL */

    struct reader reader;
    uint64_t seen; /* lines */
    dev_t device;  /* these tell when the path has got another file */
    ino_t inode;
    double end; /* as now() counts; negative: never */
};

/* Returns 1 when `until` or `until_line` came, 0 when it ended before, or -1 with ERR filled. */
int tail_run(struct tail *tail, struct err *err);

#endif
