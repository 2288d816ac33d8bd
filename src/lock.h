/* One writer at a time per tree. The lock goes with the processes that hold its descriptor, so a
   killed driver's lock is released by the system, once its supervised children have ended. */
#ifndef PGO_LOCK_H
#define PGO_LOCK_H

#include "err.h"

struct lock {
    int fd;
};

#define LOCK_INIT                                                                                  \
    {                                                                                              \
        -1                                                                                         \
    }

/* Waits for the holder, after naming it, or fails at once when `wait` is false. Supervised children
   inherit the descriptor (proc_keep); `pgo exec` keeps it from what it starts in turn. 1 when the
   file's folder is not there: `pgo clean` may have removed it, meanwhile too. */
int lock_take(struct lock *lock, const char *path, const char *command, bool wait, struct err *err);
/* Who holds it, "process 12 (pgo use)", or NULL when nobody does; asked of the system, without
   trying to take it. The caller frees it. */
char *lock_holder(const char *path);
void lock_release(struct lock *lock);

#endif
