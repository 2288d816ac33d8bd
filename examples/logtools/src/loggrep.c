/* Prints the lines of log files that match a regular expression. */
#include "grep.h"
#include "program.h"

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

static int grep_files(struct grep *grep, int count, char **paths, struct err *err)
{
    int status = 0;

    for (int i = 0; i < count; i++) {
        enum outcome outcome = grep_file(grep, paths[i], err);

        if (outcome == UNWRITABLE) {
            output_abandon(grep->out);
            return -1;
        }
        if (outcome == UNREADABLE) {
            err_print(err, "loggrep");
            status = 2;
        }
    }
    if (output_close(grep->out, err))
        return -1;
    return status ? status : !grep->matches;
}

static int run(int count, char **operands, struct err *err)
{
    static char *standard_input[] = {"-"};
    struct output out;
    struct grep grep = {
        .out = &out, .invert = settings.invert, .count = settings.count, .print_names = count > 2};
    int status = -1;

    if (count < 1)
        return err_set(err, "no regular expression given\n  hint: see 'loggrep --help'");
    grep.before = settings.before == UINT64_MAX ? settings.around : settings.before;
    grep.after = settings.after == UINT64_MAX ? settings.around : settings.after;
    grep.matcher = matcher_new(operands[0], settings.ignore_case, err);
    if (!grep.matcher)
        return -1;
    if (output_open(&out, NULL, err) == 0) {
        if (count == 1)
            status = grep_files(&grep, 1, standard_input, err);
        else
            status = grep_files(&grep, count - 1, operands + 1, err);
    }
    grep_release(&grep);
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
