/* The checklist before optimized programs are handed on: each check is a view of the facts. */
#ifndef PGO_CHECKS_H
#define PGO_CHECKS_H

#include "facts.h"

enum check_result { CHECK_PASS, CHECK_FAIL, CHECK_UNKNOWN };

struct check {
    const char *name;
    enum check_result result;
    bool waived;
    char *text; /* figures, and what to do where it did not pass */
};

struct checks {
    struct check *v;
    size_t n;
};

/* What may be asked of the checks. */
struct check_limits {
    double size; /* per cent by which the programs may be larger than the baseline's */
    const struct vec *waived;
};

void checks_release(struct checks *c);
/* An error when a name that is waived is none of a check. */
int checks_make(const struct session *s, const struct facts *f, const struct check_limits *limits,
                struct checks *out, struct err *err);
/* Neither passed nor waived: what is not known does not pass. */
bool check_stops(const struct check *c);
const char *check_result_text(const struct check *c);

#endif
