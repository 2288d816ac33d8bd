#include "input.h"

#include "gunzip.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int input_open(struct input *in, const char *path, struct err *err)
{
    *in = (struct input){.fd = STDIN_FILENO, .name = "standard input"};
    if (strcmp(path, "-") == 0)
        return 0;
    in->name = path;
    in->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (in->fd < 0)
        return err_set(err, "cannot open '%s': %s", path, strerror(errno));
    return 0;
}

void input_open_plain(struct input *in, int fd, const char *name)
{
    *in = (struct input){.fd = fd, .name = name, .begun = true};
}

ssize_t input_read_fd(int fd, const char *name, char *data, size_t size, struct err *err)
{
    ssize_t got;

    do
        got = read(fd, data, size);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        err_format(err, "cannot read '%s': %s", name, strerror(errno));
    return got;
}

/* Reads enough to tell gzip data from plain data. */
static ssize_t input_begin(struct input *in, char *data, size_t size, struct err *err)
{
    size_t length = 0;
    ssize_t got;

    in->begun = true;
    if (size > GUNZIP_SIZE)
        size = GUNZIP_SIZE;
    do {
        got = input_read_fd(in->fd, in->name, data + length, size - length, err);
        if (got < 0)
            return -1;
        length += (size_t)got;
    } while (got > 0 && length < 2);
    if (!gunzip_recognises(data, length))
        return (ssize_t)length;
    in->gunzip = gunzip_new(in->fd, in->name, data, length, err);
    return in->gunzip ? gunzip_read(in->gunzip, data, size, err) : -1;
}

ssize_t input_read(struct input *in, char *data, size_t size, struct err *err)
{
    if (!in->begun)
        return input_begin(in, data, size, err);
    if (in->gunzip)
        return gunzip_read(in->gunzip, data, size, err);
    return input_read_fd(in->fd, in->name, data, size, err);
}

void input_close(struct input *in)
{
    gunzip_free(in->gunzip);
    if (in->fd != STDIN_FILENO)
        close(in->fd);
}
