#include "json_out.h"

#include <math.h>

#define JSON_REPLACED "\xef\xbf\xbd" /* U+FFFD, in the place of a byte that is not UTF-8 */

/* How many bytes the character has that a string starts with; 0: it is none of UTF-8 (RFC 3629),
   whose second byte has narrower limits for some first ones. */
static size_t json_character(const char *s)
{
    const unsigned char *c = (const unsigned char *)s;
    size_t n = *c < 0x80 ? 1 : *c < 0xc2 ? 0 : *c < 0xe0 ? 2 : *c < 0xf0 ? 3 : *c < 0xf5 ? 4 : 0;
    unsigned char low = *c == 0xe0 ? 0xa0 : *c == 0xf0 ? 0x90 : 0x80;
    unsigned char high = *c == 0xed ? 0x9f : *c == 0xf4 ? 0x8f : 0xbf;
    for (size_t i = 1; i < n; i++) {
        if (c[i] < low || c[i] > high)
            return 0;
        low = 0x80;
        high = 0xbf;
    }
    return n;
}

static void json_quote(struct buf *b, const char *s)
{
    buf_addc(b, '"');
    for (size_t n; *s; s += n ? n : 1) {
        n = json_character(s);
        if (!n)
            buf_adds(b, JSON_REPLACED);
        else if (*s == '"' || *s == '\\')
            buf_addf(b, "\\%c", *s);
        else if (n == 1 && *s < 0x20)
            buf_addf(b, "\\u%04x", (unsigned)*s);
        else
            buf_add(b, s, n);
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
