/* What a build tool would do, asked without having it do anything: ninja and Make can tell. Both
   also list steps that they run at every build, and what would be made anew if those changed
   something; so the answer is a reason, and steps count only when there is one. */
#ifndef PGO_OUTDATED_H
#define PGO_OUTDATED_H

#include "model.h"

struct outdated {
    const char *dir;           /* the directory that is built */
    const char *source;        /* paths below it are told as seen from there */
    const struct model *model; /* whose objects and programs must be there */
    struct map ours;           /* their paths */
    struct map times;          /* path → when it was written, "" when it is not there */
    char *listed;              /* whose inputs a build tool is listing */
    long steps;
    char *why; /* "core.h is newer than core.c.o"; NULL: all is built */
};

void outdated_release(struct outdated *o);

/* `tool`: with the arguments that say where; `goals`: what it would be asked to build. */
int outdated_ninja(struct outdated *o, const struct vec *tool, const struct vec *goals,
                   struct err *err);
int outdated_make(struct outdated *o, const struct vec *tool, const struct vec *goals,
                  struct err *err);
/* Looks whether a file is newer than what was made from it, both as seen from the directory. */
void outdated_newer(struct outdated *o, const char *input, const char *output);

#endif
