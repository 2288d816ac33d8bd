#include "matcher.h"

#include "mem.h"
#include "pattern.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* When there are this many states the matcher forgets them all and goes on. */
enum { MAX_STATES = 4096 };

/* The first states mean something by themselves. */
enum { STATE_UNKNOWN, STATE_ACCEPT, STATE_DEAD, STATE_FIRST };

/* What came before a state's next byte; a bit each. */
enum { AFTER_NOTHING = 1, AFTER_WORD = 2 };

/* Bytes that no part of the pattern tells apart share a class; the end of the line has the last.
 * `next` has a row per state with a column per class. What stands in it is the offset of the
 * next state's row, so that a step is one addition and one load. */
struct matcher {
    struct pattern pattern;
    unsigned char class_of[256];
    unsigned char byte_of[256]; /* one byte of each class */
    uint32_t end_class;
    uint32_t stride;

    uint32_t *next;
    uint64_t *sets; /* `set_words` for each state */
    unsigned char *before;
    uint32_t state_count;
    uint32_t state_capacity;
    uint32_t start;                 /* a row, or STATE_UNKNOWN */
    uint32_t forgotten;             /* how often all states were */
    uint32_t index[MAX_STATES * 2]; /* hash table of states; STATE_UNKNOWN is a free place */

    size_t set_words;
    uint64_t *reached; /* scratch: what the closure came by */
    uint64_t *wanted;  /* scratch: the set of the state to find */
    uint32_t *stack;   /* scratch of the closure */
    bool anchored;     /* matches at the begin of a line only */
};

static bool bit_get(const uint64_t *set, uint32_t i)
{
    return set[i >> 6] >> (i & 63) & 1;
}

static void bit_set(uint64_t *set, uint32_t i)
{
    set[i >> 6] |= UINT64_C(1) << (i & 63);
}

/* Splits every class of which SET holds a part only. */
static void refine_classes(struct matcher *matcher, uint32_t *count, const struct charset *set)
{
    int split_to[256];
    bool holds[256] = {false};
    bool lacks[256] = {false};

    for (int byte = 0; byte < 256; byte++) {
        unsigned class = matcher->class_of[byte];

        if (charset_has(set, (unsigned char)byte))
            holds[class] = true;
        else
            lacks[class] = true;
        split_to[class] = -1;
    }
    for (int byte = 0; byte < 256; byte++) {
        unsigned class = matcher->class_of[byte];

        if (!holds[class] || !lacks[class] || !charset_has(set, (unsigned char)byte))
            continue;
        if (split_to[class] < 0)
            split_to[class] = (int)(*count)++;
        matcher->class_of[byte] = (unsigned char)split_to[class];
    }
}

static void find_classes(struct matcher *matcher)
{
    const struct pattern *pattern = &matcher->pattern;
    uint32_t count = 1;

    for (uint32_t i = 0; i < pattern->count; i++)
        if (pattern->insts[i].op == OP_SET)
            refine_classes(matcher, &count, &pattern->insts[i].set);
    if (pattern->uses_edges)
        refine_classes(matcher, &count, &pattern_word_bytes);
    for (int byte = 0; byte < 256; byte++)
        matcher->byte_of[matcher->class_of[byte]] = (unsigned char)byte;
    matcher->end_class = count;
    matcher->stride = count + 1;
}

/* The assertions that hold at a place in the line; a bit for each op. */
static unsigned assertions(unsigned before, bool at_end, bool before_word)
{
    bool after_word = before & AFTER_WORD;
    unsigned hold = 1u << (after_word != before_word ? OP_EDGE : OP_INNER);

    if (before & AFTER_NOTHING)
        hold |= 1u << OP_BEGIN;
    if (at_end)
        hold |= 1u << OP_END;
    return hold;
}

/* Follows all that needs no byte from instruction AT, and adds it to `reached`. */
static void reach(struct matcher *matcher, uint32_t at, unsigned hold)
{
    size_t depth = 0;

    matcher->stack[depth++] = at;
    while (depth > 0) {
        const struct inst *inst;

        at = matcher->stack[--depth];
        if (bit_get(matcher->reached, at))
            continue;
        bit_set(matcher->reached, at);
        inst = &matcher->pattern.insts[at];
        switch (inst->op) {
        case OP_SPLIT:
            matcher->stack[depth++] = inst->other;
            matcher->stack[depth++] = inst->to;
            break;
        case OP_JUMP:
            matcher->stack[depth++] = inst->to;
            break;
        case OP_BEGIN:
        case OP_END:
        case OP_EDGE:
        case OP_INNER:
            if (hold >> inst->op & 1)
                matcher->stack[depth++] = inst->to;
            break;
        case OP_SET:
        case OP_MATCH:
            break;
        }
    }
}

static void reach_nothing(struct matcher *matcher)
{
    memset(matcher->reached, 0, matcher->set_words * sizeof *matcher->reached);
}

/* Whether no match can start later than at the line's begin. */
static bool is_anchored(struct matcher *matcher)
{
    reach_nothing(matcher);
    reach(matcher, 0, ~(1u << OP_BEGIN));
    for (uint32_t i = 0; i < matcher->pattern.count; i++) {
        enum op op = matcher->pattern.insts[i].op;

        if ((op == OP_SET || op == OP_MATCH) && bit_get(matcher->reached, i))
            return false;
    }
    return true;
}

static void forget_states(struct matcher *matcher)
{
    memset(matcher->index, 0, sizeof matcher->index);
    matcher->state_count = STATE_FIRST;
    matcher->start = STATE_UNKNOWN;
    matcher->forgotten++;
}

static uint32_t state_add(struct matcher *matcher, unsigned before)
{
    uint32_t state = matcher->state_count++;
    size_t bytes = matcher->set_words * sizeof *matcher->sets;

    if (state >= matcher->state_capacity) {
        uint32_t capacity = matcher->state_capacity * 2;

        matcher->next =
            mem_resize(matcher->next, (size_t)capacity * matcher->stride, sizeof *matcher->next);
        matcher->sets = mem_resize(matcher->sets, capacity, bytes);
        matcher->before = mem_resize(matcher->before, capacity, 1);
        matcher->state_capacity = capacity;
    }
    memset(matcher->next + (size_t)state * matcher->stride, 0,
           matcher->stride * sizeof *matcher->next);
    memcpy(matcher->sets + state * matcher->set_words, matcher->wanted, bytes);
    matcher->before[state] = (unsigned char)before;
    return state;
}

/* The row of the state that has the set `wanted`. */
static uint32_t state_find(struct matcher *matcher, unsigned before)
{
    size_t bytes = matcher->set_words * sizeof *matcher->sets;
    uint64_t hash = before;
    size_t place;

    for (size_t i = 0; i < matcher->set_words; i++)
        hash = (hash ^ matcher->wanted[i]) * UINT64_C(0x9e3779b97f4a7c15);
    place = (size_t)(hash >> 32) % (MAX_STATES * 2);
    for (;;) {
        uint32_t state = matcher->index[place];

        if (state == STATE_UNKNOWN)
            break;
        if (matcher->before[state] == before &&
            !memcmp(matcher->sets + state * matcher->set_words, matcher->wanted, bytes))
            return state * matcher->stride;
        place = (place + 1) % (MAX_STATES * 2);
    }
    if (matcher->state_count == MAX_STATES) {
        forget_states(matcher);
        return state_find(matcher, before);
    }
    matcher->index[place] = state_add(matcher, before);
    return matcher->index[place] * matcher->stride;
}

static uint32_t start_row(struct matcher *matcher)
{
    if (matcher->start == STATE_UNKNOWN) {
        memset(matcher->wanted, 0, matcher->set_words * sizeof *matcher->wanted);
        bit_set(matcher->wanted, 0);
        matcher->start = state_find(matcher, AFTER_NOTHING);
    }
    return matcher->start;
}

/* Builds the step from the state at ROW over a byte of CLASS; returns the next state's row. */
static uint32_t step(struct matcher *matcher, uint32_t row, uint32_t class)
{
    const struct pattern *pattern = &matcher->pattern;
    uint32_t state = row / matcher->stride;
    const uint64_t *set = matcher->sets + state * matcher->set_words;
    bool at_end = class == matcher->end_class;
    unsigned char byte = at_end ? '\n' : matcher->byte_of[class];
    bool is_word = charset_has(&pattern_word_bytes, byte);
    unsigned hold = assertions(matcher->before[state], at_end, is_word);
    uint32_t forgotten = matcher->forgotten;
    bool alive = false;
    uint32_t next;

    reach_nothing(matcher);
    memset(matcher->wanted, 0, matcher->set_words * sizeof *matcher->wanted);
    for (uint32_t i = 0; i < pattern->count; i++)
        if (bit_get(set, i))
            reach(matcher, i, hold);
    if (bit_get(matcher->reached, pattern->count - 1))
        return matcher->next[row + class] = STATE_ACCEPT * matcher->stride;
    for (uint32_t i = 0; i < pattern->count && !at_end; i++) {
        const struct inst *inst = &pattern->insts[i];

        if (inst->op == OP_SET && bit_get(matcher->reached, i) && charset_has(&inst->set, byte)) {
            bit_set(matcher->wanted, inst->to);
            alive = true;
        }
    }
    if (!matcher->anchored && !at_end) {
        bit_set(matcher->wanted, 0);
        alive = true;
    }
    if (!alive)
        return matcher->next[row + class] = STATE_DEAD * matcher->stride;
    next = state_find(matcher, pattern->uses_edges && is_word ? AFTER_WORD : 0);
    if (matcher->forgotten == forgotten)
        matcher->next[row + class] = next;
    return next;
}

bool matcher_test(struct matcher *matcher, const char *line, size_t length)
{
    const unsigned char *p = (const unsigned char *)line;
    const unsigned char *end = p + length;
    const uint32_t accept = STATE_ACCEPT * matcher->stride;
    const uint32_t dead = STATE_DEAD * matcher->stride;
    uint32_t row = start_row(matcher);
    uint32_t next;

    for (; p < end; p++) {
        uint32_t class = matcher->class_of[*p];

        next = matcher->next[row + class];
        if (next <= dead) {
            if (next == STATE_UNKNOWN)
                next = step(matcher, row, class);
            if (next == accept)
                return true;
            if (next == dead)
                return false;
        }
        row = next;
    }
    next = matcher->next[row + matcher->end_class];
    if (next == STATE_UNKNOWN)
        next = step(matcher, row, matcher->end_class);
    return next == accept;
}

struct matcher *matcher_new(const char *text, bool ignore_case, struct err *err)
{
    struct matcher *matcher = mem_alloc(1, sizeof *matcher);
    uint32_t count;

    if (pattern_init(&matcher->pattern, text, ignore_case, err)) {
        free(matcher);
        return NULL;
    }
    find_classes(matcher);
    count = matcher->pattern.count;
    matcher->set_words = (count + 63) / 64;
    matcher->reached = mem_alloc(matcher->set_words, sizeof *matcher->reached);
    matcher->wanted = mem_alloc(matcher->set_words, sizeof *matcher->wanted);
    matcher->stack = mem_alloc((size_t)count * 2 + 1, sizeof *matcher->stack);
    matcher->state_capacity = 16;
    matcher->next =
        mem_alloc((size_t)matcher->state_capacity * matcher->stride, sizeof *matcher->next);
    matcher->sets = mem_alloc(matcher->state_capacity, matcher->set_words * sizeof *matcher->sets);
    matcher->before = mem_alloc(matcher->state_capacity, 1);
    matcher->anchored = is_anchored(matcher);
    forget_states(matcher);
    return matcher;
}

void matcher_free(struct matcher *matcher)
{
    if (!matcher)
        return;
    pattern_release(&matcher->pattern);
    free(matcher->next);
    free(matcher->sets);
    free(matcher->before);
    free(matcher->reached);
    free(matcher->wanted);
    free(matcher->stack);
    free(matcher);
}
