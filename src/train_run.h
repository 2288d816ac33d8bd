/* What the files of the training stage share. */
#ifndef PGO_TRAIN_RUN_H
#define PGO_TRAIN_RUN_H

#include "exec.h"
#include "journal.h"
#include "train.h"

/* A training on its way through the stage. */
struct train_run {
    const struct session *s;
    const struct artifacts *artifacts;
    const struct traces *traces; /* of each of the artifacts */
    const struct flag_place *place;
    const struct training *t;
    char *dir;        /* train/<slug> */
    char *work;       /* train/<slug>/new: becomes raw, log and so on when it went well */
    struct map parts; /* what the run depends on, without the programs that it runs */
    bool fresh;
    char *why;    /* it is not, as far as train_look found out */
    bool damaged; /* its record, which is then why */
    bool lost;    /* its supervisor was killed */
    struct map record;
    struct map outside; /* files outside of source and build that it names, as they were before */
    struct err err;     /* why it failed */
};

/* train_fresh.c */
/* Fills in parts, record, files and whether all of it is fresh; a failure stands in r->err. */
void train_look(struct train_run *r);
/* Adds to a run's record the files that it named and only read: one that is not as it was before
   the run is an output. */
void train_note_files(struct train_run *r, struct map *record);
/* The artifact of that path, or NULL. */
const struct artifact *train_artifact(const struct artifacts *all, const char *path);

/* train.c */
bool train_raw_any(const struct session *s, const char *raw);

/* train_why.c */
/* Whether a run went well, 0, or a failure in r->err that says why not. `result` is NULL when
   `pgo exec`, which ended as `status` says, left none; `wrote`: there are raw profiles. */
int train_why(struct train_run *r, const struct exec_result *result, const struct journal *journal,
              int status, bool wrote);
/* What the user is to know of a run that went well. */
void train_warn(const struct train_run *r, const struct exec_result *result,
                const struct journal *journal);

#endif
