/* A training: a named command that is run to record a profile, or, held out, to compare. */
#ifndef PGO_TRAINING_H
#define PGO_TRAINING_H

#include "buf.h"
#include "err.h"
#include "hash.h"
#include "vec.h"

struct training {
    char *name;
    struct vec command;
    long weight;  /* at least 1 */
    long timeout; /* seconds, 0: none */
    long repeat;  /* runs in a row, at least 1 */
    struct vec inputs;
    struct vec env;     /* K=V */
    struct vec depends; /* targets that must be built before */
    char *std_in;
    char *cwd;
    bool serial;
    bool held_out;
    bool test; /* one of the project's own tests, run by their runner */
};

/* What the placeholders of a command stand for. `{{` is a brace, other braces stay. */
struct training_place {
    const char *build, *source, *dataset, *tmp;
};

/* Those words, NULL-terminated. */
extern const char *const training_placeholders[];

void training_init(struct training *t, const char *name);
void training_release(struct training *t);
/* Sets one attribute from text, by its name in a plan file. */
int training_set(struct training *t, const char *key, const char *value, struct err *err);
/* Appends those of its attributes that are not the default as lines of a plan file. */
void training_text(const struct training *t, struct buf *out);
/* Whether a front end may give a training this name: letters, digits and . _ + -, no dot first. */
bool training_name_ok(const char *name);
/* Fills `to` with `from`, placeholders replaced; a relative working directory is below {build}. */
void training_expand(struct training *to, const struct training *from,
                     const struct training_place *place);
/* The text with the placeholders replaced of which `place` has a value; the caller frees it. */
char *training_fill(const char *text, const struct training_place *place);
/* Adds what a run's profile depends on: command, environment, repeat, but no weight or limit. */
void training_hash(const struct training *t, struct hash *h);
/* A directory name for it: letters, digits and a hash when others were in the name. */
char *training_slug(const char *name);

#endif
