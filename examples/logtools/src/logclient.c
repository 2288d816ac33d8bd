/* Asks logserve. */
#include "buf.h"
#include "mem.h"
#include "net.h"
#include "output.h"
#include "program.h"
#include "reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CLIENTS = 64 };

static struct {
    uint64_t port;
    uint64_t clients;
    const char *output;
} settings = {.clients = 1};

static const struct opt opts[] = {
    {.letter = 'p',
     .name = "port",
     .argument = "N",
     .help = "the port of 127.0.0.1",
     .whole = &settings.port,
     .min = 1,
     .max = NET_MAX_PORT},
    {.letter = 'c',
     .name = "clients",
     .argument = "N",
     .help = "ask N times at once (1)",
     .whole = &settings.clients,
     .min = 1,
     .max = MAX_CLIENTS},
    {.letter = 'o',
     .name = "output",
     .argument = "FILE",
     .help = "write FILE, not standard output",
     .text = &settings.output},
};

/* Asks one time more; the answer is for READER. */
static int ask(struct reader *reader, const char *request, struct err *err)
{
    int fd = net_connect(settings.port, err);
    struct input input;

    if (fd < 0)
        return -1;
    input_open_plain(&input, fd, "the server");
    reader_init(reader, &input);
    if (dprintf(fd, "%s\n", request) >= 0)
        return 0;
    err_format(err, "cannot ask the server: %s", strerror(errno));
    reader_release(reader);
    return -1;
}

/* The next line of all answers, which must be the same. */
static int next_line(struct reader *readers, size_t count, struct line *line, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        struct line other;
        int got = reader_next(&readers[i], &other, err);

        if (got < 0)
            return -1;
        if (!got)
            return err_set(err, "the answer was cut off");
        if (i == 0)
            *line = other;
        else if (other.length != line->length || memcmp(other.text, line->text, line->length) != 0)
            return err_set(err, "two answers differ in line %ju", (uintmax_t)readers[i].number);
    }
    return 0;
}

static int print_answer(struct reader *readers, size_t count, struct output *out, struct err *err)
{
    struct line line = {0};

    for (;;) {
        if (readers->start == readers->end && output_flush(out, err)) /* it may take a while */
            return -1;
        if (next_line(readers, count, &line, err))
            return -1;
        if (line.length && !line.text[0])
            break;
        if (output_line(out, line.text, line.length, err))
            return -1;
    }
    if (line.length == sizeof ANSWER_OK - 1 && !memcmp(line.text, ANSWER_OK, line.length))
        return 0;
    return err_set(err, "the server says: %.*s", (int)line.length - 1, line.text + 1);
}

/* All operands in one line, which COUNT connections ask. */
static int ask_all(struct reader *readers, size_t *asked, char **operands, int count,
                   struct err *err)
{
    struct buf request = {0};
    int result = 0;

    for (int i = 0; i < count; i++) {
        if (i)
            buf_byte(&request, ' ');
        buf_text(&request, operands[i]);
    }
    buf_byte(&request, '\0');
    if (strchr(request.data, '\n'))
        result = err_set(err, "a request is one line");
    for (; !result && *asked < settings.clients; ++*asked)
        result = ask(&readers[*asked], request.data, err);
    buf_release(&request);
    return result;
}

static int run(int count, char **operands, struct err *err)
{
    struct reader *readers;
    struct output out;
    size_t asked = 0;
    int result;

    if (count < 1 || !settings.port)
        return err_set(err, "give a port and a request\n  hint: see 'logclient --help'");
    if (output_open(&out, settings.output, err))
        return -1;
    readers = mem_alloc(settings.clients, sizeof *readers);
    result = ask_all(readers, &asked, operands, count, err);
    if (!result)
        result = print_answer(readers, asked, &out, err);
    while (asked > 0)
        reader_release(&readers[--asked]);
    free(readers);
    if (result)
        output_abandon(&out);
    else
        result = output_close(&out, err);
    return result;
}

static const struct program program = {
    .name = "logclient",
    .synopsis = "[OPTION]... REQUEST",
    .about = "Asks the logserve that listens at a port, and prints its answer. Answers to several\n"
             "clients must be the same, and are printed once. REQUEST:\n"
             "\n"
             "  cat FILE            all lines\n"
             "  grep FILE REGEX     those that match\n"
             "  map FILE QUERY      the answer to a query\n"
             "  tail FILE REGEX     all lines, and new ones until one matches\n",
    .opts = opts,
    .opt_count = sizeof opts / sizeof opts[0],
    .run = run,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
