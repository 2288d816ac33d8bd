/* Answers the requests that net.h describes. */
#ifndef LOGTOOLS_REQUEST_H
#define LOGTOOLS_REQUEST_H

#include "output.h"

#include <stdatomic.h>

struct request_terms {
    const char *root;        /* the files' directory */
    double timeout;          /* how long a file is followed, in seconds */
    const atomic_bool *stop; /* ends that before */
};

/* Answers LINE, which is changed. Writes the answer but for its last line. Returns 0, or -1 with
 * ERR filled. */
int request_answer(char *line, const struct request_terms *terms, struct output *out,
                   struct err *err);

#endif
