/* What loggrep does with one file after the other. */
#ifndef LOGTOOLS_GREP_H
#define LOGTOOLS_GREP_H

#include "buf.h"
#include "matcher.h"
#include "output.h"

#include <stdbool.h>
#include <stdint.h>

/* The first members are what is wanted; the caller sets them, and the others to zero. */
struct grep {
    struct matcher *matcher; /* borrowed */
    struct output *out;      /* borrowed */
    bool invert;             /* lines that do not match */
    bool count;              /* only how many */
    bool print_names;
    uint64_t before; /* so many lines are printed before a match, */
    uint64_t after;  /* and so many after it */

    uint64_t matches; /* in all files */
    bool printed;     /* anything, so that a gap is worth a mark */
    struct buf *kept; /* the last lines that were not printed: a ring of `before` */
    uint64_t kept_count;
    uint64_t kept_next; /* where the next goes */
};

/* Prints the lines of PATH, "-" for standard input, that are wanted. */
enum outcome grep_file(struct grep *grep, const char *path, struct err *err);

void grep_release(struct grep *grep);

#endif
