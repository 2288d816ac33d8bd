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

/* Before anything is built: a training is declared, and what it needs from outside is there. */
int train_check(const struct session *s, struct err *err);
/* Targets that trainings name in DEPENDS, and, for a comparison, those of held-out workloads. */
void train_depends(const struct session *s, bool held_out, struct vec *targets);
int train_bring(const struct session *s, const struct stage *instrument,
                const struct artifacts *artifacts, struct trainings *out, struct err *err);
/* The plan of a stage tree, with placeholders filled; `tmp` is what {tmp} stands for. */
int train_plan(const struct session *s, const struct stage *stage, struct plan *out,
               struct err *err);
/* The words of `pgo exec` up to "--" for a training. */
void train_exec_words(const struct training *t, struct vec *argv);

#endif
