/* Questions to records:
 *
 *     select ITEM[, ...] [from FILE] [where CONDITION [and ...]]
 *     [group by FIELD[, ...]] [order by ITEM [asc|desc][, ...]] [limit N]
 *
 * ITEM is a field of `group by`, count(*), or count, sum, avg, min or max of a field.
 * CONDITION is FIELD OP VALUE with one of = != < <= > >= or ~ !~ for a regular expression.
 * Values and names with other characters than letters stand in single or double quotes. */
#ifndef LOGTOOLS_QUERY_H
#define LOGTOOLS_QUERY_H

#include "err.h"
#include "matcher.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum function { FN_FIELD, FN_COUNT_ALL, FN_COUNT, FN_SUM, FN_AVG, FN_MIN, FN_MAX };

struct item {
    enum function function;
    size_t field; /* in query.fields; not for FN_COUNT_ALL */
};

enum compare { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE, CMP_MATCH, CMP_NO_MATCH };

struct condition {
    size_t field;
    enum compare compare;
    struct slice text;
    bool is_number;
    double number;
    struct matcher *matcher; /* owned; for CMP_MATCH and CMP_NO_MATCH */
};

struct order {
    size_t item; /* in query.items */
    bool descending;
};

/* Names and values are slices of the query's text. */
struct query {
    char *text;
    struct slice source;  /* of `from`; without text if there is none */
    struct slice *fields; /* each field that is named anywhere, once */
    size_t field_count;
    struct item *items;
    size_t item_count;
    struct condition *conditions;
    size_t condition_count;
    size_t *groups; /* fields */
    size_t group_count;
    struct order *orders;
    size_t order_count;
    uint64_t limit; /* UINT64_MAX: none */
};

/* Returns 0, or -1 with ERR filled. End it with query_release(). */
int query_init(struct query *query, const char *text, struct err *err);
void query_release(struct query *query);

/* Whether a record with these VALUES, in the order of `fields`, meets all conditions. A value
 * that is not there meets none. Numbers compare as numbers where both are. */
bool query_accepts(const struct query *query, const struct slice *values);

/* "count" for FN_COUNT, and so on; NULL for FN_FIELD. */
const char *query_function_name(enum function function);

#endif
