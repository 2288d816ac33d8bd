/* Buffered output that notices every failed write. */
#ifndef LOGTOOLS_OUTPUT_H
#define LOGTOOLS_OUTPUT_H

#include "err.h"

#include <stddef.h>

struct output {
    int fd;
    const char *name; /* for messages; borrowed */
    char *temporary;  /* what becomes the file `name` when all is written, or NULL */
    char *data;
    size_t length;
};

/* What became of an input that was to be put out; ERR is filled unless it is DONE. */
enum outcome { DONE, UNREADABLE, UNWRITABLE };

/* Opens PATH, or standard output for NULL and "-". A regular file is replaced as a whole by
 * output_close(), so that a failed run leaves the old one, and may even read it.
 * All functions return 0, or -1 with ERR filled. PATH must outlive OUT. */
int output_open(struct output *out, const char *path, struct err *err);

/* The same for what is added to PATH, where it can be read as soon as it is flushed. */
int output_open_append(struct output *out, const char *path, struct err *err);

/* The same for an open file, which is taken over. */
void output_open_fd(struct output *out, int fd, const char *name);

int output_write(struct output *out, const char *data, size_t length, struct err *err);
int output_line(struct output *out, const char *text, size_t length, struct err *err);
int output_flush(struct output *out, struct err *err);

/* One of these ends OUT, also after a failure. */
int output_close(struct output *out, struct err *err);
void output_abandon(struct output *out);

#endif
