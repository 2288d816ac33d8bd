/* Follows a growing log file. */
#include "matcher.h"
#include "mem.h"
#include "output.h"
#include "program.h"
#include "reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static struct {
    uint64_t lines;
    bool from_start;
    const char *until;
    uint64_t until_line;
    double timeout;
    double interval;
    const char *grep;
} settings = {.lines = 10, .timeout = -1, .interval = 0.25};

static const struct opt opts[] = {
    {.letter = 'n',
     .name = "lines",
     .argument = "N",
     .help = "begin with the last N lines (10)",
     .whole = &settings.lines,
     .max = UINT64_MAX},
    {.name = "from-start", .help = "begin with the first line", .flag = &settings.from_start},
    {.letter = 'g',
     .name = "grep",
     .argument = "REGEX",
     .help = "print only lines that match",
     .text = &settings.grep},
    {.name = "until",
     .argument = "REGEX",
     .help = "end after a line that matches",
     .text = &settings.until},
    {.name = "until-line",
     .argument = "N",
     .help = "end after N lines, printed or not",
     .whole = &settings.until_line,
     .min = 1,
     .max = UINT64_MAX},
    {.name = "timeout",
     .argument = "SECONDS",
     .help = "end after so long",
     .seconds = &settings.timeout},
    {.name = "interval",
     .argument = "SECONDS",
     .help = "look for news so often (0.25)",
     .seconds = &settings.interval},
};

struct tail {
    const char *path;
    struct reader reader;
    struct output out;
    struct matcher *grep;  /* NULL: print all */
    struct matcher *until; /* NULL: no such end */
    uint64_t seen;         /* lines */
    dev_t device;          /* these tell when the path has got another file */
    ino_t inode;
    double end; /* as now() counts; negative: never */
};

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

/* Leaves the reader as it is when it fails. */
static int tail_open(struct tail *tail, bool from_start, struct err *err)
{
    int fd = open(tail->path, O_RDONLY | O_CLOEXEC);
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
        start = last_lines(fd, info.st_size, settings.lines);
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
        if (output_line(&tail->out, line->text, line->length, err))
            return -1;
    if (tail->until && matcher_test(tail->until, line->text, line->length))
        return 1;
    return tail->seen == settings.until_line;
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
        double left = tail->end < 0 ? settings.interval : tail->end - now();

        if (output_flush(&tail->out, err))
            return -1;
        if (left <= 0)
            return tail_news(tail, true, err);
        wait_seconds(left < settings.interval ? left : settings.interval);
        ended = tail_check_file(tail, err);
        if (!ended)
            ended = tail_news(tail, false, err);
    }
    return ended;
}

static int run(int count, char **operands, struct err *err)
{
    bool end_given = settings.until || settings.until_line;
    struct tail tail = {.end = settings.timeout < 0 ? -1 : now() + settings.timeout};
    int ended = -1;

    if (count != 1)
        return err_set(err, "give one file to follow, not %d\n  hint: see 'logtail --help'", count);
    tail.path = operands[0];
    if (settings.interval < 0.001)
        settings.interval = 0.001;
    if (settings.grep && !(tail.grep = matcher_new(settings.grep, false, err)))
        return -1;
    if (settings.until && !(tail.until = matcher_new(settings.until, false, err)))
        goto free_matchers;
    if (tail_open(&tail, settings.from_start, err))
        goto free_matchers;
    if (output_open(&tail.out, NULL, err) == 0) {
        ended = tail_follow(&tail, err);
        if (ended < 0)
            output_abandon(&tail.out);
        else if (output_close(&tail.out, err))
            ended = -1;
    }
    reader_release(&tail.reader);
free_matchers:
    matcher_free(tail.grep);
    matcher_free(tail.until);
    if (ended < 0)
        return -1;
    return ended || !end_given ? 0 : 1;
}

static const struct program program = {
    .name = "logtail",
    .synopsis = "[OPTION]... FILE",
    .about = "Prints the last lines of FILE, and then each line that is added to it. A file\n"
             "that is truncated or replaced is read from its start. Exits with 0, or with 1 if\n"
             "the time was up before what --until or --until-line waited for.\n",
    .opts = opts,
    .opt_count = sizeof opts / sizeof opts[0],
    .run = run,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
