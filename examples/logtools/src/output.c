#include "output.h"

#include "buf.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OUTPUT_SIZE = 64 * 1024 };

static int output_failed(const struct output *out, struct err *err)
{
    if (errno == EPIPE) {
        *err = (struct err){{0}};
        return -1;
    }
    return err_set(err, "cannot write '%s': %s", out->name, strerror(errno));
}

static char *temporary_name(const char *path)
{
    struct buf name = {0};

    buf_format(&name, "%s.%ld.tmp", path, (long)getpid());
    buf_byte(&name, '\0');
    return name.data;
}

void output_open_fd(struct output *out, int fd, const char *name)
{
    *out = (struct output){.fd = fd, .name = name, .data = mem_resize(NULL, OUTPUT_SIZE, 1)};
}

int output_open(struct output *out, const char *path, struct err *err)
{
    struct stat info;
    char *temporary = NULL;
    int fd;

    if (!path || !strcmp(path, "-")) {
        output_open_fd(out, STDOUT_FILENO, "standard output");
        return 0;
    }
    if (lstat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    } else {
        temporary = temporary_name(path);
        fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
    if (fd < 0) {
        err_format(err, "cannot write '%s': %s", path, strerror(errno));
        free(temporary);
        return -1;
    }
    output_open_fd(out, fd, path);
    out->temporary = temporary;
    return 0;
}

int output_open_append(struct output *out, const char *path, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

    if (fd < 0)
        return err_set(err, "cannot write '%s': %s", path, strerror(errno));
    output_open_fd(out, fd, path);
    return 0;
}

static int write_all(struct output *out, const char *data, size_t length, struct err *err)
{
    while (length > 0) {
        ssize_t written = write(out->fd, data, length);

        if (written < 0) {
            if (errno == EINTR)
                continue;
            return output_failed(out, err);
        }
        data += written;
        length -= (size_t)written;
    }
    return 0;
}

int output_flush(struct output *out, struct err *err)
{
    size_t length = out->length;

    out->length = 0;
    return write_all(out, out->data, length, err);
}

int output_write(struct output *out, const char *data, size_t length, struct err *err)
{
    if (length > OUTPUT_SIZE - out->length) {
        if (output_flush(out, err))
            return -1;
        if (length >= OUTPUT_SIZE)
            return write_all(out, data, length, err);
    }
    memcpy(out->data + out->length, data, length);
    out->length += length;
    return 0;
}

int output_line(struct output *out, const char *text, size_t length, struct err *err)
{
    return output_write(out, text, length, err) || output_write(out, "\n", 1, err) ? -1 : 0;
}

int output_close(struct output *out, struct err *err)
{
    int result = output_flush(out, err);

    if (result) {
        output_abandon(out);
        return -1;
    }
    if (close(out->fd))
        result = output_failed(out, err);
    else if (out->temporary && rename(out->temporary, out->name))
        result = err_set(err, "cannot replace '%s': %s", out->name, strerror(errno));
    if (result && out->temporary)
        unlink(out->temporary);
    free(out->temporary);
    free(out->data);
    return result;
}

void output_abandon(struct output *out)
{
    if (out->fd != STDOUT_FILENO)
        close(out->fd);
    if (out->temporary)
        unlink(out->temporary);
    free(out->temporary);
    free(out->data);
}
