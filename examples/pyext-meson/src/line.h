/* One line of a web server's access log, in the common or the combined format:
     HOST IDENT USER [10/Oct/2025:13:55:36 +0200] "METHOD TARGET PROTOCOL" STATUS SIZE
     and, combined, "REFERER" "AGENT"
   Knows nothing of Python. */
#ifndef ACCESSLOG_LINE_H
#define ACCESSLOG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A part of the line; `start` is NULL for one that is not there, or is a mere '-'. */
struct text {
    const char *start;
    size_t length;
    bool escaped; /* has backslashes */
};

struct line {
    struct text host, user, method, target, protocol, referer, agent;
    int64_t time; /* seconds since 1970 in UTC */
    int status;
    int64_t size; /* -1: not there */
};

/* Fills `line` from the text up to `end`. Returns NULL, or what was expected from `*at` on. A
   request that is not of three words is a target alone. */
const char *line_parse(struct line *line, const char *start, const char *end, const char **at);

/* Writes the text as it was before the server escaped it; `to` has room for its length. Returns the
   length then. An escape that no server writes stays as it is. */
size_t text_unescape(const struct text *text, char *to);

#endif
