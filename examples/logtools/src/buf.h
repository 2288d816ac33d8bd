/* A byte buffer that grows. Zero-initialised it is empty and owns nothing. */
#ifndef LOGTOOLS_BUF_H
#define LOGTOOLS_BUF_H

#include "err.h"

#include <stddef.h>

struct buf {
    char *data; /* not ended by a NUL */
    size_t length;
    size_t capacity;
};

void buf_reserve(struct buf *buf, size_t extra);
void buf_append(struct buf *buf, const void *data, size_t length);
void buf_text(struct buf *buf, const char *text);
void buf_byte(struct buf *buf, char byte);
void buf_format(struct buf *buf, const char *format, ...) ERR_PRINTF(2, 3);
void buf_release(struct buf *buf);

#endif
