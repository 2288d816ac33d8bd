/* The train stage: runs what is stale, shows that each training left a raw profile, and records
   which programs wrote it. */
#ifndef PGO_TRAIN_H
#define PGO_TRAIN_H

#include "stage.h"

#define TRAIN_FAILED "failed" /* in train/<slug>: how the last run failed, the record's words */
#define TRAIN_TEST "test"     /* in a record: the lines of a plan, of one of the project's tests */

/* One training as it stands after the stage. */
struct trained {
    char *name;
    char *raw; /* directory of its raw profiles */
    char *run; /* identifies the run that wrote them; NULL: it failed, or was not run */
    char *why; /* there is no run that stands; else NULL */
    long weight;
    struct vec wrote; /* paths of the artifacts that wrote a profile */
};

struct trainings {
    struct trained *v;
    size_t n;
};

void trainings_release(struct trainings *t);

/* When it fails, all trainings that were to be run are in `out` if any was. */
int train_bring(const struct session *s, const struct stage *instrument, const struct model *model,
                const struct artifacts *artifacts, struct trainings *out, struct err *err);

/* How the trainings of a plan stand, in its order; nothing is run or written. */
void train_read(const struct session *s, const struct stage *instrument,
                const struct artifacts *artifacts, const struct plan *plan, struct trainings *out);

#endif
