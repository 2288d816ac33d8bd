/* Prints log files. */
#include "input.h"
#include "output.h"
#include "program.h"
#include "reader.h"

#include <inttypes.h>
#include <stdio.h>

enum { BLOCK_SIZE = 64 * 1024 };

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

/* What happened to one file. */
enum outcome { COPIED, UNREADABLE, UNWRITABLE };

static enum outcome copy_bytes(struct output *out, const char *path, struct err *err)
{
    char block[BLOCK_SIZE];
    struct input in;
    enum outcome outcome = COPIED;
    ssize_t got;

    if (input_open(&in, path, err))
        return UNREADABLE;
    while ((got = input_read(&in, block, sizeof block, err)) > 0) {
        if (output_write(out, block, (size_t)got, err)) {
            outcome = UNWRITABLE;
            break;
        }
    }
    input_close(&in);
    return got < 0 ? UNREADABLE : outcome;
}

static enum outcome copy_lines(struct output *out, const char *path, uint64_t *number,
                               struct err *err)
{
    struct reader reader;
    struct line line;
    enum outcome outcome = COPIED;
    int got;

    if (reader_open(&reader, path, err))
        return UNREADABLE;
    while ((got = reader_next(&reader, &line, err)) > 0) {
        char prefix[32];
        int length = snprintf(prefix, sizeof prefix, "%6" PRIu64 "\t", ++*number);

        if (output_write(out, prefix, (size_t)length, err) ||
            output_line(out, line.text, line.length, err)) {
            outcome = UNWRITABLE;
            break;
        }
    }
    reader_release(&reader);
    return got < 0 ? UNREADABLE : outcome;
}

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
        enum outcome outcome = settings.number ? copy_lines(&out, operands[i], &number, err)
                                               : copy_bytes(&out, operands[i], err);

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
