#include "pool.h"

#include "proc.h"

#include <sys/wait.h>

static struct pool_job *pool_find(struct pool_job *jobs, size_t n, pid_t pid)
{
    for (size_t i = 0; i < n; i++)
        if (jobs[i].pid == pid)
            return &jobs[i];
    return NULL;
}

static int pool_reap(struct pool_job *jobs, size_t n, long *running, pool_done *done,
                     struct err *err)
{
    int status;
    pid_t pid = proc_wait_any(&status);
    struct pool_job *job = pid > 0 ? pool_find(jobs, n, pid) : NULL;
    if (pid < 0) {
        *running = 0;
        return err_set(err, "the trainings' processes were lost");
    }
    if (!job)
        return 0;
    --*running;
    job->pid = 0;
    return done(job, status, err);
}

/* One pass over the jobs of one kind; failures do not keep the others from running. */
static int pool_pass(struct pool_job *jobs, size_t n, bool alone, long parallel, pool_done *done,
                     struct err *err)
{
    long running = 0;
    int rc = 0;
    for (size_t i = 0; i < n; i++) {
        if (jobs[i].alone != alone || proc_signal())
            continue;
        while (running >= parallel)
            if (pool_reap(jobs, n, &running, done, err) != 0)
                rc = -1;
        struct proc p = {.argv = &jobs[i].argv, .env = &jobs[i].env, .group = true};
        jobs[i].pid = proc_spawn(&p, err);
        if (jobs[i].pid > 0)
            running++;
        else
            rc = -1;
    }
    while (running > 0)
        if (pool_reap(jobs, n, &running, done, err) != 0)
            rc = -1;
    return rc;
}

int pool_run(struct pool_job *jobs, size_t n, long parallel, pool_done *done, struct err *err)
{
    int rc = pool_pass(jobs, n, false, parallel, done, err);
    int last = pool_pass(jobs, n, true, 1, done, err);
    if (proc_signal())
        return err_status(err, 128 + proc_signal(), "interrupted by %s",
                          proc_signal_name(proc_signal()));
    return rc == 0 ? last : rc;
}
