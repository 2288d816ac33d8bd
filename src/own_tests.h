/* The project's own tests on the optimized programs; what fails there is run on the baseline too,
   so that what optimization breaks is told from what is broken anyway. */
#ifndef PGO_OWN_TESTS_H
#define PGO_OWN_TESTS_H

#include "pipeline.h"

struct own_tests {
    size_t tests, passed; /* those that passed when run again are among these */
    struct vec named;     /* paths below the source directory that words of theirs may name */
    struct vec wrote;     /* the parts among these that were otherwise after the tests */
    struct map parts;     /* what the result depends on beside the optimized programs */
    struct vec missing;   /* not run: the program is not built */
    struct vec skipped;
    struct vec again; /* failed, and passed when run once more */
    struct vec only;  /* fail when optimized, and pass on the baseline */
    struct vec both;
    struct vec unclear; /* fail when optimized, and are skipped on the baseline */
    char *log;          /* of those that failed, of all else; of the optimized programs */
    bool now; /* of own_tests_read: the tests and the optimized programs are still the same */
};

size_t own_tests_failed(const struct own_tests *t);
/* Whether the project has any, or may have some once it is built. */
bool own_tests_declared(const struct session *s);
/* Whether one failed for which the profile may be the reason. */
bool own_tests_suspect(const struct own_tests *t);
void own_tests_release(struct own_tests *t);
void own_tests_json(const struct own_tests *t, struct buf *out); /* as members */
/* Runs those that `regex` fits (NULL: all). The result is an error of none of these functions. */
int own_tests_run(const struct session *s, const struct pipeline *p, const char *regex,
                  struct own_tests *out, struct err *err);
/* Remembers a result, in the state record "test". One of some tests only says nothing of all: it is
   not kept, and when one of them is suspect a last result that was not is forgotten. */
int own_tests_save(const struct session *s, const struct model *optimized, const char *regex,
                   const struct own_tests *t, struct err *err);
/* The last result for all tests, without `parts` and `log`; false when there is none. */
bool own_tests_read(const struct session *s, struct own_tests *out);

#endif
