/* Starting programs: argument vectors, never a shell. Signals that ask the driver to stop are
   passed on to what it started; the driver then waits for it and ends by the same signal. */
#ifndef PGO_PROC_H
#define PGO_PROC_H

#include "buf.h"
#include "err.h"
#include "vec.h"

#include <sys/types.h>

#define PROC_MAX 256 /* children at once that signals are passed on to */

struct proc {
    const struct vec *argv;
    const struct vec *env; /* NULL: the driver's own */
    const char *log;       /* standard output and error are appended to it; NULL: inherited */
    const char *input;     /* standard input; NULL: /dev/null */
    bool group; /* leads a process group of its own: a `pgo exec` does, so that it outlives a
                   SIGKILL of the driver's group and ends what it started. Signals to stop that our
                   caller ignores (nohup, a shell's &) are not ignored there */
};

/* A descriptor that group leaders inherit: the lock of the tree. -1 for none. */
void proc_keep(int fd);

/* Passes INT, TERM and HUP on to children from now on. */
void proc_catch_signals(void);
/* The signal that asked the driver to stop, 0 while none has. */
int proc_signal(void);

/* The pid, or -1. */
pid_t proc_spawn(const struct proc *p, struct err *err);
/* Waits for any child that proc_spawn started, at most so many seconds, when it is not 0: its pid
   and wait status, 0 when the time is over. */
pid_t proc_wait_any(int *status, double seconds);
/* Runs to the end; the wait status in *status. With --verbose the log is shown as it grows. */
int proc_run(const struct proc *p, int *status, struct err *err);
/* Runs and collects standard output and error together. */
int proc_capture(const struct vec *argv, struct buf *out, int *status, struct err *err);
/* Runs and makes any end but status 0 an error: what, how it ended, the log's last lines. */
int proc_must(const struct proc *p, const char *what, struct err *err);
/* Adds to a failure the last lines of the log that were written after `from` bytes. */
void proc_log_tail(struct err *err, const char *log, long from);
/* Leaves the last megabyte of a log. */
int proc_log_cut(const char *log, struct err *err);

/* "exited with status 3", "was killed by SIGKILL"; the caller frees it. */
char *proc_status_text(int status);
const char *proc_signal_name(int sig);
bool proc_crashed(int sig);               /* it is one by which a program that has a mistake ends */
int proc_signal_number(const char *name); /* "TERM"; 0 when there is none of that name */
bool proc_ok(int status);
/* One of the CPUs that this process may use, by a number drawn from 0 to 1; not the first one,
   which serves most interrupts. -1 when there is no other, or they are not known. */
int proc_draw_cpu(double drawn);
/* Keeps this process and what it starts on a CPU; false where that cannot be done. */
bool proc_pin(int cpu);
double proc_now(void); /* seconds on the monotonic clock */

/* The environment for what the driver starts: the caller's, without what would redirect a build
   or a profile (MAKEFLAGS, LLVM_PROFILE_FILE, GCOV_PREFIX, …). */
void proc_clean_env(struct vec *env);
void proc_set_env(struct vec *env, const char *key, const char *value);

#endif
