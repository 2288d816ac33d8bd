/* JSON (RFC 8259), written from front to back. Each value sets the comma before itself; with `key`
   it is a member of the object that is open, with NULL an element of the list that is, or the whole
   text. Bytes that are not UTF-8 are replaced. */
#ifndef PGO_JSON_OUT_H
#define PGO_JSON_OUT_H

#include "buf.h"
#include "vec.h"

void json_text(struct buf *b, const char *key, const char *value); /* NULL: null */
void json_bool(struct buf *b, const char *key, bool value);
void json_integer(struct buf *b, const char *key, unsigned long long value);
void json_number(struct buf *b, const char *key, double value); /* null where it is none */
void json_list(struct buf *b, const char *key, const struct vec *values);
void json_verbatim(struct buf *b, const char *key, const char *json); /* NULL: null */

/* An object or a list, on a line of its own, of what is written until json_close(). */
void json_open(struct buf *b, const char *key, char bracket);
void json_close(struct buf *b, char bracket);

#endif
