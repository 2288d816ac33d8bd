/* What a configured stage tree builds: its targets, and each object with the flags it gets. */
#ifndef PGO_MODEL_H
#define PGO_MODEL_H

#include "err.h"
#include "vec.h"

enum target_kind {
    TARGET_OTHER,
    TARGET_PROGRAM,
    TARGET_SHARED,
    TARGET_MODULE,
    TARGET_STATIC,
    TARGET_OBJECT
};

struct target {
    char *name;
    enum target_kind kind;
    char *goal;     /* what the build tool is asked for to have it built */
    char *artifact; /* full path, "" when it has none */
    bool excluded;  /* by pgo_exclude_targets */
};

struct object {
    char *path;     /* full path of the object file */
    char *source;   /* full path */
    char *target;   /* the name of its target, "" when unknown */
    bool flagged;   /* the stage's flags are on its command line */
    char *settings; /* its command line without stage paths, the stage's flags and its own name;
                       words separated by newlines */
};

struct model {
    char *id; /* changes whenever the tree was generated anew */
    struct target *targets;
    size_t targets_n;
    struct object *objects; /* C and C++ only */
    size_t objects_n;
};

#define MODEL_INIT                                                                                 \
    {                                                                                              \
        NULL, NULL, 0, NULL, 0                                                                     \
    }

void model_release(struct model *m);
struct target *model_add_target(struct model *m);
struct object *model_add_object(struct model *m);
const struct target *model_target(const struct model *m, const char *name); /* NULL when none */
/* The model in a record file, so that an unchanged tree need not be read again. The second returns
   1 when the file holds the model of that id, else 0. */
int model_save(const struct model *m, const char *path, struct err *err);
int model_load(struct model *m, const char *path, const char *id);
/* Whether it is linked by itself: a program, a shared library or a module. */
bool target_is_linked(const struct target *t);

#endif
