#include "reader.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

enum { READER_SIZE = 64 * 1024 };

void reader_init(struct reader *reader, const struct input *input)
{
    *reader = (struct reader){.input = *input, .capacity = READER_SIZE};
    reader->data = mem_resize(NULL, reader->capacity, 1);
}

int reader_open(struct reader *reader, const char *path, struct err *err)
{
    struct input input;

    if (input_open(&input, path, err))
        return -1;
    reader_init(reader, &input);
    return 0;
}

void reader_release(struct reader *reader)
{
    input_close(&reader->input);
    free(reader->data);
}

static ssize_t reader_fill(struct reader *reader, struct err *err)
{
    ssize_t got;

    if (reader->start > 0) {
        memmove(reader->data, reader->data + reader->start, reader->end - reader->start);
        reader->scanned -= reader->start;
        reader->end -= reader->start;
        reader->start = 0;
    }
    if (reader->capacity - reader->end < READER_SIZE / 2) {
        reader->capacity *= 2;
        reader->data = mem_resize(reader->data, reader->capacity, 1);
    }
    got =
        input_read(&reader->input, reader->data + reader->end, reader->capacity - reader->end, err);
    if (got > 0)
        reader->end += (size_t)got;
    return got;
}

int reader_next_whole(struct reader *reader, struct line *line, struct err *err)
{
    for (;;) {
        char *from = reader->data + reader->scanned;
        char *newline = memchr(from, '\n', reader->end - reader->scanned);
        ssize_t got;

        if (newline) {
            line->text = reader->data + reader->start;
            line->length = (size_t)(newline - line->text);
            reader->start += line->length + 1;
            reader->scanned = reader->start;
            reader->number++;
            return 1;
        }
        reader->scanned = reader->end;
        got = reader_fill(reader, err);
        if (got <= 0)
            return (int)got;
    }
}

int reader_rest(struct reader *reader, struct line *line)
{
    if (reader->start == reader->end)
        return 0;
    line->text = reader->data + reader->start;
    line->length = reader->end - reader->start;
    reader->start = reader->scanned = reader->end;
    reader->number++;
    return 1;
}

int reader_next(struct reader *reader, struct line *line, struct err *err)
{
    int got = reader_next_whole(reader, line, err);

    return got ? got : reader_rest(reader, line);
}
