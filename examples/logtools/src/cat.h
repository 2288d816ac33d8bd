/* What logcat does with one file. */
#ifndef LOGTOOLS_CAT_H
#define LOGTOOLS_CAT_H

#include "output.h"

#include <stdint.h>

/* Copies PATH, "-" for standard input, to OUT; gzip data is decompressed. */
enum outcome cat_bytes(struct output *out, const char *path, struct err *err);

/* The same line by line, each ended by a newline, with its number before it unless NUMBER is NULL.
 * *NUMBER is that of the line before, and goes on from file to file. */
enum outcome cat_lines(struct output *out, const char *path, uint64_t *number, struct err *err);

#endif
