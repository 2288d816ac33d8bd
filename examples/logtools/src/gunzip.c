#include "gunzip.h"

#include "input.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

bool gunzip_recognises(const char *data, size_t length)
{
    return length >= 2 && memcmp(data, "\x1f\x8b", 2) == 0;
}

#ifdef LOGTOOLS_ZLIB

#include <zlib.h>

enum { GZIP_ONLY = 16 };

struct gunzip {
    int fd;
    const char *name;
    z_stream stream;
    bool inside; /* a member has begun and not ended */
    unsigned char compressed[GUNZIP_SIZE];
};

struct gunzip *gunzip_new(int fd, const char *name, const char *data, size_t length,
                          struct err *err)
{
    struct gunzip *gunzip = mem_alloc(1, sizeof *gunzip);

    gunzip->fd = fd;
    gunzip->name = name;
    memcpy(gunzip->compressed, data, length);
    gunzip->stream.next_in = gunzip->compressed;
    gunzip->stream.avail_in = (uInt)length;
    if (inflateInit2(&gunzip->stream, MAX_WBITS + GZIP_ONLY) != Z_OK) {
        err_format(err, "cannot read '%s': zlib does not start", name);
        free(gunzip);
        return NULL;
    }
    return gunzip;
}

static ssize_t gunzip_refill(struct gunzip *gunzip, struct err *err)
{
    ssize_t got = input_read_fd(gunzip->fd, gunzip->name, (char *)gunzip->compressed,
                                sizeof gunzip->compressed, err);

    if (got == 0 && gunzip->inside)
        return err_set(err, "cannot read '%s': its gzip data ends too early", gunzip->name);
    gunzip->stream.next_in = gunzip->compressed;
    gunzip->stream.avail_in = got > 0 ? (uInt)got : 0;
    return got;
}

ssize_t gunzip_read(struct gunzip *gunzip, char *data, size_t size, struct err *err)
{
    z_stream *stream = &gunzip->stream;
    uInt room = size > 1u << 30 ? 1u << 30 : (uInt)size;

    stream->next_out = (Bytef *)data;
    stream->avail_out = room;
    while (stream->avail_out == room) {
        int result;

        if (!stream->avail_in) {
            ssize_t got = gunzip_refill(gunzip, err);

            if (got <= 0)
                return got;
        }
        if (!gunzip->inside) {
            inflateReset(stream);
            gunzip->inside = true;
        }
        result = inflate(stream, Z_NO_FLUSH);
        if (result == Z_STREAM_END)
            gunzip->inside = false;
        else if (result != Z_OK && result != Z_BUF_ERROR)
            return err_set(err, "cannot read '%s': its gzip data is damaged", gunzip->name);
    }
    return (ssize_t)(room - stream->avail_out);
}

void gunzip_free(struct gunzip *gunzip)
{
    if (!gunzip)
        return;
    inflateEnd(&gunzip->stream);
    free(gunzip);
}

#else

struct gunzip *gunzip_new(int fd, const char *name, const char *data, size_t length,
                          struct err *err)
{
    (void)fd, (void)data, (void)length;
    err_format(err, "cannot read '%s': it is gzip data, and logtools was built without zlib", name);
    return NULL;
}

ssize_t gunzip_read(struct gunzip *gunzip, char *data, size_t size, struct err *err)
{
    (void)gunzip, (void)data, (void)size, (void)err;
    return 0;
}

void gunzip_free(struct gunzip *gunzip)
{
    (void)gunzip;
}

#endif
