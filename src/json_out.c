#include "json_out.h"

#include <math.h>

static void json_quote(struct buf *b, const char *s)
{
    buf_addc(b, '"');
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            buf_addf(b, "\\%c", c);
        else if (c < 0x20)
            buf_addf(b, "\\u%04x", c);
        else
            buf_addc(b, *s);
    }
    buf_addc(b, '"');
}

/* What is before a value: `lead` is what parts it from the last one, behind the comma. */
static void json_next(struct buf *b, const char *key, const char *lead)
{
    if (b->len && b->p[b->len - 1] != '{' && b->p[b->len - 1] != '[')
        buf_addf(b, ",%s", lead);
    else if (b->len && *lead == '\n')
        buf_adds(b, lead);
    if (!key)
        return;
    json_quote(b, key);
    buf_adds(b, ": ");
}

void json_text(struct buf *b, const char *key, const char *value)
{
    json_next(b, key, " ");
    if (value)
        json_quote(b, value);
    else
        buf_adds(b, "null");
}

void json_verbatim(struct buf *b, const char *key, const char *json)
{
    json_next(b, key, " ");
    buf_adds(b, json ? json : "null");
}

void json_bool(struct buf *b, const char *key, bool value)
{
    json_verbatim(b, key, value ? "true" : "false");
}

void json_integer(struct buf *b, const char *key, unsigned long long value)
{
    json_next(b, key, " ");
    buf_addf(b, "%llu", value);
}

void json_number(struct buf *b, const char *key, double value)
{
    json_next(b, key, " ");
    if (isfinite(value))
        buf_addf(b, "%.15g", value);
    else
        buf_adds(b, "null");
}

void json_open(struct buf *b, const char *key, char bracket)
{
    json_next(b, key, key ? "\n " : "\n  ");
    buf_addc(b, bracket);
}

void json_close(struct buf *b, char bracket)
{
    buf_addc(b, bracket);
}

void json_list(struct buf *b, const char *key, const struct vec *values)
{
    json_next(b, key, " ");
    buf_addc(b, '[');
    for (size_t i = 0; i < values->n; i++)
        json_text(b, NULL, values->v[i]);
    buf_addc(b, ']');
}
