#include "query.h"

#include "mem.h"
#include "number.h"

#include <stdlib.h>
#include <strings.h>

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_QUOTED, TOKEN_SIGN };

struct query_parser {
    struct query *query;
    const char *at;
    enum token_kind kind; /* of the token at hand */
    struct slice token;
    struct err *err;
};

static const char *const function_names[] = {
    [FN_COUNT_ALL] = "count", [FN_COUNT] = "count", [FN_SUM] = "sum",
    [FN_AVG] = "avg",         [FN_MIN] = "min",     [FN_MAX] = "max",
};
enum { FUNCTIONS = sizeof function_names / sizeof function_names[0] };

static const struct {
    const char *sign;
    enum compare compare;
} compares[] = {
    {"=", CMP_EQ},  {"==", CMP_EQ}, {"!=", CMP_NE}, {"<>", CMP_NE},   {"<", CMP_LT},
    {"<=", CMP_LE}, {">", CMP_GT},  {">=", CMP_GE}, {"~", CMP_MATCH}, {"!~", CMP_NO_MATCH},
};
enum { COMPARES = sizeof compares / sizeof compares[0] };

const char *query_function_name(enum function function)
{
    return function_names[function];
}

static int query_failed(const struct query_parser *parser, const char *wanted)
{
    if (parser->kind == TOKEN_END)
        return err_set(parser->err, "in the query: %s is missing at the end", wanted);
    return err_set(parser->err, "in the query: '%.*s' stands where %s was expected",
                   (int)parser->token.length, parser->token.text, wanted);
}

/* Goes to the next token. Returns 0, or -1 for a quote without end. */
static int next_token(struct query_parser *parser)
{
    const char *start = parser->at + strspn(parser->at, " \t\r\n");
    const char *end = start;

    if (!*start) {
        parser->kind = TOKEN_END;
    } else if (*start == '\'' || *start == '"') {
        parser->kind = TOKEN_QUOTED;
        end = strchr(start + 1, *start);
        start++;
        if (!end)
            return err_set(parser->err, "in the query: the quote before '%.40s' does not end",
                           start);
    } else if (strchr("=!<>~", *start)) {
        parser->kind = TOKEN_SIGN;
        end = start + strspn(start, "=!<>~");
    } else if (strchr("(),", *start)) {
        parser->kind = TOKEN_SIGN;
        end = start + 1;
    } else {
        parser->kind = TOKEN_WORD;
        end = start + strcspn(start, " \t\r\n=!<>~(),'\"");
    }
    parser->token = (struct slice){start, (size_t)(end - start)};
    parser->at = end + (parser->kind == TOKEN_QUOTED);
    return 0;
}

static bool token_is(const struct query_parser *parser, enum token_kind kind, const char *text)
{
    return parser->kind == kind && parser->token.length == strlen(text) &&
           !strncasecmp(parser->token.text, text, parser->token.length);
}

/* Takes the token if it is TEXT. Returns 1, 0 if it is another, or -1. */
static int take(struct query_parser *parser, enum token_kind kind, const char *text)
{
    if (!token_is(parser, kind, text))
        return 0;
    return next_token(parser) ? -1 : 1;
}

static int need(struct query_parser *parser, enum token_kind kind, const char *text)
{
    int taken = take(parser, kind, text);

    return taken ? (taken < 0 ? -1 : 0) : query_failed(parser, text);
}

/* Takes a name or a value. */
static int take_text(struct query_parser *parser, const char *what, struct slice *text)
{
    if (parser->kind != TOKEN_WORD && parser->kind != TOKEN_QUOTED)
        return query_failed(parser, what);
    *text = parser->token;
    return next_token(parser);
}

static size_t field_add(struct query *query, struct slice name)
{
    for (size_t i = 0; i < query->field_count; i++)
        if (slice_equal(name, query->fields[i].text, query->fields[i].length))
            return i;
    query->fields = mem_grow(query->fields, query->field_count, sizeof *query->fields);
    query->fields[query->field_count] = name;
    return query->field_count++;
}

static int take_field(struct query_parser *parser, size_t *field)
{
    struct slice name;

    if (take_text(parser, "the name of a field", &name))
        return -1;
    *field = field_add(parser->query, name);
    return 0;
}

static int function_by_name(struct query_parser *parser, struct slice name, struct item *item)
{
    for (int i = FN_COUNT; i < FUNCTIONS; i++) {
        if (strlen(function_names[i]) == name.length &&
            !strncasecmp(function_names[i], name.text, name.length)) {
            item->function = (enum function)i;
            return 0;
        }
    }
    return err_set(parser->err,
                   "in the query: '%.*s' is none of the functions count, sum, avg, min, max",
                   (int)name.length, name.text);
}

static int take_item(struct query_parser *parser, struct item *item)
{
    struct slice name;
    int taken;

    *item = (struct item){FN_FIELD, 0};
    if (take_text(parser, "a field or a function", &name))
        return -1;
    taken = take(parser, TOKEN_SIGN, "(");
    if (taken < 0)
        return -1;
    if (!taken) {
        item->field = field_add(parser->query, name);
        return 0;
    }
    if (function_by_name(parser, name, item))
        return -1;
    if (item->function == FN_COUNT && token_is(parser, TOKEN_WORD, "*")) {
        item->function = FN_COUNT_ALL;
        if (next_token(parser))
            return -1;
    } else if (take_field(parser, &item->field)) {
        return -1;
    }
    return need(parser, TOKEN_SIGN, ")");
}

static int parse_item(struct query_parser *parser)
{
    struct query *query = parser->query;
    struct item item;

    if (take_item(parser, &item))
        return -1;
    query->items = mem_grow(query->items, query->item_count, sizeof item);
    query->items[query->item_count++] = item;
    return 0;
}

static int parse_group(struct query_parser *parser)
{
    struct query *query = parser->query;
    size_t field;

    if (take_field(parser, &field))
        return -1;
    query->groups = mem_grow(query->groups, query->group_count, sizeof field);
    query->groups[query->group_count++] = field;
    return 0;
}

static int parse_condition(struct query_parser *parser)
{
    struct query *query = parser->query;
    struct condition condition = {0};
    bool found = false;

    if (take_field(parser, &condition.field))
        return -1;
    for (size_t i = 0; i < COMPARES && !found; i++) {
        found = token_is(parser, TOKEN_SIGN, compares[i].sign);
        condition.compare = compares[i].compare;
    }
    if (!found)
        return query_failed(parser, "one of = != < <= > >= ~ !~");
    if (next_token(parser) || take_text(parser, "a value", &condition.text))
        return -1;
    condition.is_number =
        number_decimal(condition.text.text, condition.text.length, &condition.number);
    if (condition.compare == CMP_MATCH || condition.compare == CMP_NO_MATCH) {
        char *pattern = mem_text(condition.text.text, condition.text.length);

        condition.matcher = matcher_new(pattern, false, parser->err);
        free(pattern);
        if (!condition.matcher)
            return -1;
    }
    query->conditions = mem_grow(query->conditions, query->condition_count, sizeof condition);
    query->conditions[query->condition_count++] = condition;
    return 0;
}

static int parse_order(struct query_parser *parser)
{
    struct query *query = parser->query;
    struct order order = {0};
    struct item item;
    int taken;

    if (take_item(parser, &item))
        return -1;
    while (order.item < query->item_count && (query->items[order.item].function != item.function ||
                                              query->items[order.item].field != item.field))
        order.item++;
    if (order.item == query->item_count)
        return err_set(parser->err, "in the query: what 'order by' names must be selected too");
    taken = take(parser, TOKEN_WORD, "desc");
    order.descending = taken > 0;
    if (!taken)
        taken = take(parser, TOKEN_WORD, "asc");
    query->orders = mem_grow(query->orders, query->order_count, sizeof order);
    query->orders[query->order_count++] = order;
    return taken < 0 ? -1 : 0;
}

static int parse_source(struct query_parser *parser)
{
    return take_text(parser, "the name of a file", &parser->query->source);
}

static int parse_limit(struct query_parser *parser)
{
    struct slice text;
    char *copy;
    bool valid;

    if (take_text(parser, "a number", &text))
        return -1;
    copy = mem_text(text.text, text.length);
    valid = number_whole(copy, 0, UINT64_MAX - 1, &parser->query->limit);
    free(copy);
    if (!valid)
        return err_set(parser->err, "in the query: 'limit' needs a whole number, not '%.*s'",
                       (int)text.length, text.text);
    return 0;
}

/* The parts of a query, in their order. */
static const struct {
    const char *word;
    const char *second;    /* NULL: the word stands alone */
    const char *separator; /* a sign, or "and"; NULL: only one */
    enum token_kind separator_kind;
    int (*parse)(struct query_parser *parser);
} clauses[] = {
    {"select", NULL, ",", TOKEN_SIGN, parse_item},
    {"from", NULL, NULL, TOKEN_END, parse_source},
    {"where", NULL, "and", TOKEN_WORD, parse_condition},
    {"group", "by", ",", TOKEN_SIGN, parse_group},
    {"order", "by", ",", TOKEN_SIGN, parse_order},
    {"limit", NULL, NULL, TOKEN_END, parse_limit},
};
enum { CLAUSES = sizeof clauses / sizeof clauses[0] };

static int parse_clauses(struct query_parser *parser)
{
    for (size_t i = 0; i < CLAUSES; i++) {
        int taken = take(parser, TOKEN_WORD, clauses[i].word);

        if (taken < 0)
            return -1;
        if (!taken && i == 0)
            return query_failed(parser, "'select'");
        if (taken && clauses[i].second && need(parser, TOKEN_WORD, clauses[i].second))
            return -1;
        while (taken) {
            if (clauses[i].parse(parser))
                return -1;
            taken = clauses[i].separator
                        ? take(parser, clauses[i].separator_kind, clauses[i].separator)
                        : 0;
            if (taken < 0)
                return -1;
        }
    }
    if (parser->kind != TOKEN_END)
        return query_failed(parser, "the end or the next of from, where, group, order, limit");
    return 0;
}

/* A field that is selected as it is must have one value in each group. */
static int check_items(const struct query *query, struct err *err)
{
    for (size_t i = 0; i < query->item_count; i++) {
        const struct item *item = &query->items[i];
        bool grouped = item->function != FN_FIELD;

        for (size_t j = 0; j < query->group_count; j++)
            grouped = grouped || query->groups[j] == item->field;
        if (!grouped)
            return err_set(err,
                           "in the query: '%.*s' is selected without a function, so it must "
                           "stand in 'group by'",
                           (int)query->fields[item->field].length, query->fields[item->field].text);
    }
    return 0;
}

int query_init(struct query *query, const char *text, struct err *err)
{
    struct query_parser parser = {.query = query, .err = err};

    *query = (struct query){.text = mem_text(text, strlen(text)), .limit = UINT64_MAX};
    parser.at = query->text;
    if (next_token(&parser) || parse_clauses(&parser) || check_items(query, err)) {
        query_release(query);
        return -1;
    }
    return 0;
}

void query_release(struct query *query)
{
    for (size_t i = 0; i < query->condition_count; i++)
        matcher_free(query->conditions[i].matcher);
    free(query->text);
    free(query->fields);
    free(query->items);
    free(query->conditions);
    free(query->groups);
    free(query->orders);
}

static bool condition_holds(const struct condition *condition, struct slice value)
{
    double number;
    int order;

    if (!value.text)
        return false;
    if (condition->matcher)
        return matcher_test(condition->matcher, value.text, value.length) ==
               (condition->compare == CMP_MATCH);
    if (condition->is_number && number_decimal(value.text, value.length, &number))
        order = (number > condition->number) - (number < condition->number);
    else
        order = slice_compare(value, condition->text);
    switch (condition->compare) {
    case CMP_EQ:
        return order == 0;
    case CMP_NE:
        return order != 0;
    case CMP_LT:
        return order < 0;
    case CMP_LE:
        return order <= 0;
    case CMP_GT:
        return order > 0;
    case CMP_GE:
        return order >= 0;
    case CMP_MATCH:
    case CMP_NO_MATCH:
        break;
    }
    return false;
}

bool query_accepts(const struct query *query, const struct slice *values)
{
    for (size_t i = 0; i < query->condition_count; i++)
        if (!condition_holds(&query->conditions[i], values[query->conditions[i].field]))
            return false;
    return true;
}
