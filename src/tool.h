/* The tools of a build system, which do the long work. */
#ifndef PGO_TOOL_H
#define PGO_TOOL_H

#include "err.h"
#include "vec.h"

/* Runs a tool under `pgo exec`, which ends it when the driver is killed, in `cwd` (NULL: ours). Its
   output is appended to `log`; any end but status 0 is an error of `what`. */
int tool_run(const struct vec *words, const char *cwd, const struct vec *env, const char *log,
             const char *what, struct err *err);
/* The same for an installation, with the caller's DESTDIR. */
int tool_install(const struct vec *words, const char *log, struct err *err);

#endif
