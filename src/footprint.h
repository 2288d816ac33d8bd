/* What the programs of the stages are like, and what it took to make them; part of a comparison. */
#ifndef PGO_FOOTPRINT_H
#define PGO_FOOTPRINT_H

#include "pipeline.h"

enum footprint_stage { FOOTPRINT_BASELINE, FOOTPRINT_INSTRUMENT, FOOTPRINT_USE, FOOTPRINT_STAGES };
enum footprint_part { FOOTPRINT_TEXT, FOOTPRINT_DATA, FOOTPRINT_FILE, FOOTPRINT_PARTS };

extern const char *const footprint_stages[FOOTPRINT_STAGES],
    *const footprint_parts[FOOTPRINT_PARTS];

struct footprint_program {
    char *name;                                      /* its path in a stage */
    double bytes[FOOTPRINT_PARTS][FOOTPRINT_STAGES]; /* 0: it is not there */
};

struct footprint {
    struct footprint_program *v; /* programs and libraries that were trained */
    size_t n;
    double built[FOOTPRINT_STAGES]; /* s: the longest build of a stage, its configure included */
    double trained, merged;         /* s: all trainings, one after the other; the last merge */
    double profile;                 /* bytes */
};

void footprint_release(struct footprint *f);
/* Of the stages as they are built. */
void footprint_take(const struct session *s, const struct pipeline *p, const char *baseline,
                    struct footprint *out);
/* All programs together. */
double footprint_sum(const struct footprint *f, enum footprint_part part,
                     enum footprint_stage stage);

void footprint_save(const struct footprint *f, struct map *m);
bool footprint_read(const struct map *m, struct footprint *out);

#endif
