#include "summary.h"

#include "csv.h"
#include "mem.h"
#include "number.h"

#include <stdlib.h>

/* Whole numbers up to here are exact in a double. */
#define EXACT_LIMIT 9007199254740992.0

/* The number of the group that has the key at hand. */
static size_t group_number(struct summary *summary)
{
    size_t count = summary->groups.count;
    size_t group = table_number(&summary->groups, summary->key.data, summary->key.length);

    if (group == count) {
        size_t row = summary->measured_count * sizeof *summary->measures;

        summary->records = mem_grow(summary->records, count, sizeof *summary->records);
        summary->records[group] = 0;
        if (row) {
            summary->measures = mem_grow(summary->measures, count, row);
            memset(summary->measures + group * summary->measured_count, 0, row);
        }
    }
    return group;
}

void summary_init(struct summary *summary, const struct query *query)
{
    *summary = (struct summary){.query = query};
    summary->item_measures = mem_alloc(query->item_count, sizeof *summary->item_measures);
    for (size_t i = 0; i < query->item_count; i++) {
        const struct item *item = &query->items[i];
        size_t place = 0;

        if (item->function == FN_FIELD || item->function == FN_COUNT_ALL)
            continue;
        while (place < summary->measured_count && summary->measured[place] != item->field)
            place++;
        if (place == summary->measured_count) {
            summary->measured = mem_grow(summary->measured, place, sizeof place);
            summary->measured[summary->measured_count++] = item->field;
        }
        summary->item_measures[i] = place;
    }
    buf_reserve(&summary->key, 1);
    if (!query->group_count)
        group_number(summary); /* all records are one group, even if there are none */
}

/* A key is each value with its length before it. */
static void key_append(struct buf *key, struct slice value)
{
    uint32_t length = value.length > UINT32_MAX ? UINT32_MAX : (uint32_t)value.length;

    buf_append(key, &length, sizeof length);
    buf_append(key, value.text, length);
}

static struct slice key_value(struct slice key, size_t place)
{
    for (;; place--) {
        uint32_t length;

        memcpy(&length, key.text, sizeof length);
        key.text += sizeof length;
        if (!place)
            return (struct slice){key.text, length};
        key.text += length;
    }
}

static void measure_add(struct measure *measure, struct slice value)
{
    double number;

    if (!value.text)
        return;
    measure->present++;
    if (!number_decimal(value.text, value.length, &number))
        return;
    if (!measure->numbers || number < measure->min)
        measure->min = number;
    if (!measure->numbers || number > measure->max)
        measure->max = number;
    measure->numbers++;
    measure->sum += number;
}

void summary_add(struct summary *summary, const struct slice *values)
{
    const struct query *query = summary->query;
    size_t group;

    summary->key.length = 0;
    for (size_t i = 0; i < query->group_count; i++)
        key_append(&summary->key, values[query->groups[i]]);
    group = group_number(summary);
    summary->records[group]++;
    for (size_t i = 0; i < summary->measured_count; i++)
        measure_add(&summary->measures[group * summary->measured_count + i],
                    values[summary->measured[i]]);
}

static void measure_join(struct measure *measure, const struct measure *other)
{
    measure->present += other->present;
    if (!other->numbers)
        return;
    if (!measure->numbers || other->min < measure->min)
        measure->min = other->min;
    if (!measure->numbers || other->max > measure->max)
        measure->max = other->max;
    measure->numbers += other->numbers;
    measure->sum += other->sum;
}

void summary_join(struct summary *summary, const struct summary *other)
{
    size_t row = summary->measured_count;

    for (size_t i = 0; i < other->groups.count; i++) {
        struct slice key = table_key(&other->groups, i);
        size_t group;

        summary->key.length = 0;
        buf_append(&summary->key, key.text, key.length);
        group = group_number(summary);
        summary->records[group] += other->records[i];
        for (size_t j = 0; j < row; j++)
            measure_join(&summary->measures[group * row + j], &other->measures[i * row + j]);
    }
}

/* The value of an item that is a field of `group by`. */
static struct slice item_text(const struct summary *summary, size_t item, size_t group)
{
    const struct query *query = summary->query;
    size_t place = 0;

    while (query->groups[place] != query->items[item].field)
        place++;
    return key_value(table_key(&summary->groups, group), place);
}

/* The value of any other item; false if there is none, such as the average of nothing. */
static bool item_number(const struct summary *summary, size_t item, size_t group, double *number)
{
    enum function function = summary->query->items[item].function;
    const struct measure *measure;

    if (function == FN_COUNT_ALL) {
        *number = (double)summary->records[group];
        return true;
    }
    measure = &summary->measures[group * summary->measured_count + summary->item_measures[item]];
    switch (function) {
    case FN_COUNT:
        *number = (double)measure->present;
        return true;
    case FN_SUM:
        *number = measure->sum;
        break;
    case FN_AVG:
        *number = measure->sum / (double)measure->numbers;
        break;
    case FN_MIN:
        *number = measure->min;
        break;
    case FN_MAX:
        *number = measure->max;
        break;
    case FN_FIELD:
    case FN_COUNT_ALL:
        return false;
    }
    return measure->numbers > 0;
}

/* What qsort() orders; it passes nothing else to the comparison. */
struct row {
    const struct summary *summary;
    size_t group;
};

/* Numbers stand before other texts. */
static int compare_texts(struct slice a, struct slice b)
{
    double x, y;
    bool x_is_number = number_decimal(a.text, a.length, &x);
    bool y_is_number = number_decimal(b.text, b.length, &y);

    if (x_is_number && y_is_number)
        return (x > y) - (x < y);
    if (x_is_number != y_is_number)
        return x_is_number ? -1 : 1;
    return slice_compare(a, b);
}

static int compare_items(const struct summary *summary, size_t item, size_t a, size_t b)
{
    double x = 0, y = 0;
    bool has_x, has_y;

    if (summary->query->items[item].function == FN_FIELD)
        return compare_texts(item_text(summary, item, a), item_text(summary, item, b));
    has_x = item_number(summary, item, a, &x);
    has_y = item_number(summary, item, b, &y);
    if (has_x != has_y)
        return has_x ? 1 : -1;
    return has_x ? (x > y) - (x < y) : 0;
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a;
    const struct row *y = b;
    const struct query *query = x->summary->query;

    for (size_t i = 0; i < query->order_count; i++) {
        int order = compare_items(x->summary, query->orders[i].item, x->group, y->group);

        if (order)
            return query->orders[i].descending ? -order : order;
    }
    return (x->group > y->group) - (x->group < y->group);
}

static void append_header(const struct query *query, struct buf *line)
{
    struct buf name = {0};

    for (size_t i = 0; i < query->item_count; i++) {
        const struct item *item = &query->items[i];
        const char *function = query_function_name(item->function);

        name.length = 0;
        if (item->function == FN_COUNT_ALL)
            buf_text(&name, "count(*)");
        else
            buf_format(&name, "%s%s%.*s%s", function ? function : "", function ? "(" : "",
                       (int)query->fields[item->field].length, query->fields[item->field].text,
                       function ? ")" : "");
        if (i)
            buf_byte(line, ',');
        csv_append(line, name.data, name.length);
    }
    buf_release(&name);
}

static void append_row(const struct summary *summary, size_t group, struct buf *line)
{
    for (size_t i = 0; i < summary->query->item_count; i++) {
        double number;

        if (i)
            buf_byte(line, ',');
        if (summary->query->items[i].function == FN_FIELD) {
            struct slice text = item_text(summary, i, group);

            csv_append(line, text.text, text.length);
        } else if (item_number(summary, i, group, &number)) {
            bool whole =
                number > -EXACT_LIMIT && number < EXACT_LIMIT && number == (double)(int64_t)number;

            buf_format(line, whole ? "%.0f" : "%.12g", number);
        }
    }
}

int summary_write(const struct summary *summary, struct output *out, struct err *err)
{
    size_t count = summary->groups.count;
    struct row *rows = mem_alloc(count, sizeof *rows);
    struct buf line = {0};
    int result;

    for (size_t i = 0; i < count; i++)
        rows[i] = (struct row){summary, i};
    qsort(rows, count, sizeof *rows, compare_rows);
    append_header(summary->query, &line);
    result = output_line(out, line.data, line.length, err);
    for (size_t i = 0; i < count && i < summary->query->limit && !result; i++) {
        line.length = 0;
        append_row(summary, rows[i].group, &line);
        result = output_line(out, line.data, line.length, err);
    }
    buf_release(&line);
    free(rows);
    return result;
}

void summary_release(struct summary *summary)
{
    table_release(&summary->groups);
    buf_release(&summary->key);
    free(summary->measured);
    free(summary->item_measures);
    free(summary->records);
    free(summary->measures);
}
