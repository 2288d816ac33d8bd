#include "csv.h"

static int csv_next_quoted(char **cursor, char *end, struct slice *field)
{
    char *p = *cursor + 1;
    char *to = p;

    field->text = p;
    for (;; p++) {
        if (p == end)
            return -1;
        if (*p == '"') {
            p++;
            if (p == end || *p != '"')
                break;
        }
        *to++ = *p;
    }
    if (p < end && *p != ',')
        return -1;
    field->length = (size_t)(to - field->text);
    *cursor = p < end ? p + 1 : NULL;
    return 0;
}

int csv_next(char **cursor, char *end, struct slice *field)
{
    char *p = *cursor;

    if (p < end && *p == '"')
        return csv_next_quoted(cursor, end, field);
    while (p < end && *p != ',')
        p++;
    field->text = *cursor;
    field->length = (size_t)(p - *cursor);
    *cursor = p < end ? p + 1 : NULL;
    return 0;
}

static bool needs_quotes(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
            return true;
    return false;
}

void csv_append(struct buf *buf, const char *text, size_t length)
{
    if (!needs_quotes(text, length)) {
        buf_append(buf, text, length);
        return;
    }
    buf_byte(buf, '"');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"')
            buf_byte(buf, '"');
        buf_byte(buf, text[i]);
    }
    buf_byte(buf, '"');
}
