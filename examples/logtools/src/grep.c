#include "grep.h"

#include "mem.h"
#include "reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int print_line(struct grep *grep, const char *name, char mark, const char *text,
                      size_t length, struct err *err)
{
    grep->printed = true;
    if (grep->print_names && (output_write(grep->out, name, strlen(name), err) ||
                              output_write(grep->out, &mark, 1, err)))
        return -1;
    return output_line(grep->out, text, length, err);
}

static void keep_line(struct grep *grep, const struct line *line)
{
    struct buf *buf;

    if (!grep->kept)
        grep->kept = mem_alloc(grep->before, sizeof *grep->kept);
    buf = &grep->kept[grep->kept_next];
    buf->length = 0;
    buf_append(buf, line->text, line->length);
    grep->kept_next = (grep->kept_next + 1) % grep->before;
    if (grep->kept_count < grep->before)
        grep->kept_count++;
}

static int print_kept(struct grep *grep, const char *name, struct err *err)
{
    for (; grep->kept_count > 0; grep->kept_count--) {
        const struct buf *buf =
            &grep->kept[(grep->kept_next + grep->before - grep->kept_count) % grep->before];

        if (print_line(grep, name, '-', buf->data, buf->length, err))
            return -1;
    }
    return 0;
}

/* Prints a match with what comes before it. LAST is the number of the line printed last. */
static int print_match(struct grep *grep, const struct reader *reader, const struct line *line,
                       uint64_t last, struct err *err)
{
    const char *name = reader->input.name;
    bool gap = !last || reader->number - grep->kept_count != last + 1;

    if (gap && grep->printed && (grep->before || grep->after) &&
        output_line(grep->out, "--", 2, err))
        return -1;
    if (print_kept(grep, name, err))
        return -1;
    return print_line(grep, name, ':', line->text, line->length, err);
}

static int print_count(struct grep *grep, const char *name, uint64_t count, struct err *err)
{
    struct buf text = {0};
    int result;

    buf_format(&text, "%" PRIu64, count);
    result = print_line(grep, name, ':', text.data, text.length, err);
    buf_release(&text);
    return result;
}

static enum outcome grep_lines(struct grep *grep, struct reader *reader, struct err *err)
{
    struct line line;
    uint64_t count = 0;
    uint64_t last = 0;
    uint64_t after = 0; /* so many more lines are printed */
    int got;

    grep->kept_count = 0;
    while ((got = reader_next(reader, &line, err)) > 0) {
        bool wanted = matcher_test(grep->matcher, line.text, line.length) != grep->invert;
        int failed = 0;

        count += wanted;
        if (grep->count)
            continue;
        if (wanted) {
            failed = print_match(grep, reader, &line, last, err);
            last = reader->number;
            after = grep->after;
        } else if (after > 0) {
            failed = print_line(grep, reader->input.name, '-', line.text, line.length, err);
            last = reader->number;
            after--;
        } else if (grep->before > 0) {
            keep_line(grep, &line);
        }
        if (failed)
            return UNWRITABLE;
    }
    grep->matches += count;
    if (got < 0)
        return UNREADABLE;
    return grep->count && print_count(grep, reader->input.name, count, err) ? UNWRITABLE : DONE;
}

enum outcome grep_file(struct grep *grep, const char *path, struct err *err)
{
    struct reader reader;
    enum outcome outcome;

    if (reader_open(&reader, path, err))
        return UNREADABLE;
    outcome = grep_lines(grep, &reader, err);
    reader_release(&reader);
    return outcome;
}

void grep_release(struct grep *grep)
{
    for (uint64_t i = 0; grep->kept && i < grep->before; i++)
        buf_release(&grep->kept[i]);
    free(grep->kept);
}
