#include "line.h"

#include <string.h>

/* What is left of the line; every take_...() moves `p` behind what it took, or returns false. */
struct cursor {
    const char *p, *end;
};

static bool take_byte(struct cursor *c, char byte)
{
    if (c->p == c->end || *c->p != byte)
        return false;
    c->p++;
    return true;
}

static void leave_out_dash(struct text *text)
{
    if (text->length == 1 && *text->start == '-')
        text->start = NULL;
}

/* Up to a blank; not empty. */
static bool take_word(struct cursor *c, struct text *word)
{
    const char *start = c->p;

    while (c->p < c->end && *c->p != ' ')
        c->p++;
    *word = (struct text){start, (size_t)(c->p - start), false};
    leave_out_dash(word);
    return c->p > start;
}

static bool take_quoted(struct cursor *c, struct text *text)
{
    const char *p = c->p + 1;
    bool escaped = false;

    if (!take_byte(c, '"'))
        return false;
    for (; p < c->end && *p != '"'; p++) {
        if (*p == '\\' && p + 1 < c->end) {
            escaped = true;
            p++;
        }
    }
    if (p == c->end)
        return false;
    *text = (struct text){c->p, (size_t)(p - c->p), escaped};
    leave_out_dash(text);
    c->p = p + 1;
    return true;
}

/* `least` to `most` digits; 18 of them fit. */
static bool take_number(struct cursor *c, int least, int most, int64_t *number)
{
    int digits = 0;

    for (*number = 0; digits < most && c->p < c->end && *c->p >= '0' && *c->p <= '9'; digits++)
        *number = *number * 10 + (*c->p++ - '0');
    return digits >= least;
}

/* Exactly so many digits, not less than `low` nor more than `high`. */
static bool take_digits(struct cursor *c, int digits, int low, int high, int *value)
{
    int64_t number;

    if (!take_number(c, digits, digits, &number) || number < low || number > high)
        return false;
    *value = (int)number;
    return true;
}

static bool take_month(struct cursor *c, int *month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    if (c->end - c->p < 3)
        return false;
    for (*month = 1; *month <= 12; ++*month) {
        if (!memcmp(c->p, names + (*month - 1) * 3, 3)) {
            c->p += 3;
            return true;
        }
    }
    return false;
}

/* Days since 1970-01-01 in the Gregorian calendar. Years begin in March here, so that the leap day
   is the last of its year. */
static int64_t days_since_epoch(int year, int month, int day)
{
    int y = month > 2 ? year : year - 1;
    int months = (month + 9) % 12;

    return 365 * (int64_t)y + y / 4 - y / 100 + y / 400 + (153 * months + 2) / 5 + day - 719469;
}

static bool take_time(struct cursor *c, int64_t *time)
{
    int day, month, year, hour, minute, second, zone_hour, zone_minute;
    bool west;

    if (!take_byte(c, '[') || !take_digits(c, 2, 1, 31, &day) || !take_byte(c, '/') ||
        !take_month(c, &month) || !take_byte(c, '/') || !take_digits(c, 4, 1, 9999, &year) ||
        !take_byte(c, ':') || !take_digits(c, 2, 0, 23, &hour) || !take_byte(c, ':') ||
        !take_digits(c, 2, 0, 59, &minute) || !take_byte(c, ':') ||
        !take_digits(c, 2, 0, 60, &second) || !take_byte(c, ' '))
        return false;
    west = take_byte(c, '-');
    if ((!west && !take_byte(c, '+')) || !take_digits(c, 2, 0, 23, &zone_hour) ||
        !take_digits(c, 2, 0, 59, &zone_minute) || !take_byte(c, ']'))
        return false;
    *time = days_since_epoch(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    *time -= (west ? -60 : 60) * (zone_hour * 60 + zone_minute);
    return true;
}

static bool take_size(struct cursor *c, int64_t *size)
{
    if (take_number(c, 1, 18, size))
        return true;
    *size = -1;
    return take_byte(c, '-');
}

static struct text part(const struct text *of, const char *start, const char *end)
{
    return (struct text){start, (size_t)(end - start), of->escaped};
}

/* The target is what stands between the first blank and the last: some clients send blanks. */
static void split_request(struct line *line, const struct text *request)
{
    const char *end = request->start + request->length;
    const char *first, *last;

    line->method = line->protocol = (struct text){0};
    line->target = *request;
    if (!request->start || !(first = memchr(request->start, ' ', request->length)))
        return;
    for (last = end; last[-1] != ' ';)
        last--;
    if (first == request->start || last - 1 <= first + 1 || last == end)
        return;
    line->method = part(request, request->start, first);
    line->target = part(request, first + 1, last - 1);
    line->protocol = part(request, last, end);
}

static bool take_names(struct cursor *c, struct line *line)
{
    struct text ident;

    return take_word(c, &line->host) && take_byte(c, ' ') && take_word(c, &ident) &&
           take_byte(c, ' ') && take_word(c, &line->user) && take_byte(c, ' ');
}

const char *line_parse(struct line *line, const char *start, const char *end, const char **at)
{
    struct cursor c = {start, end};
    struct text request;

    *at = c.p;
    if (!take_names(&c, line))
        return "host, identity and user";
    *at = c.p;
    if (!take_time(&c, &line->time) || !take_byte(&c, ' '))
        return "a time like [10/Oct/2025:13:55:36 +0200]";
    *at = c.p;
    if (!take_quoted(&c, &request) || !take_byte(&c, ' '))
        return "a request in quotes";
    *at = c.p;
    if (!take_digits(&c, 3, 100, 999, &line->status) || !take_byte(&c, ' '))
        return "a status of three digits";
    *at = c.p;
    if (!take_size(&c, &line->size))
        return "a size or '-'";
    split_request(line, &request);
    line->referer = line->agent = (struct text){0};
    *at = c.p;
    if (c.p == c.end)
        return NULL;
    if (!take_byte(&c, ' ') || !take_quoted(&c, &line->referer) || !take_byte(&c, ' ') ||
        !take_quoted(&c, &line->agent))
        return "referer and agent in quotes, or nothing";
    *at = c.p;
    return c.p == c.end ? NULL : "the end of the line";
}

static int hex(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

/* The byte that the escape at `p` stands for, and in `*length` how long it is; -1 if it is none. */
static int unescaped(const char *p, const char *end, size_t *length)
{
    static const char letters[] = "\"\\bfnrtv", bytes[] = "\"\\\b\f\n\r\t\v";
    const char *letter;

    if (end - p < 2)
        return -1;
    *length = 2;
    if ((letter = memchr(letters, p[1], sizeof letters - 1)))
        return bytes[letter - letters];
    *length = 4;
    return p[1] == 'x' && end - p >= 4 && hex(p[2]) >= 0 && hex(p[3]) >= 0
               ? hex(p[2]) * 16 + hex(p[3])
               : -1;
}

size_t text_unescape(const struct text *text, char *to)
{
    const char *end = text->start + text->length;
    char *out = to;

    for (const char *p = text->start; p < end;) {
        size_t length;
        int byte = *p == '\\' ? unescaped(p, end, &length) : -1;

        if (byte < 0) {
            *out++ = *p++;
        } else {
            *out++ = (char)byte;
            p += length;
        }
    }
    return (size_t)(out - to);
}
