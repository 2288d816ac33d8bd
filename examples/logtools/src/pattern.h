/* A regular expression as a small program, after Thompson: parsed here, run by a matcher.
 *
 * Syntax: . * + ? {m,n} | () [] [^] ^ $ \d \w \s \D \W \S \b \B \t and \ before punctuation.
 * It works on bytes; letters are those of ASCII. */
#ifndef LOGTOOLS_PATTERN_H
#define LOGTOOLS_PATTERN_H

#include "charset.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum op {
    OP_SET,   /* goes on at the next instruction after a byte of `set` */
    OP_SPLIT, /* goes on at both `to` and `other` */
    OP_JUMP,  /* goes on at `to` */
    OP_BEGIN, /* these go on at the next instruction where they hold: at the line's begin, */
    OP_END,   /* at its end, */
    OP_EDGE,  /* between a word and what is none, */
    OP_INNER, /* anywhere else */
    OP_MATCH
};

struct inst {
    enum op op;
    uint32_t to;
    uint32_t other;
    struct charset set;
};

struct pattern {
    struct inst *insts; /* starts at the first */
    uint32_t count;
    bool uses_edges;
};

/* Returns 0, or -1 with ERR filled. End it with pattern_release(). */
int pattern_init(struct pattern *pattern, const char *text, bool ignore_case, struct err *err);
void pattern_release(struct pattern *pattern);

/* The bytes of \w. */
extern const struct charset pattern_word_bytes;

#endif
