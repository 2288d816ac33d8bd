#include "cat.h"

#include "input.h"
#include "reader.h"

#include <inttypes.h>
#include <stdio.h>

enum { BLOCK_SIZE = 64 * 1024 };

enum outcome cat_bytes(struct output *out, const char *path, struct err *err)
{
    char block[BLOCK_SIZE];
    struct input in;
    enum outcome outcome = DONE;
    ssize_t got;

    if (input_open(&in, path, err))
        return UNREADABLE;
    while ((got = input_read(&in, block, sizeof block, err)) > 0) {
        if (output_write(out, block, (size_t)got, err)) {
            outcome = UNWRITABLE;
            break;
        }
    }
    input_close(&in);
    return got < 0 ? UNREADABLE : outcome;
}

static int write_number(struct output *out, uint64_t number, struct err *err)
{
    char prefix[32];
    int length = snprintf(prefix, sizeof prefix, "%6" PRIu64 "\t", number);

    return output_write(out, prefix, (size_t)length, err);
}

enum outcome cat_lines(struct output *out, const char *path, uint64_t *number, struct err *err)
{
    struct reader reader;
    struct line line;
    enum outcome outcome = DONE;
    int got;

    if (reader_open(&reader, path, err))
        return UNREADABLE;
    while ((got = reader_next(&reader, &line, err)) > 0) {
        if ((number && write_number(out, ++*number, err)) ||
            output_line(out, line.text, line.length, err)) {
            outcome = UNWRITABLE;
            break;
        }
    }
    reader_release(&reader);
    return got < 0 ? UNREADABLE : outcome;
}
