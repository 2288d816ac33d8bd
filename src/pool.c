#include "pool.h"

#include "proc.h"

#include <sys/wait.h>

#define POOL_TICK 0.5 /* seconds */

static struct pool_job *pool_find(struct pool_job *jobs, size_t n, pid_t pid)
{
    for (size_t i = 0; i < n; i++)
        if (jobs[i].pid == pid)
            return &jobs[i];
    return NULL;
}

/* What one run of pool_run works on. */
struct pool {
    struct pool_job *jobs;
    size_t n;
    long running;
    pool_done *done;
    pool_tick *tick;
};

static int pool_reap(struct pool *p, struct err *err)
{
    int status;
    pid_t pid;
    while ((pid = proc_wait_any(&status, p->tick ? POOL_TICK : 0)) == 0)
        if (p->tick)
            p->tick(p->jobs, p->n);
    struct pool_job *job = pid > 0 ? pool_find(p->jobs, p->n, pid) : NULL;
    if (pid < 0) {
        p->running = 0;
        return err_set(err, "the trainings' processes were lost");
    }
    if (!job)
        return 0;
    p->running--;
    job->pid = 0;
    return p->done(job, status, err);
}

/* One pass over the jobs of one kind; failures do not keep the others from running. */
static int pool_pass(struct pool *p, bool alone, long parallel, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; i < p->n; i++) {
        struct pool_job *job = &p->jobs[i];
        if (job->alone != alone || proc_signal())
            continue;
        while (p->running >= parallel)
            if (pool_reap(p, err) != 0)
                rc = -1;
        struct proc child = {.argv = &job->argv, .env = &job->env, .group = true};
        job->start = proc_now();
        job->pid = proc_spawn(&child, err);
        if (job->pid > 0)
            p->running++;
        else
            rc = -1;
    }
    while (p->running > 0)
        if (pool_reap(p, err) != 0)
            rc = -1;
    return rc;
}

int pool_run(struct pool_job *jobs, size_t n, long parallel, pool_done *done, pool_tick *tick,
             struct err *err)
{
    struct pool p = {jobs, n, 0, done, tick};
    int rc = pool_pass(&p, false, parallel < PROC_MAX ? parallel : PROC_MAX, err);
    int last = pool_pass(&p, true, 1, err);
    if (proc_signal())
        return err_status(err, 128 + proc_signal(), "interrupted by %s",
                          proc_signal_name(proc_signal()));
    return rc == 0 ? last : rc;
}
