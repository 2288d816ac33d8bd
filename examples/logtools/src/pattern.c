#include "pattern.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT = 4096, MAX_DEPTH = 200, MAX_INSTS = 10000, MAX_REPEAT = 1000 };
enum { NO_LIMIT = -1 };

const struct charset pattern_word_bytes = {
    {UINT64_C(0x03ff000000000000), UINT64_C(0x07fffffe87fffffe), 0, 0}};
static const struct charset digit_bytes = {{UINT64_C(0x03ff000000000000), 0, 0, 0}};
static const struct charset space_bytes = {{UINT64_C(0x0000000100003e00), 0, 0, 0}};

/* The syntax tree: nodes name their children by index. */
enum node_kind { NODE_EMPTY, NODE_SET, NODE_ASSERT, NODE_CONCAT, NODE_EITHER, NODE_REPEAT };

struct node {
    enum node_kind kind;
    uint32_t left;
    uint32_t right;
    int min, max; /* of NODE_REPEAT */
    enum op assertion;
    struct charset set;
};

struct parser {
    const char *text;
    const char *at;
    bool ignore_case;
    int depth;
    struct node *nodes;
    uint32_t count;
    struct err *err;
};

static int parse_either(struct parser *parser, uint32_t *result);

static int parse_failed(struct parser *parser, const char *what)
{
    return err_set(parser->err, "in the pattern '%.200s' at character %zu: %s", parser->text,
                   (size_t)(parser->at - parser->text) + 1, what);
}

static uint32_t node_add(struct parser *parser, const struct node *node)
{
    parser->nodes = mem_grow(parser->nodes, parser->count, sizeof *node);
    parser->nodes[parser->count] = *node;
    return parser->count++;
}

static void charset_ignore_case(struct charset *set)
{
    for (unsigned char upper = 'A'; upper <= 'Z'; upper++) {
        unsigned char lower = (unsigned char)(upper | 0x20);

        if (charset_has(set, upper))
            charset_add(set, lower);
        else if (charset_has(set, lower))
            charset_add(set, upper);
    }
}

static uint32_t node_add_set(struct parser *parser, struct charset set, bool inverted)
{
    struct node node = {.kind = NODE_SET, .set = set};

    if (parser->ignore_case)
        charset_ignore_case(&node.set);
    if (inverted)
        charset_invert(&node.set);
    return node_add(parser, &node);
}

/* What follows a backslash, where it stands for bytes. */
static int parse_escape(struct parser *parser, struct charset *set, bool *single)
{
    unsigned char byte = (unsigned char)*parser->at;

    *set = (struct charset){{0}};
    *single = false;
    switch (byte) {
    case 'd':
    case 'D':
        *set = digit_bytes;
        break;
    case 'w':
    case 'W':
        *set = pattern_word_bytes;
        break;
    case 's':
    case 'S':
        *set = space_bytes;
        break;
    case 't':
        charset_add(set, '\t');
        *single = true;
        break;
    case '\0':
        return parse_failed(parser, "nothing follows the '\\'");
    default:
        if (charset_has(&pattern_word_bytes, byte))
            return parse_failed(parser, "unknown letter after '\\'");
        charset_add(set, byte);
        *single = true;
    }
    if (byte == 'D' || byte == 'W' || byte == 'S')
        charset_invert(set);
    parser->at++;
    return 0;
}

/* One member of a bracket: a byte or an escape. BYTE is the byte, or -1 for several. */
static int parse_member(struct parser *parser, struct charset *set, int *byte)
{
    bool single;

    *byte = -1;
    if (parser->at[0] == '[' && parser->at[1] == ':')
        return parse_failed(parser, "classes like [:digit:] are written \\d, \\w or \\s here");
    if (*parser->at != '\\') {
        *set = (struct charset){{0}};
        *byte = (unsigned char)*parser->at++;
        charset_add(set, (unsigned char)*byte);
        return 0;
    }
    parser->at++;
    if (parse_escape(parser, set, &single))
        return -1;
    if (single)
        *byte = parser->at[-1] == 't' ? '\t' : (unsigned char)parser->at[-1];
    return 0;
}

/* After the '['. */
static int parse_bracket(struct parser *parser, uint32_t *result)
{
    struct charset set = {{0}};
    bool inverted = *parser->at == '^';
    const char *first;

    if (inverted)
        parser->at++;
    first = parser->at;
    while (*parser->at != ']' || parser->at == first) {
        struct charset member;
        int from, to;

        if (!*parser->at)
            return parse_failed(parser, "missing ']'");
        if (parse_member(parser, &member, &from))
            return -1;
        charset_join(&set, &member);
        if (parser->at[0] != '-' || parser->at[1] == ']' || !parser->at[1])
            continue;
        parser->at++;
        if (parse_member(parser, &member, &to))
            return -1;
        if (from < 0 || to < from)
            return parse_failed(parser, "not a range from a lower to a higher character");
        charset_add_range(&set, (unsigned char)from, (unsigned char)to);
    }
    parser->at++;
    *result = node_add_set(parser, set, inverted);
    return 0;
}

static uint32_t node_add_assertion(struct parser *parser, enum op op)
{
    return node_add(parser, &(struct node){.kind = NODE_ASSERT, .assertion = op});
}

static int parse_group(struct parser *parser, uint32_t *result)
{
    if (++parser->depth > MAX_DEPTH)
        return parse_failed(parser, "too many groups in groups");
    if (parse_either(parser, result))
        return -1;
    if (*parser->at != ')')
        return parse_failed(parser, "missing ')'");
    parser->at++;
    parser->depth--;
    return 0;
}

static int parse_atom(struct parser *parser, uint32_t *result)
{
    unsigned char byte = (unsigned char)*parser->at++;
    struct charset set = {{0}};
    bool single;

    switch (byte) {
    case '(':
        return parse_group(parser, result);
    case '[':
        return parse_bracket(parser, result);
    case '.':
        *result = node_add_set(parser, set, true);
        return 0;
    case '^':
        *result = node_add_assertion(parser, OP_BEGIN);
        return 0;
    case '$':
        *result = node_add_assertion(parser, OP_END);
        return 0;
    case '*':
    case '+':
    case '?':
        parser->at--;
        return parse_failed(parser, "there is nothing to repeat");
    case '\\':
        if (*parser->at == 'b' || *parser->at == 'B') {
            *result = node_add_assertion(parser, *parser->at++ == 'b' ? OP_EDGE : OP_INNER);
            return 0;
        }
        if (parse_escape(parser, &set, &single))
            return -1;
        break;
    default:
        charset_add(&set, byte);
    }
    *result = node_add_set(parser, set, false);
    return 0;
}

static int parse_count(struct parser *parser, int *count)
{
    *count = 0;
    for (; *parser->at >= '0' && *parser->at <= '9'; parser->at++) {
        *count = *count * 10 + (*parser->at - '0');
        if (*count > MAX_REPEAT)
            return parse_failed(parser, "repeated more than 1000 times");
    }
    return 0;
}

/* After the '{': m} or m,} or m,n} */
static int parse_bounds(struct parser *parser, int *min, int *max)
{
    if (parse_count(parser, min))
        return -1;
    *max = *min;
    if (*parser->at == ',') {
        parser->at++;
        *max = NO_LIMIT;
        if (*parser->at != '}' && parse_count(parser, max))
            return -1;
    }
    if (*parser->at != '}' || (*max != NO_LIMIT && *max < *min))
        return parse_failed(parser, "not a repetition like {2} or {2,} or {2,5}");
    parser->at++;
    return 0;
}

static int parse_repeat(struct parser *parser, uint32_t *result)
{
    if (parse_atom(parser, result))
        return -1;
    for (;;) {
        struct node node = {.kind = NODE_REPEAT, .left = *result, .max = NO_LIMIT};
        char next = *parser->at;

        if (next == '+')
            node.min = 1;
        else if (next == '?')
            node.max = 1;
        else if (next == '{' && parser->at[1] >= '0' && parser->at[1] <= '9')
            node.min = 0;
        else if (next != '*')
            return 0;
        parser->at++;
        if (next == '{' && parse_bounds(parser, &node.min, &node.max))
            return -1;
        *result = node_add(parser, &node);
    }
}

static int parse_concat(struct parser *parser, uint32_t *result)
{
    *result = node_add(parser, &(struct node){.kind = NODE_EMPTY});
    while (*parser->at && *parser->at != '|' && *parser->at != ')') {
        struct node node = {.kind = NODE_CONCAT, .left = *result};

        if (parse_repeat(parser, &node.right))
            return -1;
        *result = node_add(parser, &node);
    }
    return 0;
}

static int parse_either(struct parser *parser, uint32_t *result)
{
    if (parse_concat(parser, result))
        return -1;
    while (*parser->at == '|') {
        struct node node = {.kind = NODE_EITHER, .left = *result};

        parser->at++;
        if (parse_concat(parser, &node.right))
            return -1;
        *result = node_add(parser, &node);
    }
    return 0;
}

/* Returns the place of the new instruction, or -1 for a program that got too large. */
static int inst_add(struct pattern *pattern, enum op op)
{
    if (pattern->count == MAX_INSTS)
        return -1;
    pattern->insts = mem_grow(pattern->insts, pattern->count, sizeof *pattern->insts);
    pattern->insts[pattern->count] = (struct inst){.op = op, .to = pattern->count + 1};
    return (int)pattern->count++;
}

static int emit(struct pattern *pattern, const struct node *nodes, uint32_t at);

/* As often as it must be, then as often as it may be: without a limit by a loop, else by
 * copies of which each can be skipped. */
static int emit_repeat(struct pattern *pattern, const struct node *nodes, const struct node *node)
{
    uint32_t start = pattern->count;
    int split, jump;

    for (int i = 0; i < node->min; i++) {
        if (emit(pattern, nodes, node->left))
            return -1;
        if (pattern->count == start)
            break; /* nothing, however often */
    }
    if (node->max == NO_LIMIT) {
        split = inst_add(pattern, OP_SPLIT);
        if (split < 0 || emit(pattern, nodes, node->left))
            return -1;
        jump = inst_add(pattern, OP_JUMP);
        if (jump < 0)
            return -1;
        pattern->insts[jump].to = (uint32_t)split;
        pattern->insts[split].other = pattern->count;
        return 0;
    }
    for (int i = node->min; i < node->max; i++) {
        split = inst_add(pattern, OP_SPLIT);
        if (split < 0 || emit(pattern, nodes, node->left))
            return -1;
        pattern->insts[split].other = pattern->count;
    }
    return 0;
}

static int emit_either(struct pattern *pattern, const struct node *nodes, const struct node *node)
{
    int split = inst_add(pattern, OP_SPLIT);
    int jump;

    if (split < 0 || emit(pattern, nodes, node->left))
        return -1;
    jump = inst_add(pattern, OP_JUMP);
    if (jump < 0)
        return -1;
    pattern->insts[split].other = pattern->count;
    if (emit(pattern, nodes, node->right))
        return -1;
    pattern->insts[jump].to = pattern->count;
    return 0;
}

static int emit(struct pattern *pattern, const struct node *nodes, uint32_t at)
{
    const struct node *node = &nodes[at];
    int inst;

    switch (node->kind) {
    case NODE_EMPTY:
        return 0;
    case NODE_SET:
        inst = inst_add(pattern, OP_SET);
        if (inst < 0)
            return -1;
        pattern->insts[inst].set = node->set;
        return 0;
    case NODE_ASSERT:
        if (node->assertion == OP_EDGE || node->assertion == OP_INNER)
            pattern->uses_edges = true;
        return inst_add(pattern, node->assertion) < 0 ? -1 : 0;
    case NODE_CONCAT:
        return emit(pattern, nodes, node->left) || emit(pattern, nodes, node->right) ? -1 : 0;
    case NODE_EITHER:
        return emit_either(pattern, nodes, node);
    case NODE_REPEAT:
        return emit_repeat(pattern, nodes, node);
    }
    return -1;
}

int pattern_init(struct pattern *pattern, const char *text, bool ignore_case, struct err *err)
{
    struct parser parser = {.text = text, .at = text, .ignore_case = ignore_case, .err = err};
    uint32_t root;
    int result = -1;

    *pattern = (struct pattern){0};
    if (strlen(text) > MAX_TEXT)
        return err_set(err, "the pattern is longer than %d characters", MAX_TEXT);
    if (parse_either(&parser, &root) == 0) {
        if (*parser.at)
            parse_failed(&parser, "')' without '('");
        else if (emit(pattern, parser.nodes, root) || inst_add(pattern, OP_MATCH) < 0)
            err_format(err, "the pattern '%.200s' is too large", text);
        else
            result = 0;
    }
    free(parser.nodes);
    if (result)
        pattern_release(pattern);
    return result;
}

void pattern_release(struct pattern *pattern)
{
    free(pattern->insts);
    *pattern = (struct pattern){0};
}
