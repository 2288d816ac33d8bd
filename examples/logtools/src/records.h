/* The records of a file, CSV or log lines, reduced to the fields that are wanted. */
#ifndef LOGTOOLS_RECORDS_H
#define LOGTOOLS_RECORDS_H

#include "err.h"
#include "reader.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>

enum records_format {
    RECORDS_AUTO, /* CSV if the first line holds a comma and no '=' */
    RECORDS_CSV,  /* the first line names the columns */
    RECORDS_LOG   /* key=value; the words before are "time", "level" and "component" */
};

struct records {
    struct reader reader;
    enum records_format format;
    const struct slice *wanted; /* names of fields; borrowed */
    size_t wanted_count;
    struct slice *values; /* of the record read last, in the order of `wanted` */
    size_t *columns;      /* of CSV: each column's place in `values`, or NOT_WANTED */
    size_t column_count;
    struct line first; /* of log lines: read already, to tell the format */
};

/* Opens PATH, or standard input for "-". Returns 0, or -1 with ERR filled, also for a CSV file
 * without one of the wanted columns. An empty file has no records. */
int records_open(struct records *records, const char *path, enum records_format format,
                 const struct slice *wanted, size_t wanted_count, struct err *err);

/* Returns 1 with `values`, which stand until the next call, 0 at the end, -1 with ERR filled. */
int records_next(struct records *records, struct err *err);

void records_close(struct records *records);

#endif
