#include "logfmt.h"

/* Returns what follows the closing quote; a quote that nothing closes reaches to the end. */
static char *unquote(char *p, char *end, struct slice *value)
{
    char *to = p;

    value->text = p;
    for (; p < end && *p != '"'; p++) {
        if (*p == '\\' && p + 1 < end)
            p++;
        *to++ = *p;
    }
    value->length = (size_t)(to - value->text);
    return p < end ? p + 1 : end;
}

bool logfmt_next(char **cursor, char *end, struct slice *key, struct slice *value)
{
    char *p = *cursor;
    char *start;

    while (p < end && *p == ' ')
        p++;
    if (p == end)
        return false;
    start = p;
    while (p < end && *p != ' ' && *p != '=')
        p++;
    *key = (struct slice){0};
    if (p < end && *p == '=') {
        *key = (struct slice){start, (size_t)(p - start)};
        start = ++p;
        if (p < end && *p == '"') {
            *cursor = unquote(p + 1, end, value);
            return true;
        }
        while (p < end && *p != ' ')
            p++;
    }
    *value = (struct slice){start, (size_t)(p - start)};
    *cursor = p;
    return true;
}
