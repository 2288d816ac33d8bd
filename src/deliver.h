/* What is put into a directory of the user's (--profile-dir, --out-dir). A record in it, `.pgo`,
   tells what is ours there: nothing else is replaced. */
#ifndef PGO_DELIVER_H
#define PGO_DELIVER_H

#include "pipeline.h"

/* Whether these directories are none of the project's or of ours. */
int deliver_check_places(const struct session *s, struct err *err);
/* The profile and its manifest, as profile<suffix> and profile.manifest. */
int deliver_profile(const struct session *s, const struct profile *p, const char *dir,
                    struct err *err);
/* Where deliver_profile put a profile last, NULL when it never did; the caller frees it. */
char *deliver_place(const struct session *s);
/* Whether the profile of that hash, and its manifest, are in a directory. */
bool deliver_holds(const struct session *s, const char *dir, const char *hash);
/* Linked programs and libraries of a stage, by their file names. */
int deliver_programs(const struct stage *stage, const struct model *m, const char *dir,
                     struct err *err);

#endif
