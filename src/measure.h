/* One timed run of a workload on one side of a comparison, under `pgo exec`. */
#ifndef PGO_MEASURE_H
#define PGO_MEASURE_H

#include "comparison.h"
#include "plan.h"

struct measure_place {
    const char *scratch; /* an existing directory */
    const char *log_dir;
};

struct sample {
    double v[MEASURES]; /* of one run: s, s, KiB, instructions (0: not counted) */
    char *failure;      /* why it failed, or NULL */
    char *log;          /* what it printed; of its server, when that failed */
};

void sample_release(struct sample *s);
/* Runs it `inside` times in a row, taken as one. `side` is its part in the log's name; on that
   CPU, or on any if `cpu` is -1. -1 when it could not be run; a failure of its own is in the
   sample. */
int measure_run(const struct measure_place *place, const struct training *t, const char *side,
                long inside, int cpu, struct sample *out, struct err *err);

#endif
