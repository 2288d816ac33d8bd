/* Decompression of gzip data, of one member or several (RFC 1952). */
#ifndef LOGTOOLS_GUNZIP_H
#define LOGTOOLS_GUNZIP_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { GUNZIP_SIZE = 64 * 1024 };

struct gunzip;

bool gunzip_recognises(const char *data, size_t length);

/* Starts with data already read from FD, at most GUNZIP_SIZE bytes, which are copied. NAME is
 * for messages and must outlive the result. Returns NULL with ERR filled where logtools was
 * built without zlib. Free with gunzip_free(). */
struct gunzip *gunzip_new(int fd, const char *name, const char *data, size_t length,
                          struct err *err);

/* Returns how many bytes of plain data were put to DATA, 0 at the end, or -1 with ERR filled. */
ssize_t gunzip_read(struct gunzip *gunzip, char *data, size_t size, struct err *err);

void gunzip_free(struct gunzip *gunzip);

#endif
