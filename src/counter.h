/* Instructions that the programs execute which this process starts, counted by the machine where it
   can (perf_event_open, Linux). */
#ifndef PGO_COUNTER_H
#define PGO_COUNTER_H

#include "base.h"

/* Counts, in user mode, from the next program on that a child of this process executes. -1 where
   nothing counts: a virtual machine without counters, kernel.perf_event_paranoid above 2. */
int counter_open(void);
/* Records of the branches that the processor takes: whether the machine has them. */
int counter_branches(void);
/* Of all children that have ended; 0 when nothing was counted. Closes it. */
double counter_close(int fd);

#endif
