#include "record.h"

#include "fs.h"
#include "hash.h"

#include <stdlib.h>
#include <string.h>

#define RECORD_HEAD "pgo-record 1\n"
#define RECORD_TAIL (sizeof("end ") - 1 + HASH_HEX + 1)

static const char record_plain[] = "\n\\ ", record_letters[] = "n\\s";

/* In a key a space is written \s, since a space ends it. */
static void record_escape(struct buf *b, const char *s, bool key)
{
    for (; *s; s++) {
        const char *special = strchr(record_plain, *s);
        if (special && (key || *s != ' '))
            buf_addf(b, "\\%c", record_letters[special - record_plain]);
        else
            buf_addc(b, *s);
    }
}

static void record_unescape(char *s)
{
    char *out = s;
    for (; *s; s++) {
        const char *letter = *s == '\\' && s[1] ? strchr(record_letters, s[1]) : NULL;
        *out++ = letter ? record_plain[letter - record_letters] : *s;
        s += letter != NULL;
    }
    *out = '\0';
}

static void record_line(struct map *m, char *line)
{
    char *space = strchr(line, ' ');
    if (!space)
        return;
    *space = '\0';
    record_unescape(line);
    record_unescape(space + 1);
    map_set(m, line, space + 1);
}

static bool record_whole(const struct buf *b)
{
    char hex[HASH_HEX + 1];
    if (b->len < RECORD_TAIL || memchr(b->p, '\0', b->len) || !str_starts(b->p, RECORD_HEAD) ||
        b->p[b->len - 1] != '\n')
        return false;
    size_t body = b->len - RECORD_TAIL;
    hash_text(b->p, body, hex);
    return strncmp(b->p + body, "end ", 4) == 0 && strncmp(b->p + body + 4, hex, HASH_HEX) == 0;
}

enum record_state record_read(const char *path, struct map *out, struct err *err)
{
    struct buf b = BUF_INIT;
    if (!fs_exists(path))
        return RECORD_MISSING;
    if (fs_read(path, &b, err) != 0) {
        buf_release(&b);
        return RECORD_DAMAGED;
    }
    if (!record_whole(&b)) {
        if (str_starts(buf_str(&b), "pgo-record ") && !str_starts(buf_str(&b), RECORD_HEAD))
            err_set(err, "'%s' was written by another version of pgo", path);
        else
            err_set(err, "'%s' is damaged", path);
        buf_release(&b);
        return RECORD_DAMAGED;
    }
    b.p[b.len - RECORD_TAIL] = '\0';
    char *save = NULL;
    for (char *line = strtok_r(b.p + strlen(RECORD_HEAD), "\n", &save); line;
         line = strtok_r(NULL, "\n", &save))
        record_line(out, line);
    buf_release(&b);
    return RECORD_OK;
}

int record_write(const char *path, const struct map *m, struct err *err)
{
    struct buf b = BUF_INIT;
    char hex[HASH_HEX + 1];
    buf_adds(&b, RECORD_HEAD);
    for (size_t i = 0; i < m->keys.n; i++) {
        record_escape(&b, m->keys.v[i], true);
        buf_addc(&b, ' ');
        record_escape(&b, m->values.v[i], false);
        buf_addc(&b, '\n');
    }
    hash_text(b.p, b.len, hex);
    buf_addf(&b, "end %s\n", hex);
    int rc = fs_replace(path, b.p, b.len, err);
    buf_release(&b);
    return rc;
}

unsigned long long record_count(const struct map *m, const char *key)
{
    const char *text = map_get(m, key);
    return text ? strtoull(text, NULL, 10) : 0;
}

double record_number(const struct map *m, const char *key, double most)
{
    const char *text = map_get(m, key);
    double out = 0;
    return text && str_double(text, 0, most, &out) ? out : 0;
}

bool record_is(const struct map *m, const char *key, const char *value)
{
    const char *have = map_get(m, key);
    return have && strcmp(have, value) == 0;
}

const char *record_stamped(const struct map *m, const char *key, const char *stamp)
{
    const char *have = map_get(m, key);
    size_t n = strlen(stamp);
    return have && strncmp(have, stamp, n) == 0 && have[n] == ' ' ? have + n + 1 : NULL;
}
