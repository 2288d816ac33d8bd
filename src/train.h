/* The train stage: runs what is stale, shows that each training left a raw profile, and records
   which programs wrote it. */
#ifndef PGO_TRAIN_H
#define PGO_TRAIN_H

#include "stage.h"

/* One training as it stands after the stage. */
struct trained {
    char *name;
    char *raw; /* directory of its raw profiles */
    char *run; /* identifies the run that wrote them */
    long weight;
    struct vec wrote; /* paths of the artifacts that wrote a profile */
};

struct trainings {
    struct trained *v;
    size_t n;
};

void trainings_release(struct trainings *t);

int train_bring(const struct session *s, const struct stage *instrument, const struct model *model,
                const struct artifacts *artifacts, struct trainings *out, struct err *err);

#endif
