/* The processes of one run under `pgo exec`: those that it starts and, on Linux, all their
   descendants, whatever group or session they went to. None outlives the run. */
#ifndef PGO_CREW_H
#define PGO_CREW_H

#include "err.h"
#include "proc.h"
#include "vec.h"

#include <signal.h>
#include <sys/types.h>

#define CREW_GRACE 2.0 /* seconds between the request to end and SIGKILL */

struct crew_one {
    pid_t pid;
    bool ended;
    int status; /* as of wait() */
};

struct crew {
    bool leave;   /* what its programs leave in the background is not ours to end */
    pid_t parent; /* with which all ends */
    double limit; /* when all is stopped, 0: never */
    sigset_t signals;
    struct crew_one *v; /* those that were started here */
    size_t n;
    bool empty;        /* no process is left */
    bool timed_out;    /* stopped_by is for the limit */
    int stopped_by;    /* the signal that is to end all, 0: none */
    int crashed;       /* the signal by which another process than those in `v` crashed, 0: none */
    struct vec killed; /* "PID NAME" of those that did not end when they were asked to */
    double cpu;
    long memory; /* peak, KiB */
};

/* Signals that ask us to stop are from now on seen by crew_wait alone. */
void crew_open(struct crew *c, bool leave, pid_t parent);
void crew_release(struct crew *c);
/* Forgets who took part in an earlier run, but not what all of them used, or who had to be killed;
   the limit is `seconds` from now, 0: none. */
void crew_begin(struct crew *c, double seconds);
/* Starts a program, in a process group: its index in `v`, or -1. */
int crew_start(struct crew *c, struct proc p, struct err *err);
/* Waits until a process ends, none is left, all is to stop, or the time `until` comes. */
void crew_wait(struct crew *c, double until);
/* Whether the one at that index is there, or something that it has left in the background: what
   does not descend from those that were started after it. */
bool crew_left(const struct crew *c, size_t at);
/* Sends the signal to every process, and SIGKILL to those that are there after the grace, which a
   signal of the user's or the end of our parent shortens, and a second signal ends. Whether all
   ended by themselves. */
bool crew_end(struct crew *c, int sig, double grace);

#endif
