/* The answer to a query: groups of records, and what is known of each. */
#ifndef LOGTOOLS_SUMMARY_H
#define LOGTOOLS_SUMMARY_H

#include "err.h"
#include "output.h"
#include "query.h"
#include "table.h"

/* What is known of one field in one group. */
struct measure {
    uint64_t present;
    uint64_t numbers; /* of those, how many are numbers; the rest is about these */
    double sum;
    double min;
    double max;
};

struct summary {
    const struct query *query; /* borrowed */
    struct table groups;
    struct buf key;   /* scratch */
    size_t *measured; /* fields that functions are about */
    size_t measured_count;
    size_t *item_measures;    /* for each item, its place in `measured` */
    uint64_t *records;        /* for each group */
    struct measure *measures; /* for each group, `measured_count` of them */
};

void summary_init(struct summary *summary, const struct query *query);
void summary_add(struct summary *summary, const struct slice *values);

/* Adds what OTHER knows, after an equal query. */
void summary_join(struct summary *summary, const struct summary *other);

/* Writes the answer as CSV. Returns 0, or -1 with ERR filled. */
int summary_write(const struct summary *summary, struct output *out, struct err *err);

void summary_release(struct summary *summary);

#endif
