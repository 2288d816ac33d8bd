/* Answers queries about the records of log and CSV files. */
#include "map.h"
#include "program.h"

#include <string.h>

enum { MAX_THREADS = 256 };

static struct {
    const char *format;
    uint64_t threads;
} settings = {.format = "auto", .threads = 1};

static const struct opt opts[] = {
    {.letter = 'f',
     .name = "format",
     .argument = "FORMAT",
     .help = "csv, log or auto (default)",
     .text = &settings.format},
    {.letter = 't',
     .name = "threads",
     .argument = "N",
     .help = "read N files at once (1)",
     .whole = &settings.threads,
     .min = 1,
     .max = MAX_THREADS},
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

static int run(int count, char **operands, struct err *err)
{
    enum records_format format;
    struct query query;
    struct output out;
    int result;

    if (count < 1)
        return err_set(err, "no query given\n  hint: see 'logmap --help'");
    if (format_by_name(settings.format, &format, err) || query_init(&query, operands[0], err))
        return -1;
    result = output_open(&out, NULL, err);
    if (!result) {
        result = map_files(&query, format, (const char *const *)operands + 1, (size_t)count - 1,
                           (size_t)settings.threads, &out, err);
        if (result)
            output_abandon(&out);
        else
            result = output_close(&out, err);
    }
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
