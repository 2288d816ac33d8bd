/* Compiler families: everything that the driver knows of a compiler, one table row per family. */
#ifndef PGO_FAMILY_H
#define PGO_FAMILY_H

#include "buf.h"
#include "err.h"
#include "model.h"
#include "vec.h"

enum phase { PHASE_BASELINE, PHASE_INSTRUMENT, PHASE_USE };

struct compiler {
    const struct family *family;
    char *path;    /* as the build system calls it */
    char *id;      /* as CMake calls it: GNU, Clang, … */
    char *version; /* "12.2.0" */
    char *says;    /* the first line of its answer to --version */
};

/* Whether counters are updated by atomic operations: without, threads lose counts of each other. */
enum atomic_mode { ATOMIC_OFF, ATOMIC_ON, ATOMIC_PREFER /* where the processor can */ };

/* What the flags of a phase refer to. */
struct flag_place {
    const char *build;   /* directory of the stage tree */
    const char *raw;     /* where instrumented programs write when run by hand */
    const char *profile; /* PHASE_USE: the merged profile */
    const char *runtime; /* object file of our runtime; NULL: the compiler's own alone */
    enum atomic_mode atomic;
    bool relative; /* sources are named relative to `build`, alike in all stages */
    /* The compiler, when those of other languages may link what it compiled; else NULL. */
    const struct compiler *linked_by_others;
};

/* Options one per entry; the words of a two-word option are separated by a newline. In those of
   `object`, <OBJECT> stands for the name of the object file. `others` replace `link` where the
   compiler of another language links; when there are none, `link` serves for all. */
struct flags {
    struct vec compile, link, object, others;
};

struct tools {
    char *merge;  /* llvm-profdata; NULL for a family that needs none */
    bool misfits; /* there is one, but not of the compiler's version */
};

struct profile_input {
    const char *name; /* of the training */
    const char *raw;  /* directory of its raw profiles */
    long weight;
};

struct merge_request {
    const struct tools *tools;
    const struct profile_input *inputs;
    size_t n;
    /* Build directories of the instrumented and the optimized stage: what was compiled below the
       one is below the other. NULL when that is not known, or both are the same. */
    const char *instrument, *use;
    const char *out;     /* does not exist yet */
    const char *scratch; /* a directory to work in */
};

struct profile_report {
    size_t files, dropped;
    struct vec drops; /* "training: file: reason", for those dropped */
    unsigned long long functions, covered, max_count;
};

/* The counters of the functions that ran; a function has one name in all trainings. */
struct counts_function {
    char *name;
    unsigned long long *v;
    size_t n;
};

struct counts {
    struct counts_function *v;
    size_t n;
};

/* What became of the functions of one object (or of many) in the optimized build. */
struct match {
    long matched;   /* found their profile */
    long unmatched; /* have a profile that is not theirs any more, or under another name */
    long absent;    /* in no program that was trained */
    long corrected; /* matched, with counts that contradict each other; of GCC alone it is known */
};

struct match_request {
    const struct tools *tools;
    const struct compiler *compiler;
    const char *profile;
    const char *build;                   /* directory of the optimized stage */
    const struct flags *flags;           /* of that stage */
    const struct flag_place *instrument; /* of the other */
    const struct vec *trained;           /* paths of instrumented artifacts that were trained */
    const char *scratch;                 /* a directory to work in */
    long jobs;
    const struct object **objects; /* those that will be asked for */
    size_t n;
};

/* How the raw profiles of a program or library are known; read once per artifact. */
struct traces {
    struct vec files; /* names of those that it writes */
    struct buf head;  /* what stands at their start */
    struct buf part;  /* what stands anywhere in them, when there is nothing else to know them by */
};

struct family {
    const char *name;
    const char *const *ids; /* compiler identifications of CMake, NULL-terminated */
    const char *suffix;     /* of a merged profile; "" for a directory of files named as raw ones */
    const char *raw_suffix;
    const char *marks[3]; /* by enum phase: what a command line with the flags contains */
    long oldest;          /* major version */
    const char *package;  /* Debian package of the tools; %s is the major version */

    void (*flags)(enum phase phase, const struct flag_place *place, struct flags *out);
    /* Finds the tools that pair with this compiler, or says which one is wrong or missing. */
    int (*tools)(const struct compiler *c, struct tools *out, struct err *err);
    /* The environment in which an instrumented program writes into `raw`; its flags were made for
       `place`. What the compiler's runtime has to complain of goes to `log`. */
    void (*run_env)(const struct flag_place *place, const char *raw, const char *log,
                    struct vec *env);
    /* 1 when the program or library holds counters, 0 when not, -1 and err. */
    int (*instrumented)(const struct flag_place *place, const char *artifact, struct err *err);
    int (*traces)(const struct flag_place *place, const char *artifact, struct traces *out,
                  struct err *err);
    /* Sets wrote[i] when the artifact of all[i] may have written raw profiles in `raw`. */
    int (*wrote)(const struct traces *all, size_t n, const char *raw, bool *wrote, struct err *err);
    int (*merge)(const struct merge_request *q, struct profile_report *r, struct err *err);
    /* What one training did alone: the counters of what ran, and the report of its raw profiles.
       Those that cannot be read count as dropped. */
    int (*covered)(const struct tools *tools, const struct profile_input *in, const char *scratch,
                   struct counts *out, struct profile_report *r, struct err *err);
    /* The name of a function in `struct counts` for people, below the instrumented stage's build
       directory; the caller frees it. */
    char *(*function)(const char *build, const char *name);
    /* Match: open, ask for each object of the request, close. An object of which nothing is known
       is an error of status 0. The request must live until the end. */
    void *(*match_open)(const struct match_request *r, struct err *err);
    int (*match_object)(void *state, const struct object *o, struct match *out, struct err *err);
    void (*match_close)(void *state);
    /* One name that object `o` looked for and one that the profile has; for a failed gate. */
    char *(*match_example)(void *state, const struct object *o);
    /* Path of the compiler's record beside an object, for removal once read; NULL when there is
       none. */
    char *(*match_record)(const char *object);
};

extern const struct family family_gcc, family_clang;

/* ON, OFF, as CMake has words for them, or prefer. `word` is what the front end calls the setting.
 */
int family_atomic(const char *text, const char *word, enum atomic_mode *out, struct err *err);
/* The family of a compiler identification, or NULL. */
const struct family *family_find(const char *id);
/* The same for a compiler at a path, or on PATH; fills path and id. */
int family_identify(const char *path, struct compiler *out, struct err *err);
/* An error when C and C++ are compiled by different families. */
int family_check_same(const struct compiler *c, const struct compiler *cxx, struct err *err);
/* Identifies, and asks for the version. */
int family_probe(const char *path, struct compiler *out, struct err *err);
/* Fills the version from what the compiler at c->path `says`; asks it when that is NULL. */
int family_version(struct compiler *c, const char *says, struct err *err);
/* An error when it is older than what we know to work. */
int family_check_age(const struct compiler *c, struct err *err);
/* Whether that file is the compiler: another one then has another file. Else it may be a wrapper,
   which can start another one tomorrow. */
bool family_is_itself(const char *path);
void compiler_release(struct compiler *c);
void tools_release(struct tools *t);
void flags_release(struct flags *f);
void profile_report_release(struct profile_report *r);
void traces_release(struct traces *t);
void counts_release(struct counts *c);
/* Appends a function without counters; `name` is owned from now on. */
struct counts_function *counts_add(struct counts *c, char *name);

/* For the families: the path of the first of `candidates` that, called with the words `ask`, prints
   the compiler's version (the leading `parts` numbers count); otherwise an error that names what
   was found instead, in which case it `misfits`. */
char *family_pair(const struct compiler *c, const char *tool, const struct vec *candidates,
                  const char *const *ask, int parts, bool *misfits, struct err *err);
/* The link options that bring in our runtime, and turn to it what it must know of; `own` are names
   of this compiler's. */
void family_link_runtime(const char *runtime, const char *own, struct vec *out);
/* Files in `dir` whose names end in `suffix`, sorted. */
int family_raw_files(const char *dir, const char *suffix, struct vec *names, struct err *err);
void family_drop(struct profile_report *r, const char *training, const char *file, const char *why);

#endif
