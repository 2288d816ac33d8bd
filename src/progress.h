/* One line on a terminal while trainings run, rewritten in place. */
#ifndef PGO_PROGRESS_H
#define PGO_PROGRESS_H

#include "pool.h"

/* What pool_run calls now and then, with jobs of trainings; NULL when nobody would see it. */
pool_tick *progress_tick(void);
/* Removes the line, for what is to be told. */
void progress_clear(void);

#endif
