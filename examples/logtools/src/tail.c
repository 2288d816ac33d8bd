#include "tail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void wait_seconds(double seconds)
{
    struct timespec time = {.tv_sec = (time_t)seconds};

    time.tv_nsec = (long)((seconds - (double)time.tv_sec) * 1e9);
    nanosleep(&time, NULL);
}

/* Finds where the last COUNT lines begin, reading backwards. Returns -1 with errno. */
static off_t last_lines(int fd, off_t size, uint64_t count)
{
    char block[4096];
    off_t start = size;
    bool at_end = true;

    if (!count)
        return size;
    while (start > 0) {
        size_t length = start < (off_t)sizeof block ? (size_t)start : sizeof block;

        start -= (off_t)length;
        if (pread(fd, block, length, start) != (ssize_t)length)
            return -1;
        for (size_t i = length; i-- > 0; at_end = false)
            if (block[i] == '\n' && !at_end && --count == 0)
                return start + (off_t)i + 1;
    }
    return 0;
}

static bool tail_stopped(const struct tail *tail)
{
    return tail->stop && atomic_load(tail->stop);
}

/* Seconds until the next look; 0 when the time is up. */
static double tail_pause(const struct tail *tail)
{
    double left = tail->end < 0 ? tail->interval : tail->end - now();

    if (left <= 0 || tail_stopped(tail))
        return 0;
    return left < tail->interval ? left : tail->interval;
}

/* Opens the file, when it is there if that is wanted. Returns -1 with errno. */
static int tail_descriptor(const struct tail *tail)
{
    for (;;) {
        int fd = open(tail->path, O_RDONLY | O_CLOEXEC);
        double pause;

        if (fd >= 0 || errno != ENOENT || !tail->wait)
            return fd;
        pause = tail_pause(tail);
        if (pause <= 0) {
            errno = ENOENT;
            return -1;
        }
        wait_seconds(pause);
    }
}

/* Leaves the reader as it is when it fails. */
static int tail_open(struct tail *tail, bool from_start, struct err *err)
{
    int fd = tail_descriptor(tail);
    struct input input;
    struct stat info;
    off_t start = 0;

    if (fd < 0)
        return err_set(err, "cannot open '%s': %s", tail->path, strerror(errno));
    if (fstat(fd, &info) || !S_ISREG(info.st_mode)) {
        close(fd);
        return err_set(err, "cannot follow '%s': it is not a regular file", tail->path);
    }
    if (!from_start)
        start = last_lines(fd, info.st_size, tail->lines);
    if (start < 0 || lseek(fd, start, SEEK_SET) < 0) {
        err_format(err, "cannot read '%s': %s", tail->path, strerror(errno));
        close(fd);
        return -1;
    }
    tail->device = info.st_dev;
    tail->inode = info.st_ino;
    input_open_plain(&input, fd, tail->path);
    reader_init(&tail->reader, &input);
    return 0;
}

/* Prints a line if it is wanted. Returns 1 if it is the last, 0 if not, or -1. */
static int tail_line(struct tail *tail, const struct line *line, struct err *err)
{
    tail->seen++;
    if (!tail->grep || matcher_test(tail->grep, line->text, line->length))
        if (output_line(tail->out, line->text, line->length, err))
            return -1;
    if (tail->until && matcher_test(tail->until, line->text, line->length))
        return 1;
    return tail->seen == tail->until_line;
}

/* Prints what came since. With REST, an unfinished line is a line too. Returns as tail_line(). */
static int tail_news(struct tail *tail, bool rest, struct err *err)
{
    struct line line;
    int got;
    int ended = 0;

    while (!ended && (got = reader_next_whole(&tail->reader, &line, err)) != 0)
        ended = got < 0 ? -1 : tail_line(tail, &line, err);
    if (!ended && rest && reader_rest(&tail->reader, &line))
        ended = tail_line(tail, &line, err);
    return ended;
}

/* Starts over with a file that was truncated, or goes to the one that replaced it, after what
 * the old one still has. Returns 1 if that was the end, 0 if not, or -1. */
static int tail_check_file(struct tail *tail, struct err *err)
{
    int fd = tail->reader.input.fd;
    struct reader old;
    struct stat there, here;
    int ended;

    if (fstat(fd, &here) == 0 && here.st_size < lseek(fd, 0, SEEK_CUR)) {
        fprintf(stderr, "logtail: '%s' was truncated\n", tail->path);
    } else if (stat(tail->path, &there) == 0 &&
               (there.st_dev != tail->device || there.st_ino != tail->inode)) {
        ended = tail_news(tail, true, err);
        if (ended)
            return ended;
        fprintf(stderr, "logtail: '%s' was replaced\n", tail->path);
    } else {
        return 0;
    }
    old = tail->reader;
    if (tail_open(tail, true, err))
        return -1;
    reader_release(&old);
    return 0;
}

/* Returns 1 when the end that was asked for came, 0 when the time was up first, or -1. */
static int tail_follow(struct tail *tail, struct err *err)
{
    int ended = tail_news(tail, false, err);

    while (!ended) {
        double pause = tail_pause(tail);

        if (output_flush(tail->out, err))
            return -1;
        if (pause <= 0)
            return tail_news(tail, true, err);
        wait_seconds(pause);
        ended = tail_check_file(tail, err);
        if (!ended)
            ended = tail_news(tail, false, err);
    }
    return ended;
}

int tail_run(struct tail *tail, struct err *err)
{
    int ended;

    tail->end = tail->timeout < 0 ? -1 : now() + tail->timeout;
    if (tail_open(tail, tail->from_start, err))
        return -1;
    ended = tail_follow(tail, err);
    reader_release(&tail->reader);
    return ended;
}
