/* What the runtime in instrumented programs tells of a training's processes: which started, and
   which wrote their counts. */
#ifndef PGO_JOURNAL_H
#define PGO_JOURNAL_H

#include "vec.h"

struct journal {
    bool known;             /* there is one: the programs have our runtime */
    size_t seen, wrote;     /* processes */
    struct vec pids, names; /* of those that left without writing */
};

void journal_read(const char *path, struct journal *out);
void journal_release(struct journal *j);

#endif
