/* The frame of every program here: options from a table, help, version, exit status. */
#ifndef LOGTOOLS_PROGRAM_H
#define LOGTOOLS_PROGRAM_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One option. Exactly one of the targets is set, and says what its argument is. */
struct opt {
    char letter;          /* 0: has no short form */
    const char *name;     /* NULL: has no long form */
    const char *argument; /* its name in the help; NULL for a flag */
    const char *help;
    bool *flag;
    const char **text;
    uint64_t *whole; /* from min to max */
    double *seconds; /* from 0 to a year */
    uint64_t min, max;
};

struct program {
    const char *name;
    const char *synopsis; /* what follows the name in the usage line */
    const char *about;    /* for the help: whole lines */
    const struct opt *opts;
    size_t opt_count;

    /* Gets what remains after the options. Returns the exit status, or -1 with ERR filled,
     * which is printed and exits with 2. */
    int (*run)(int count, char **operands, struct err *err);
};

/* The body of main(). Knows --help and --version, takes options after operands as well, and
 * makes writing to a closed pipe an ordinary error. Reorders ARGV. */
int program_main(const struct program *program, int argc, char **argv);

#endif
