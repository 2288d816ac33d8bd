/* Follows a growing log file. */
#include "program.h"
#include "tail.h"

static struct {
    uint64_t lines;
    bool wait;
    bool from_start;
    const char *until;
    uint64_t until_line;
    double timeout;
    double interval;
    const char *grep;
} settings = {.lines = 10, .timeout = -1, .interval = 0.25};

static const struct opt opts[] = {
    {.letter = 'n',
     .name = "lines",
     .argument = "N",
     .help = "begin with the last N lines (10)",
     .whole = &settings.lines,
     .max = UINT64_MAX},
    {.name = "from-start", .help = "begin with the first line", .flag = &settings.from_start},
    {.name = "wait", .help = "wait for FILE to be there", .flag = &settings.wait},
    {.letter = 'g',
     .name = "grep",
     .argument = "REGEX",
     .help = "print only lines that match",
     .text = &settings.grep},
    {.name = "until",
     .argument = "REGEX",
     .help = "end after a line that matches",
     .text = &settings.until},
    {.name = "until-line",
     .argument = "N",
     .help = "end after N lines, printed or not",
     .whole = &settings.until_line,
     .min = 1,
     .max = UINT64_MAX},
    {.name = "timeout",
     .argument = "SECONDS",
     .help = "end after so long",
     .seconds = &settings.timeout},
    {.name = "interval",
     .argument = "SECONDS",
     .help = "look for news so often (0.25)",
     .seconds = &settings.interval},
};

static int run(int count, char **operands, struct err *err)
{
    bool end_given = settings.until || settings.until_line;
    struct output out;
    struct tail tail = {.out = &out,
                        .wait = settings.wait,
                        .from_start = settings.from_start,
                        .lines = settings.lines,
                        .until_line = settings.until_line,
                        .timeout = settings.timeout,
                        .interval = settings.interval < 0.001 ? 0.001 : settings.interval};
    int ended = -1;

    if (count != 1)
        return err_set(err, "give one file to follow, not %d\n  hint: see 'logtail --help'", count);
    tail.path = operands[0];
    if (settings.grep && !(tail.grep = matcher_new(settings.grep, false, err)))
        return -1;
    if (settings.until && !(tail.until = matcher_new(settings.until, false, err)))
        goto free_matchers;
    if (output_open(&out, NULL, err) == 0) {
        ended = tail_run(&tail, err);
        if (ended < 0)
            output_abandon(&out);
        else if (output_close(&out, err))
            ended = -1;
    }
free_matchers:
    matcher_free(tail.grep);
    matcher_free(tail.until);
    if (ended < 0)
        return -1;
    return ended || !end_given ? 0 : 1;
}

static const struct program program = {
    .name = "logtail",
    .synopsis = "[OPTION]... FILE",
    .about = "Prints the last lines of FILE, and then each line that is added to it. A file\n"
             "that is truncated or replaced is read from its start. Exits with 0, or with 1 if\n"
             "the time was up before what --until or --until-line waited for.\n",
    .opts = opts,
    .opt_count = sizeof opts / sizeof opts[0],
    .run = run,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
