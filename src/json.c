#include "json.h"

#include "fs.h"

#include <stdlib.h>
#include <string.h>

#define JSON_DEPTH 200

struct json_reader {
    const char *p, *end, *start;
    int depth;
};

static int json_value(struct json_reader *r, struct json *out);

void json_release(struct json *j)
{
    for (size_t i = 0; i < j->n; i++)
        json_release(&j->items[i]);
    free(j->items);
    free(j->key);
    free(j->text);
    memset(j, 0, sizeof(*j));
}

static void json_space(struct json_reader *r)
{
    while (r->p < r->end && strchr(" \t\r\n", *r->p) && *r->p)
        r->p++;
}

static bool json_take(struct json_reader *r, char c)
{
    json_space(r);
    if (r->p >= r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

static bool json_hex4(struct json_reader *r, unsigned *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++, r->p++) {
        static const char digits[] = "0123456789abcdefABCDEF";
        const char *d = r->p < r->end && *r->p ? strchr(digits, *r->p) : NULL;
        if (!d)
            return false;
        unsigned v = (unsigned)(d - digits);
        *out = *out * 16 + (v < 16 ? v : v - 6);
    }
    return true;
}

static void json_utf8(struct buf *b, unsigned c)
{
    static const struct {
        unsigned limit, lead;
        int more;
    } rows[] = {{0x80, 0, 0}, {0x800, 0xc0, 1}, {0x10000, 0xe0, 2}, {0x110000, 0xf0, 3}};
    size_t i = 0;
    while (i < 3 && c >= rows[i].limit)
        i++;
    buf_addc(b, (char)(rows[i].lead | c >> (6 * rows[i].more)));
    for (int k = rows[i].more - 1; k >= 0; k--)
        buf_addc(b, (char)(0x80 | (c >> (6 * k) & 0x3f)));
}

static int json_escape(struct json_reader *r, struct buf *b)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (r->p >= r->end || !*r->p)
        return -1;
    char c = *r->p++;
    const char *hit = strchr(from, c);
    if (hit) {
        buf_addc(b, to[hit - from]);
        return 0;
    }
    unsigned u, low;
    if (c != 'u' || !json_hex4(r, &u))
        return -1;
    if (u >= 0xdc00 && u <= 0xdfff)
        return -1;
    if (u >= 0xd800 && u < 0xdc00) {
        if (r->end - r->p < 6 || r->p[0] != '\\' || r->p[1] != 'u')
            return -1;
        r->p += 2;
        if (!json_hex4(r, &low) || low < 0xdc00 || low > 0xdfff)
            return -1;
        u = 0x10000 + ((u - 0xd800) << 10) + (low - 0xdc00);
    }
    json_utf8(b, u);
    return 0;
}

static int json_string(struct json_reader *r, char **out)
{
    struct buf b = BUF_INIT;
    if (!json_take(r, '"'))
        return -1;
    while (r->p < r->end && *r->p != '"') {
        const char *run = r->p;
        while (r->p < r->end && *r->p != '"' && *r->p != '\\')
            r->p++;
        buf_add(&b, run, (size_t)(r->p - run));
        if (r->p < r->end && *r->p == '\\') {
            r->p++;
            if (json_escape(r, &b) != 0) {
                buf_release(&b);
                return -1;
            }
        }
    }
    if (r->p >= r->end) {
        buf_release(&b);
        return -1;
    }
    r->p++;
    *out = buf_detach(&b);
    return 0;
}

static int json_container(struct json_reader *r, struct json *out, char close)
{
    size_t cap = 0;
    r->p++;
    if (++r->depth > JSON_DEPTH)
        return -1;
    while (!json_take(r, close)) {
        if (out->n && !json_take(r, ','))
            return -1;
        if (out->n == cap) {
            cap = cap ? cap * 2 : 4;
            out->items = mem_grow(out->items, cap, sizeof(*out->items));
        }
        struct json *item = &out->items[out->n++];
        memset(item, 0, sizeof(*item));
        if (close == '}' && (json_string(r, &item->key) != 0 || !json_take(r, ':')))
            return -1;
        if (json_value(r, item) != 0)
            return -1;
    }
    r->depth--;
    return 0;
}

static int json_word(struct json_reader *r, struct json *out)
{
    static const struct {
        const char *word;
        enum json_type type;
    } words[] = {{"null", JSON_NULL}, {"false", JSON_FALSE}, {"true", JSON_TRUE}};
    size_t left = (size_t)(r->end - r->p);
    for (size_t i = 0; i < PGO_COUNT(words); i++) {
        size_t n = strlen(words[i].word);
        if (left >= n && memcmp(r->p, words[i].word, n) == 0) {
            out->type = words[i].type;
            r->p += n;
            return 0;
        }
    }
    const char *start = r->p;
    while (r->p < r->end && *r->p && strchr("+-.0123456789eE", *r->p))
        r->p++;
    double ignored;
    out->type = JSON_NUMBER;
    out->text = str_ndup(start, (size_t)(r->p - start));
    return str_double(out->text, -1e308, 1e308, &ignored) ? 0 : -1;
}

static int json_value(struct json_reader *r, struct json *out)
{
    json_space(r);
    if (r->p >= r->end)
        return -1;
    switch (*r->p) {
    case '{':
        out->type = JSON_OBJECT;
        return json_container(r, out, '}');
    case '[':
        out->type = JSON_ARRAY;
        return json_container(r, out, ']');
    case '"':
        out->type = JSON_STRING;
        return json_string(r, &out->text);
    default:
        return json_word(r, out);
    }
}

int json_parse(const char *text, size_t len, const char *name, struct json *out, struct err *err)
{
    struct json_reader r = {text, text + len, text, 0};
    memset(out, 0, sizeof(*out));
    bool ok = json_value(&r, out) == 0;
    json_space(&r);
    if (ok && r.p == r.end)
        return 0;
    size_t line = 1;
    for (const char *c = r.start; c < r.p; c++)
        line += *c == '\n';
    json_release(out);
    return err_set(err, "'%s' is not valid JSON (line %zu)", name, line);
}

int json_read(const char *path, struct json *out, struct err *err)
{
    struct buf b = BUF_INIT;
    int rc = fs_read(path, &b, err);
    if (rc == 0)
        rc = json_parse(buf_str(&b), b.len, path, out, err);
    buf_release(&b);
    return rc;
}

const struct json *json_get(const struct json *j, const char *key)
{
    for (size_t i = 0; j && j->type == JSON_OBJECT && i < j->n; i++)
        if (strcmp(j->items[i].key, key) == 0)
            return &j->items[i];
    return NULL;
}

const char *json_str(const struct json *j, const char *key)
{
    const struct json *v = key ? json_get(j, key) : j;
    return v && v->text ? v->text : "";
}

size_t json_count(const struct json *j)
{
    return j && (j->type == JSON_ARRAY || j->type == JSON_OBJECT) ? j->n : 0;
}

const struct json *json_at(const struct json *j, size_t i)
{
    return i < json_count(j) ? &j->items[i] : NULL;
}
