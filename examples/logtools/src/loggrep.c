/* Prints the lines of log files that match a regular expression. */
#include "buf.h"
#include "matcher.h"
#include "mem.h"
#include "output.h"
#include "program.h"
#include "reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CONTEXT = 100000 };

static struct {
    bool invert;
    bool ignore_case;
    bool count;
    bool extended;
    uint64_t after; /* UINT64_MAX: as many as `around`; likewise `before` */
    uint64_t before;
    uint64_t around;
} settings = {.after = UINT64_MAX, .before = UINT64_MAX};

static const struct opt opts[] = {
    {.letter = 'v',
     .name = "invert",
     .help = "print the lines that do not match",
     .flag = &settings.invert},
    {.letter = 'i',
     .name = "ignore-case",
     .help = "take upper and lower case letters as the same",
     .flag = &settings.ignore_case},
    {.letter = 'c',
     .name = "count",
     .help = "print only how many lines match",
     .flag = &settings.count},
    {.letter = 'E',
     .help = "changes nothing: expressions are always extended ones",
     .flag = &settings.extended},
    {.letter = 'A',
     .name = "after",
     .argument = "N",
     .help = "print N lines after each, too",
     .whole = &settings.after,
     .max = MAX_CONTEXT},
    {.letter = 'B',
     .name = "before",
     .argument = "N",
     .help = "print N lines before each, too",
     .whole = &settings.before,
     .max = MAX_CONTEXT},
    {.letter = 'C',
     .name = "context",
     .argument = "N",
     .help = "both",
     .whole = &settings.around,
     .max = MAX_CONTEXT},
};

struct grep {
    struct matcher *matcher;
    struct output out;
    bool print_names;
    bool printed;     /* anything, so that a gap is worth a mark */
    uint64_t matches; /* in all files */
    uint64_t before;  /* how many lines to print before a match */
    uint64_t after;
    struct buf *kept; /* the last lines that were not printed: a ring of `before` */
    uint64_t kept_count;
    uint64_t kept_next; /* where the next goes */
};

static int print_line(struct grep *grep, const char *name, char mark, const char *text,
                      size_t length, struct err *err)
{
    grep->printed = true;
    if (grep->print_names && (output_write(&grep->out, name, strlen(name), err) ||
                              output_write(&grep->out, &mark, 1, err)))
        return -1;
    return output_line(&grep->out, text, length, err);
}

static void keep_line(struct grep *grep, const struct line *line)
{
    struct buf *buf = &grep->kept[grep->kept_next];

    buf->length = 0;
    buf_append(buf, line->text, line->length);
    grep->kept_next = (grep->kept_next + 1) % grep->before;
    if (grep->kept_count < grep->before)
        grep->kept_count++;
}

static int print_kept(struct grep *grep, const char *name, struct err *err)
{
    for (; grep->kept_count > 0; grep->kept_count--) {
        const struct buf *buf =
            &grep->kept[(grep->kept_next + grep->before - grep->kept_count) % grep->before];

        if (print_line(grep, name, '-', buf->data, buf->length, err))
            return -1;
    }
    return 0;
}

/* Prints a match with what comes before it. LAST is the number of the line printed last. */
static int print_match(struct grep *grep, const struct reader *reader, const struct line *line,
                       uint64_t last, struct err *err)
{
    const char *name = reader->input.name;
    bool gap = !last || reader->number - grep->kept_count != last + 1;

    if (gap && grep->printed && (grep->before || grep->after) &&
        output_line(&grep->out, "--", 2, err))
        return -1;
    if (print_kept(grep, name, err))
        return -1;
    return print_line(grep, name, ':', line->text, line->length, err);
}

static int print_count(struct grep *grep, const char *name, uint64_t count, struct err *err)
{
    struct buf text = {0};
    int result;

    buf_format(&text, "%" PRIu64, count);
    result = print_line(grep, name, ':', text.data, text.length, err);
    buf_release(&text);
    return result;
}

/* Returns 0, or -1 for output that cannot be written; *UNREADABLE is set for an input that
 * cannot be read. */
static int grep_lines(struct grep *grep, struct reader *reader, bool *unreadable, struct err *err)
{
    struct line line;
    uint64_t count = 0;
    uint64_t last = 0;
    uint64_t after = 0; /* so many more lines are printed */
    int got;

    grep->kept_count = 0;
    while ((got = reader_next(reader, &line, err)) > 0) {
        bool wanted = matcher_test(grep->matcher, line.text, line.length) != settings.invert;
        int failed = 0;

        count += wanted;
        if (settings.count)
            continue;
        if (wanted) {
            failed = print_match(grep, reader, &line, last, err);
            last = reader->number;
            after = grep->after;
        } else if (after > 0) {
            failed = print_line(grep, reader->input.name, '-', line.text, line.length, err);
            last = reader->number;
            after--;
        } else if (grep->before > 0) {
            keep_line(grep, &line);
        }
        if (failed)
            return -1;
    }
    grep->matches += count;
    *unreadable = got < 0;
    if (settings.count && got == 0)
        return print_count(grep, reader->input.name, count, err);
    return 0;
}

/* Returns as grep_lines(). */
static int grep_file(struct grep *grep, const char *path, bool *unreadable, struct err *err)
{
    struct reader reader;
    int result;

    if (reader_open(&reader, path, err)) {
        *unreadable = true;
        return 0;
    }
    result = grep_lines(grep, &reader, unreadable, err);
    reader_release(&reader);
    return result;
}

static int grep_files(struct grep *grep, int count, char **paths, struct err *err)
{
    int status = 0;

    for (int i = 0; i < count; i++) {
        bool unreadable = false;

        if (grep_file(grep, paths[i], &unreadable, err)) {
            output_abandon(&grep->out);
            return -1;
        }
        if (unreadable) {
            err_print(err, "loggrep");
            status = 2;
        }
    }
    if (output_close(&grep->out, err))
        return -1;
    return status ? status : !grep->matches;
}

static int run(int count, char **operands, struct err *err)
{
    static char *standard_input[] = {"-"};
    struct grep grep = {.print_names = count > 2};
    int status;

    if (count < 1)
        return err_set(err, "no regular expression given\n  hint: see 'loggrep --help'");
    grep.before = settings.before == UINT64_MAX ? settings.around : settings.before;
    grep.after = settings.after == UINT64_MAX ? settings.around : settings.after;
    grep.matcher = matcher_new(operands[0], settings.ignore_case, err);
    if (!grep.matcher)
        return -1;
    if (output_open(&grep.out, NULL, err)) {
        matcher_free(grep.matcher);
        return -1;
    }
    grep.kept = mem_alloc(grep.before, sizeof *grep.kept);
    if (count == 1)
        status = grep_files(&grep, 1, standard_input, err);
    else
        status = grep_files(&grep, count - 1, operands + 1, err);
    for (uint64_t i = 0; i < grep.before; i++)
        buf_release(&grep.kept[i]);
    free(grep.kept);
    matcher_free(grep.matcher);
    return status;
}

static const struct program program = {
    .name = "loggrep",
    .synopsis = "[OPTION]... REGEX [FILE]...",
    .about = "Prints the lines that match REGEX, with their file's name if there are several;\n"
             "gzip files are decompressed. '-', or no FILE at all, is standard input.\n"
             "REGEX: . * + ? {m,n} | () [] [^] ^ $ \\d \\w \\s \\D \\W \\S \\b \\B \\t; \\ before\n"
             "any other sign takes its meaning. Exits with 0 if a line matched, 1 if none did,\n"
             "2 after an error.\n",
    .opts = opts,
    .opt_count = sizeof opts / sizeof opts[0],
    .run = run,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
