/* What every file needs first: the feature macros of POSIX.1-2008 and the few attributes used. */
#ifndef PGO_BASE_H
#define PGO_BASE_H

#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE 1 /* flock(), wait4() */
#endif
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PGO_VERSION "0.1.0"

#if defined(__GNUC__)
#define PGO_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define PGO_NORETURN __attribute__((noreturn))
#else
#define PGO_PRINTF(fmt, args)
#define PGO_NORETURN
#endif

#define PGO_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Exit statuses of the driver. 128 + n is added for death by signal n. */
enum pgo_status { PGO_OK = 0, PGO_FAILED = 1, PGO_USAGE = 2, PGO_GATE = 3, PGO_EXEC_FAILED = 125 };

#endif
