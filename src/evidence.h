/* Proof of the use stage: which functions and translation units found their profile, read from what
   the compiler wrote beside each object. Kept per object and profile, so that an interrupted or
   partial build still knows. */
#ifndef PGO_EVIDENCE_H
#define PGO_EVIDENCE_H

#include "profile.h"

struct evidence {
    struct match functions;
    long units, units_matched; /* translation units of programs that were trained */
    long never_run;            /* units of programs that no training ran */
    long unmeasured;           /* units without a compiler's record */
    struct vec unknown;        /* their sources; not recalled */
    struct vec unmatched;      /* "source: n of m functions" where any did not match */
    struct vec lost;           /* objects of which nothing is known and that can be made again */
    char *example;             /* of a name looked for and one there is; NULL when all is well */
};

void evidence_release(struct evidence *e);
/* With `again`, what is not known stays unknown, and nothing counts as lost. */
int evidence_gather(const struct session *s, const struct stage *use, const struct model *model,
                    const struct profile *profile, const struct artifacts *artifacts,
                    const struct tools *tools, bool again, struct evidence *out, struct err *err);
/* Share of matched functions among those that should match, in per cent. */
double evidence_percent(const struct evidence *e);
/* False when the compiler left no record of anything that was trained. */
bool evidence_measured(const struct evidence *e);
/* Below the gate, or below one that was asked for and cannot be measured: status 3. */
int evidence_gate(const struct session *s, const struct evidence *e, struct err *err);
/* What the last run found with that profile; false when nothing. */
bool evidence_recall(const struct session *s, const char *profile, struct evidence *out);

#endif
