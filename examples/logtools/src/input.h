/* Bytes from a file or from standard input, decompressed where they are gzip data. */
#ifndef LOGTOOLS_INPUT_H
#define LOGTOOLS_INPUT_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct gunzip;

struct input {
    int fd;
    const char *name; /* for messages; borrowed */
    bool begun;
    struct gunzip *gunzip; /* NULL for plain data */
};

/* Opens PATH, or standard input for "-". PATH must outlive IN. Returns 0, or -1 with ERR
 * filled. End it with input_close(). */
int input_open(struct input *in, const char *path, struct err *err);

/* As input_open(), for an open file that is never decompressed. Takes FD over. */
void input_open_plain(struct input *in, int fd, const char *name);

/* Returns how many bytes were put to DATA, 0 at the end, or -1 with ERR filled.
 * SIZE is at least 2. */
ssize_t input_read(struct input *in, char *data, size_t size, struct err *err);

void input_close(struct input *in);

/* read(2), begun again when a signal comes; NAME is for the message. */
ssize_t input_read_fd(int fd, const char *name, char *data, size_t size, struct err *err);

#endif
