/* What is known of each training's last run: how it ended and what it took, from its record, and
   which functions it covered, which is found out once and kept beside it (train/<slug>/covered). */
#ifndef PGO_TRAIN_RECORD_H
#define PGO_TRAIN_RECORD_H

#include "train.h"

struct train_record {
    struct map run;       /* name, elapsed, cpu, memory and so on; failure, when it failed */
    struct map covered;   /* bytes; functions and max, when its raw profiles could be read */
    struct vec functions; /* hashes of the names of those that ran, sorted */
    bool just_run;        /* by this call */
};

struct train_records {
    struct train_record *v;
    size_t n;
};

void train_records_release(struct train_records *all);
/* Of the trainings as they stand: finds out what those covered that were run. */
int train_records_bring(const struct session *s, const struct trainings *t,
                        const struct tools *tools, struct train_records *out, struct err *err);
/* Of all that our folder has, for status. */
void train_records_find(const struct session *s, struct train_records *out);
/* Adds those of the project's own tests that have a record to a plan. */
void train_records_tests(const struct train_records *all, struct plan *out);
/* How many functions each one covers that no other does; false when that is not known. */
bool train_records_only(const struct train_records *all, size_t *only);
/* As a JSON array. */
void train_records_json(const struct train_records *all, struct buf *out);
/* Its members alone, without the name; NULL: there is no record. `only` is NULL when that is not
   known. */
void train_record_json(const struct train_record *r, const size_t *only, struct buf *out);
/* In a line for people; the caller frees it. */
char *train_record_text(const struct train_record *r, const size_t *only);

#endif
