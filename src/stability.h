/* Is it trained enough? How much the profile changes when a training is left out, which trainings
   add nothing, and which hot functions hang on a single one. All is computed from the counters of
   each training, alike for all compilers. */
#ifndef PGO_STABILITY_H
#define PGO_STABILITY_H

#include "family.h"

#define STABILITY_HOT 0.90 /* hot are the functions that together have this share of all counts */

struct stability_input {
    const char *name; /* of the training */
    long weight;
    const struct counts *counts;
};

struct stability_row {
    double overlap;           /* of the profile of all others with that of all, 0 to 1 */
    size_t functions, blocks; /* counters, that no other training reached */
    /* An earlier one whose own profile is the same, and that reaches all it reaches; itself: none.
     */
    size_t twin;
    /* Without all of which this is said the profile is the same, but for weights of twins. */
    bool adds_nothing;
};

/* A hot function that a single training covers. */
struct stability_hot {
    const char *function; /* its name in the counts */
    size_t training;      /* a number of the input */
    double share;         /* of all counts */
};

struct stability {
    struct stability_row *v; /* as the input */
    size_t n;
    struct stability_hot *once; /* the hottest first */
    size_t once_n;
    size_t hot; /* all hot functions */
};

/* Keeps names of the input. The overlap is the sum, over all counters, of the smaller one of its
   shares in both profiles: 1 when both are alike, also if one has all counts doubled. */
void stability_compute(const struct stability_input *in, size_t n, struct stability *out);
void stability_release(struct stability *s);

#endif
