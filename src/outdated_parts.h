/* What there is to learn from a build tool's words, of ninja's and of Make's. Files are named as
   seen from the directory that is built. The first reason stays. */
#ifndef PGO_OUTDATED_PARTS_H
#define PGO_OUTDATED_PARTS_H

#include "outdated.h"

typedef void outdated_line(struct outdated *o, const char *line);

void outdated_start(struct outdated *o);
/* Of files that no build makes, or that every build makes, a build tool tells the same. */
bool outdated_ours(const struct outdated *o, const char *file);
bool outdated_there(struct outdated *o, const char *file);
/* An input is newer. */
void outdated_input(struct outdated *o, const char *input, const char *output);
/* A file that is not there, or that is there and `what` (NULL: that does not matter), which counts
   `always` when it counts of any file. */
void outdated_output(struct outdated *o, const char *output, const char *what, bool always);
/* A file that an object or a program of ours, which is there, was made from. */
void outdated_made_from(struct outdated *o, const char *output, const char *input);
/* What stands between a text and the last place of another; NULL when they are not both there. The
   caller frees it. */
char *outdated_between(const char *line, const char *from, const char *to);
/* Runs the tool; each line of its answer is added to `lines`. That it fails is a reason. */
int outdated_ask(struct outdated *o, const struct vec *words, outdated_line *each,
                 struct vec *lines, struct err *err);

#endif
