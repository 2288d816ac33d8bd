/* The stages in their order, each bringing the ones before it up to date. */
#ifndef PGO_PIPELINE_H
#define PGO_PIPELINE_H

#include "evidence.h"
#include "train_record.h"

enum pipeline_end { PIPELINE_INSTRUMENT, PIPELINE_TRAIN, PIPELINE_MERGE, PIPELINE_USE };

struct pipeline {
    struct stage instrument, use;
    struct model instrumented, optimized;
    struct artifacts artifacts; /* of the instrument stage */
    struct trainings trainings;
    struct train_records records; /* of these */
    struct tools tools;
    struct profile profile;
    struct evidence evidence;
};

/* The tools that the last run found, while nothing that they depend on has changed. */
bool pipeline_tools_known(const struct session *s, struct tools *out);
int pipeline_run(struct session *s, enum pipeline_end end, struct pipeline *out, struct err *err);
void pipeline_release(struct pipeline *p);

#endif
