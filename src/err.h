/* One failure, as the user will read it: what failed and why, the next step, and a tool's last
   lines. Parts fill it and return -1; only commands print it (msg.h). */
#ifndef PGO_ERR_H
#define PGO_ERR_H

#include "base.h"

struct err {
    char *msg;
    char *hint;   /* the next step, or NULL */
    char *detail; /* the failing tool's last lines, or NULL */
    char *log;    /* path of its whole output, or NULL */
    int status;   /* enum pgo_status; 0 while nothing failed */
    bool killed;  /* the tool that failed was ended by a signal */
};

#define ERR_INIT                                                                                   \
    {                                                                                              \
        NULL, NULL, NULL, NULL, 0, false                                                           \
    }

void err_release(struct err *e);
/* All of these return -1, so that a part can end with `return err_set(...)`. A later err_set
   replaces an earlier one. */
int err_set(struct err *e, const char *fmt, ...) PGO_PRINTF(2, 3);
int err_status(struct err *e, int status, const char *fmt, ...) PGO_PRINTF(3, 4);
/* Adds ": " and what errno value `num` means; for a full disk or a quota, the free bytes too. */
int err_sys(struct err *e, int num, const char *path, const char *fmt, ...) PGO_PRINTF(4, 5);
int err_hint(struct err *e, const char *fmt, ...) PGO_PRINTF(2, 3);

#endif
