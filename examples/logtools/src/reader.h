/* Lines of an input. */
#ifndef LOGTOOLS_READER_H
#define LOGTOOLS_READER_H

#include "err.h"
#include "input.h"

#include <stddef.h>
#include <stdint.h>

/* Without its newline. May be changed in place; stands until the reader is used again. */
struct line {
    char *text;
    size_t length;
};

struct reader {
    struct input input;
    uint64_t number; /* of the line returned last, from 1 */
    char *data;
    size_t capacity;
    size_t start;   /* where the next line starts */
    size_t scanned; /* no newline from `start` to here */
    size_t end;
};

/* Takes the opened input over. End it with reader_release(). */
void reader_init(struct reader *reader, const struct input *input);
int reader_open(struct reader *reader, const char *path, struct err *err);
void reader_release(struct reader *reader);

/* These return 1 with a line, 0 when there is none (now), or -1 with ERR filled.
 * A last line without a newline is a line for reader_next(); reader_next_whole() leaves it
 * until the rest of it is written, and reader_rest() gives it up as it is. */
int reader_next(struct reader *reader, struct line *line, struct err *err);
int reader_next_whole(struct reader *reader, struct line *line, struct err *err);
int reader_rest(struct reader *reader, struct line *line);

#endif
