/* The runtime that instrumented programs are linked with, so that they leave a profile however they
   end (runtime/runtime.c). The driver carries its source; the project's compiler compiles it,
   without instrumentation, to an object file in <home>/runtime. */
#ifndef PGO_RUNTIME_H
#define PGO_RUNTIME_H

#include "session.h"

/* What it means that there is none. */
#define RUNTIME_WITHOUT "processes that are killed, fork or leave by _exit() may leave no profile"

/* Sees to it that s->runtime is the object file, or NULL where this compiler or C library lacks
   what it needs: programs then have the compiler's own runtime alone, which is told with `say`. */
int runtime_bring(struct session *s, bool say, struct err *err);
/* The same from what the last run found, NULL when that was another one. */
void runtime_recall(struct session *s);
/* Why there is none, "" when there is one, NULL when none was tried; the caller frees it. */
char *runtime_missing(const struct session *s);

#endif
