/* JSON (RFC 8259), read into a tree. */
#ifndef PGO_JSON_H
#define PGO_JSON_H

#include "buf.h"
#include "err.h"

enum json_type {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

struct json {
    enum json_type type;
    char *key;  /* inside an object */
    char *text; /* of a string, decoded; of a number, as written */
    struct json *items;
    size_t n;
};

/* Parses a whole text. On failure -1, and `err` names `name` and the line. */
int json_parse(const char *text, size_t len, const char *name, struct json *out, struct err *err);
int json_read(const char *path, struct json *out, struct err *err);
void json_release(struct json *j);

/* All of these accept NULL and values of another type, and then answer NULL, 0 or "". */
const struct json *json_get(const struct json *j, const char *key);
const char *json_str(const struct json *j, const char *key); /* "" when not there */
/* Elements of an array, or members of an object. */
size_t json_count(const struct json *j);
const struct json *json_at(const struct json *j, size_t i);

#endif
