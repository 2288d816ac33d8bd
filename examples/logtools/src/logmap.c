/* Answers queries about the records of log and CSV files. */
#include "mem.h"
#include "output.h"
#include "program.h"
#include "query.h"
#include "records.h"
#include "summary.h"

#include <stdlib.h>
#include <string.h>

static struct {
    const char *format;
} settings = {.format = "auto"};

static const struct opt opts[] = {
    {.letter = 'f',
     .name = "format",
     .argument = "FORMAT",
     .help = "csv, log or auto (default)",
     .text = &settings.format},
};

static const struct {
    const char *name;
    enum records_format format;
} formats[] = {{"auto", RECORDS_AUTO}, {"csv", RECORDS_CSV}, {"log", RECORDS_LOG}};

static int format_by_name(const char *name, enum records_format *format, struct err *err)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (!strcmp(formats[i].name, name)) {
            *format = formats[i].format;
            return 0;
        }
    }
    return err_set(err, "unknown format '%s': csv, log and auto are known", name);
}

static int add_file(struct summary *summary, const char *path, enum records_format format,
                    struct err *err)
{
    const struct query *query = summary->query;
    struct records records;
    int got;

    if (records_open(&records, path, format, query->fields, query->field_count, err))
        return -1;
    while ((got = records_next(&records, err)) > 0)
        if (query_accepts(query, records.values))
            summary_add(summary, records.values);
    records_close(&records);
    return got;
}

static int add_files(struct summary *summary, enum records_format format, int count, char **paths,
                     struct err *err)
{
    struct slice source = summary->query->source;
    char *path;
    int result = 0;

    for (int i = 0; i < count && !result; i++)
        result = add_file(summary, paths[i], format, err);
    if (count > 0)
        return result;
    path = source.text ? mem_text(source.text, source.length) : mem_text("-", 1);
    result = add_file(summary, path, format, err);
    free(path);
    return result;
}

static int write_answer(const struct summary *summary, struct err *err)
{
    struct output out;

    if (output_open(&out, NULL, err))
        return -1;
    if (summary_write(summary, &out, err)) {
        output_abandon(&out);
        return -1;
    }
    return output_close(&out, err);
}

static int run(int count, char **operands, struct err *err)
{
    enum records_format format;
    struct query query;
    struct summary summary;
    int result;

    if (count < 1)
        return err_set(err, "no query given\n  hint: see 'logmap --help'");
    if (format_by_name(settings.format, &format, err) || query_init(&query, operands[0], err))
        return -1;
    summary_init(&summary, &query);
    result = add_files(&summary, format, count - 1, operands + 1, err);
    if (!result)
        result = write_answer(&summary, err);
    summary_release(&summary);
    query_release(&query);
    return result;
}

static const struct program program = {
    .name = "logmap",
    .synopsis = "[OPTION]... QUERY [FILE]...",
    .about = "Answers QUERY about CSV files with a header, or log lines of key=value pairs, whose\n"
             "words before them are 'time', 'level' and 'component'. Prints CSV. A FILE takes the\n"
             "place of what the query reads from; '-' is standard input. QUERY:\n"
             "\n"
             "  select ITEM[, ...] [from FILE] [where FIELD OP VALUE [and ...]]\n"
             "  [group by FIELD[, ...]] [order by ITEM [asc|desc][, ...]] [limit N]\n"
             "\n"
             "ITEM: count(*), count(FIELD), sum(), avg(), min(), max(), or a FIELD of 'group by'.\n"
             "OP: = != < <= > >=, or ~ and !~ for a regular expression. Quote a VALUE that is not\n"
             "a plain word.\n",
    .opts = opts,
    .opt_count = sizeof opts / sizeof opts[0],
    .run = run,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
