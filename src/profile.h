/* The merge stage: one profile, named by the hash of its content, with a manifest beside it.
     profile/<hash><suffix>    profile/<hash>.manifest    profile/current → the newest */
#ifndef PGO_PROFILE_H
#define PGO_PROFILE_H

#include "train.h"

struct profile {
    char *path;
    char hash[HASH_HEX + 1];
    struct profile_report report;
    double seconds;     /* that the merge took */
    char *dataset;      /* what it was trained on */
    struct vec names;   /* of the trainings that it was merged from */
    bool damaged;       /* of profile_read: it is not as it was written */
    struct vec trained; /* paths of the artifacts that wrote raw profiles */
};

void profile_release(struct profile *p);
/* Merges when a training was run again or its weight changed; over a gate, status 3. */
int profile_bring(const struct session *s, const struct trainings *t,
                  const struct artifacts *artifacts, const struct tools *tools, struct profile *out,
                  struct err *err);
/* What the last merge came to, without those that wrote; returns why it does not stand, NULL when
   it does. The caller frees it. */
char *profile_read(const struct session *s, const struct trainings *t, const struct tools *tools,
                   struct profile *out);
/* Removes all profiles but this one. */
int profile_prune(const struct session *s, const struct profile *keep, struct err *err);
double profile_percent(unsigned long long part, unsigned long long whole); /* of nothing: 0 */
/* Content hash of a profile: a file, or a directory of files. */
int profile_hash(const char *path, char hex[HASH_HEX + 1], struct err *err);

#endif
