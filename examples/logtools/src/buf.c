#include "buf.h"

#include "mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_reserve(struct buf *buf, size_t extra)
{
    size_t needed = buf->length + extra;

    if (needed <= buf->capacity)
        return;
    if (needed < buf->capacity * 2)
        needed = buf->capacity * 2;
    if (needed < 64)
        needed = 64;
    buf->data = mem_resize(buf->data, needed, 1);
    buf->capacity = needed;
}

void buf_append(struct buf *buf, const void *data, size_t length)
{
    if (!length)
        return;
    buf_reserve(buf, length);
    memcpy(buf->data + buf->length, data, length);
    buf->length += length;
}

void buf_text(struct buf *buf, const char *text)
{
    buf_append(buf, text, strlen(text));
}

void buf_byte(struct buf *buf, char byte)
{
    buf_reserve(buf, 1);
    buf->data[buf->length++] = byte;
}

void buf_format(struct buf *buf, const char *format, ...)
{
    va_list args;
    int length;

    for (;;) {
        size_t room = buf->capacity - buf->length;

        va_start(args, format);
        length = vsnprintf(room ? buf->data + buf->length : NULL, room, format, args);
        va_end(args);
        if (length < 0)
            return;
        if ((size_t)length < room)
            break;
        buf_reserve(buf, (size_t)length + 1);
    }
    buf->length += (size_t)length;
}

void buf_release(struct buf *buf)
{
    free(buf->data);
    *buf = (struct buf){0};
}
