/* `pgo exec`: the supervisor of one training, that is, of its commands and their server. It owns
   the time limit, keeps the tree's lock from what it starts, lets no process outlive it, and
   records how it ended. */
#ifndef PGO_EXEC_H
#define PGO_EXEC_H

#include "opt.h"

struct exec_result {
    int code;            /* exit status, or 128 + signal */
    int sig;             /* 0 when it exited */
    bool timed_out;      /* stopped at its time limit */
    double elapsed;      /* seconds, all runs together */
    double cpu;          /* user and system seconds */
    long memory;         /* peak, KiB */
    double instructions; /* 0: not counted */
    char *who;           /* of several commands, the one that failed */
    char *fault;         /* what went wrong with its server, and what to do about it */
    char *hint;
    char *killed; /* "PID NAME, ..." of processes that it left and that did not end when asked to */
};

int exec_run(const struct options *o, struct err *err);
void exec_release(struct exec_result *r);
/* Reads what `pgo exec --record` wrote. */
int exec_read(const char *path, struct exec_result *r, struct err *err);
/* exec_test.c: the options for the test that is run, of those with --test-of. */
int exec_as_test(const struct options *o, struct options *out, struct err *err);
/* Makes each a single line, by which a test in a plan (--test-of) is known. */
void exec_one_line(struct vec *words);
/* Starts an argument vector with "pgo exec": this very driver; the path is found once, by main. */
void exec_self(const char *argv0);
const char *exec_path(void);

#endif
