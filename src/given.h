/* What the command line declares: trainings with their attributes, the project's own tests, targets
   without profile flags. It is remembered as a plan (plan.h) until it is forgotten. */
#ifndef PGO_GIVEN_H
#define PGO_GIVEN_H

#include "plan.h"

/* Reads what is remembered. */
int given_read(const char *path, struct plan *given, struct err *err);
int given_write(const char *path, const struct plan *given, struct err *err);
/* Takes the names of --forget out of `given`, and says in `forgotten` what they were: 1 when there
   were any, 0, or -1 and err. */
int given_forget(struct plan *given, const struct vec *declared, struct vec *forgotten,
                 struct err *err);
/* N of --repeat N, which is for all trainings of this run; 1 when it is not there. */
int given_iterations(const struct vec *declared, long *out, struct err *err);
/* Whether there are tests among `declared`. */
bool given_tests_new(const struct vec *declared);
/* Adds the rest of `declared` ("option\nvalue", opt.h): 1 when there was any, 0, or -1 and err. A
   training of the same name is replaced, but none that the project declares. */
int given_add(struct plan *given, const struct plan *project, const struct vec *declared,
              struct err *err);

#endif
