/* One run of the driver on one tree: the tree, its lock, its settings, and our folder in it. */
#ifndef PGO_SESSION_H
#define PGO_SESSION_H

#include "lock.h"
#include "opt.h"
#include "record.h"
#include "tree.h"

struct session {
    const struct options *options;
    struct tree tree;
    struct plan plan;  /* of the user tree */
    struct plan given; /* of the command line, this one's and what is remembered */
    bool given_new;    /* it is not what is remembered: session_remember() when it is proven */
    struct lock lock;
    char *dataset;
    long iterations; /* runs of all trainings, over their own repeats */
    struct vec only; /* names of the trainings to work with; empty: all */
    double min_match, min_coverage, max_dropped; /* per cent */
    bool match_asked; /* for a match above 0, other than by the default */
    enum atomic_mode atomic;
    char *runtime;        /* what instrumented programs are linked with (runtime.h), or NULL */
    char *alias;          /* our folder for profile runtimes, when they would misread its path */
    char *compiler_stamp; /* of the compilers' files, and what they say of themselves */
    struct map *digests;  /* path → stamp and hash of files that were hashed before */
};

/* Opens the tree that -C names. With `write`, takes the lock and makes our folder. */
int session_open(struct session *s, const struct options *o, bool write, struct err *err);
void session_close(struct session *s);

/* Whether a training is one of those to work with. */
bool session_chooses(const struct session *s, const char *training);
/* Remembers what the command line declared, when it did. */
int session_remember(struct session *s, struct err *err);

/* Reads state/<name>; a damaged file is reported and counts as missing. */
void session_record(const struct session *s, const char *name, struct map *out);
int session_save(const struct session *s, const char *name, const struct map *m, struct err *err);
int session_forget(const struct session *s, const char *name, struct err *err);
/* Content hash of a file, from the last time when its stamp is still the same. */
int session_digest(const struct session *s, const char *path, char hex[HASH_HEX + 1],
                   struct err *err);
/* The environment in which instrumented programs write below our folder, in `raw`; their runtime's
   complaints go to `log`. */
void session_run_env(const struct session *s, const struct flag_place *place, const char *raw,
                     const char *log, struct vec *env);
/* <home>/log/<name>.log; the caller frees it. */
char *session_log(const struct session *s, const char *name);

#endif
