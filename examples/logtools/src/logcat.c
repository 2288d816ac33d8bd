/* Prints log files. */
#include "cat.h"
#include "program.h"

static struct {
    bool number;
    const char *output;
} settings;

static const struct opt opts[] = {
    {.letter = 'n', .name = "number", .help = "number the lines", .flag = &settings.number},
    {.letter = 'o',
     .name = "output",
     .argument = "FILE",
     .help = "write FILE, not standard output",
     .text = &settings.output},
};

static int run(int count, char **operands, struct err *err)
{
    static char *standard_input[] = {"-"};
    struct output out;
    uint64_t number = 0;
    int status = 0;

    if (count == 0) {
        operands = standard_input;
        count = 1;
    }
    if (output_open(&out, settings.output, err))
        return -1;
    for (int i = 0; i < count; i++) {
        enum outcome outcome = settings.number ? cat_lines(&out, operands[i], &number, err)
                                               : cat_bytes(&out, operands[i], err);

        if (outcome == UNWRITABLE) {
            output_abandon(&out);
            return -1;
        }
        if (outcome == UNREADABLE) {
            err_print(err, "logcat");
            status = 2;
        }
    }
    return output_close(&out, err) ? -1 : status;
}

static const struct program program = {
    .name = "logcat",
    .synopsis = "[OPTION]... [FILE]...",
    .about = "Prints log files, one after the other; gzip files are decompressed. '-', or no FILE\n"
             "at all, is standard input. Exits with 2 if a file could not be read.\n",
    .opts = opts,
    .opt_count = sizeof opts / sizeof opts[0],
    .run = run,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
