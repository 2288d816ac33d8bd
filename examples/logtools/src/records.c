#include "records.h"

#include "csv.h"
#include "logfmt.h"
#include "mem.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>

static const size_t NOT_WANTED = SIZE_MAX;

static const struct slice log_words[] = {{"time", 4}, {"level", 5}, {"component", 9}};
enum { LOG_WORDS = sizeof log_words / sizeof log_words[0] };

static size_t wanted_place(const struct records *records, struct slice name)
{
    for (size_t i = 0; i < records->wanted_count; i++)
        if (slice_equal(name, records->wanted[i].text, records->wanted[i].length))
            return i;
    return NOT_WANTED;
}

static enum records_format recognise(const struct line *line)
{
    return memchr(line->text, ',', line->length) && !memchr(line->text, '=', line->length)
               ? RECORDS_CSV
               : RECORDS_LOG;
}

static void trim_return(struct line *line)
{
    if (line->length > 0 && line->text[line->length - 1] == '\r')
        line->length--;
}

static int broken_quote(const struct records *records, struct err *err)
{
    return err_set(err, "'%s' line %" PRIu64 ": a quoted field does not end properly",
                   records->reader.input.name, records->reader.number);
}

static int read_header(struct records *records, const struct line *line, struct err *err)
{
    char *cursor = line->text;
    bool *found = mem_alloc(records->wanted_count, sizeof *found);
    int result = 0;

    while (cursor && !result) {
        struct slice name;
        size_t place;

        if (csv_next(&cursor, line->text + line->length, &name)) {
            result = broken_quote(records, err);
            break;
        }
        place = wanted_place(records, name);
        if (place != NOT_WANTED)
            found[place] = true;
        records->columns =
            mem_grow(records->columns, records->column_count, sizeof *records->columns);
        records->columns[records->column_count++] = place;
    }
    for (size_t i = 0; i < records->wanted_count && !result; i++)
        if (!found[i])
            result = err_set(err, "'%s' has no column '%.*s'", records->reader.input.name,
                             (int)records->wanted[i].length, records->wanted[i].text);
    free(found);
    return result;
}

int records_open(struct records *records, const char *path, enum records_format format,
                 const struct slice *wanted, size_t wanted_count, struct err *err)
{
    struct line line;
    int got;

    *records = (struct records){.format = format, .wanted = wanted, .wanted_count = wanted_count};
    if (reader_open(&records->reader, path, err))
        return -1;
    records->values = mem_alloc(wanted_count, sizeof *records->values);
    got = reader_next(&records->reader, &line, err);
    if (got > 0) {
        trim_return(&line);
        if (format == RECORDS_AUTO)
            records->format = recognise(&line);
        if (records->format == RECORDS_LOG)
            records->first = line;
        else
            got = read_header(records, &line, err);
    }
    if (got < 0) {
        records_close(records);
        return -1;
    }
    return 0;
}

static int split_csv(struct records *records, const struct line *line, struct err *err)
{
    char *cursor = line->text;

    for (size_t i = 0; cursor && i < records->column_count; i++) {
        size_t place = records->columns[i];
        struct slice value;

        if (csv_next(&cursor, line->text + line->length, &value))
            return broken_quote(records, err);
        if (place != NOT_WANTED)
            records->values[place] = value;
    }
    return 1;
}

static int split_log(struct records *records, const struct line *line)
{
    char *cursor = line->text;
    struct slice key, value;
    size_t words = 0;

    while (logfmt_next(&cursor, line->text + line->length, &key, &value)) {
        size_t place;

        if (!key.text) {
            if (words == LOG_WORDS)
                continue;
            key = log_words[words++];
        }
        place = wanted_place(records, key);
        if (place != NOT_WANTED)
            records->values[place] = value;
    }
    return 1;
}

int records_next(struct records *records, struct err *err)
{
    struct line line = records->first;

    records->first = (struct line){0};
    while (!line.length) {
        int got = reader_next(&records->reader, &line, err);

        if (got <= 0)
            return got;
        trim_return(&line);
    }
    for (size_t i = 0; i < records->wanted_count; i++)
        records->values[i] = (struct slice){0};
    if (records->format == RECORDS_CSV)
        return split_csv(records, &line, err);
    return split_log(records, &line);
}

void records_close(struct records *records)
{
    reader_release(&records->reader);
    free(records->values);
    free(records->columns);
}
