/* A training: a named command that is run to record a profile, or, held out, to compare. */
#ifndef PGO_TRAINING_H
#define PGO_TRAINING_H

#include "buf.h"
#include "err.h"
#include "parts.h"
#include "vec.h"

#define TRAINING_SEPARATOR '\x1f'

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
    char *tmp, *dataset; /* its {tmp} and {dataset}, of one that was expanded and names them */
    struct vec server;   /* the words of its server's command; empty: it has none */
    struct vec ready;    /* when that is ready: port, socket PATH, line TEXT or command WORD... */
    struct vec also;     /* further commands, each its words, joined by TRAINING_SEPARATOR */
    char *stop;          /* the signal that ends the server: NULL, TERM */
    long grace, ready_timeout; /* seconds */
    bool parallel;             /* the commands run at once, not one after the other */
    bool serial;
    bool held_out;
    bool test; /* one of the project's own tests, run by their runner */
};

/* What the placeholders of a command stand for. `{{` is a brace, other braces stay. */
struct training_place {
    const char *build, *source, *dataset, *tmp, *port;
};

/* Those words, NULL-terminated. `{port}` is filled by `pgo exec`, which chooses one for each run.
 */
extern const char *const training_placeholders[];

void training_init(struct training *t, const char *name);
void training_release(struct training *t);
/* Sets one attribute from text, by its name in a plan file. */
int training_set(struct training *t, const char *key, const char *value, struct err *err);
/* Sets one from a text as people write it: the words of a command by POSIX quoting, and `ready` as
   "port", "socket PATH", "line TEXT" or "command WORD...". */
int training_declare(struct training *t, const char *key, const char *text, struct err *err);
/* Whether its attributes fit together: a server and what belongs to one. */
int training_check(const struct training *t, struct err *err);
/* Whether what it runs names that placeholder. */
bool training_uses(const struct training *t, const char *placeholder);
/* The words that name a program: those of its commands, its server and that server's check. */
void training_programs(const struct training *t, struct vec *out);
/* All words of those, of files that they name above all. */
void training_words(const struct training *t, struct vec *out);
/* The words of one entry of `also`; a word may be empty. */
void training_split(const char *also, struct vec *words);
/* Replaces words that name a program by what `find` returns, where it is not NULL. */
typedef char *training_find(const char *word, void *arg);
void training_resolve(struct training *t, training_find *find, void *arg);
/* Appends those of its attributes that are not the default as lines of a plan file. */
void training_text(const struct training *t, struct buf *out);
/* Whether a front end may give a training this name: letters, digits and . _ + -, no dot first. */
bool training_name_ok(const char *name);
/* Fills `to` with `from`, placeholders replaced; a relative working directory is below {build}. */
void training_expand(struct training *to, const struct training *from,
                     const struct training_place *place);
/* Fills `to` with `from`, one that was expanded, as it is where `now` stands for the path `old`. */
void training_move(struct training *to, const struct training *from, const char *old,
                   const char *now);
/* The text with the placeholders replaced of which `place` has a value; the caller frees it. */
char *training_fill(const char *text, const struct training_place *place);
/* Adds what a run's profile depends on: command, environment, repeat, but no weight or limit. */
void training_parts(const struct training *t, struct map *parts);
/* A directory name for it: letters, digits and a hash when others were in the name. */
char *training_slug(const char *name);

#endif
