/* Runs `pgo exec` children, several at a time; those marked alone run one by one at the end. */
#ifndef PGO_POOL_H
#define PGO_POOL_H

#include "err.h"
#include "vec.h"

#include <sys/types.h>

struct pool_job {
    struct vec argv; /* starts with the driver's path and "exec" */
    struct vec env;
    bool alone;
    void *arg;    /* the caller's */
    pid_t pid;    /* 0: it does not run */
    double start; /* 0: it has not run */
};

/* Called as each job ends, in the driver's own process. */
typedef int pool_done(struct pool_job *job, int status, struct err *err);

/* Called now and then while jobs run. */
typedef void pool_tick(const struct pool_job *jobs, size_t n);

/* `tick` may be NULL. 0 when all were started and every callback returned 0. After a signal no more
 * are started. */
int pool_run(struct pool_job *jobs, size_t n, long parallel, pool_done *done, pool_tick *tick,
             struct err *err);

#endif
