#include "program.h"

#include "buf.h"
#include "number.h"
#include "output.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { MAX_NAME = 32, YEAR = 366 * 24 * 60 * 60 };

static bool show_help;
static bool show_version;

static const struct opt common_opts[] = {
    {.letter = 'h', .name = "help", .help = "print this help", .flag = &show_help},
    {.letter = 'V', .name = "version", .help = "print the version", .flag = &show_version},
};
enum { COMMON_OPTS = sizeof common_opts / sizeof common_opts[0] };

/* The program's own options, then the common ones; NULL at the end. */
static const struct opt *opt_at(const struct program *program, size_t i)
{
    if (i < program->opt_count)
        return &program->opts[i];
    i -= program->opt_count;
    return i < COMMON_OPTS ? &common_opts[i] : NULL;
}

static const struct opt *opt_by_name(const struct program *program, const char *name, size_t length)
{
    const struct opt *opt;

    for (size_t i = 0; (opt = opt_at(program, i)); i++)
        if (opt->name && strlen(opt->name) == length && !memcmp(opt->name, name, length))
            return opt;
    return NULL;
}

static const struct opt *opt_by_letter(const struct program *program, char letter)
{
    const struct opt *opt;

    for (size_t i = 0; (opt = opt_at(program, i)); i++)
        if (opt->letter == letter)
            return opt;
    return NULL;
}

/* How many letters to insert, remove or replace to get from A to B; LENGTH <= MAX_NAME. */
static size_t edit_distance(const char *a, size_t length, const char *b)
{
    size_t row[MAX_NAME + 1];

    for (size_t i = 0; i <= length; i++)
        row[i] = i;
    for (; *b; b++) {
        size_t diagonal = row[0]++;

        for (size_t i = 1; i <= length; i++) {
            size_t best = diagonal + (a[i - 1] != *b);

            diagonal = row[i];
            if (best > row[i] + 1)
                best = row[i] + 1;
            if (best > row[i - 1] + 1)
                best = row[i - 1] + 1;
            row[i] = best;
        }
    }
    return row[length];
}

static int unknown_name(const struct program *program, const char *name, size_t length,
                        struct err *err)
{
    const struct opt *opt;
    const char *nearest = NULL;
    size_t least = 4;

    for (size_t i = 0; length <= MAX_NAME && (opt = opt_at(program, i)); i++) {
        size_t distance = opt->name ? edit_distance(name, length, opt->name) : least;

        if (distance < least) {
            least = distance;
            nearest = opt->name;
        }
    }
    if (nearest)
        return err_set(err, "unknown option '--%.*s'\n  hint: did you mean '--%s'?", (int)length,
                       name, nearest);
    return err_set(err, "unknown option '--%.*s'\n  hint: '%s --help' lists the options",
                   length > 200 ? 200 : (int)length, name, program->name);
}

static int opt_set(const struct opt *opt, const char *shown, const char *argument, struct err *err)
{
    if (opt->text) {
        *opt->text = argument;
    } else if (opt->whole) {
        if (!number_whole(argument, opt->min, opt->max, opt->whole))
            return err_set(
                err, "option '%s' needs a whole number from %" PRIu64 " to %" PRIu64 ", not '%s'",
                shown, opt->min, opt->max, argument);
    } else if (opt->seconds) {
        double seconds;

        if (!number_decimal(argument, strlen(argument), &seconds) || seconds < 0 || seconds > YEAR)
            return err_set(err, "option '%s' needs a number of seconds, not '%s'", shown, argument);
        *opt->seconds = seconds;
    }
    return 0;
}

/* --NAME, --NAME=ARGUMENT, or --NAME ARGUMENT with the argument in NEXT.
 * Returns how many arguments after this one it used. */
static int parse_long(const struct program *program, const char *word, const char *next,
                      struct err *err)
{
    size_t length = strcspn(word, "=");
    const char *value = word[length] ? word + length + 1 : NULL;
    const struct opt *opt = opt_by_name(program, word, length);
    char shown[MAX_NAME + 3];

    if (!opt)
        return unknown_name(program, word, length, err);
    snprintf(shown, sizeof shown, "--%s", opt->name);
    if (opt->flag) {
        if (value)
            return err_set(err, "option '%s' takes no argument", shown);
        *opt->flag = true;
        return 0;
    }
    if (!value && !next)
        return err_set(err, "option '%s' needs an argument: %s", shown, opt->argument);
    if (opt_set(opt, shown, value ? value : next, err))
        return -1;
    return value ? 0 : 1;
}

/* -a, -ab, -nARGUMENT, or -n ARGUMENT. Returns as parse_long(). */
static int parse_short(const struct program *program, const char *letters, const char *next,
                       struct err *err)
{
    for (; *letters; letters++) {
        const struct opt *opt = opt_by_letter(program, *letters);
        const char shown[] = {'-', *letters, '\0'};

        if (!opt)
            return err_set(err, "unknown option '%s'\n  hint: '%s --help' lists the options", shown,
                           program->name);
        if (opt->flag) {
            *opt->flag = true;
            continue;
        }
        if (letters[1])
            return opt_set(opt, shown, letters + 1, err);
        if (!next)
            return err_set(err, "option '%s' needs an argument: %s", shown, opt->argument);
        return opt_set(opt, shown, next, err) ? -1 : 1;
    }
    return 0;
}

/* Moves the operands to the front of ARGV. Returns how many there are, or -1. */
static int parse(const struct program *program, int argc, char **argv, struct err *err)
{
    int count = 0;

    for (int i = 1; i < argc; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        int used;

        if (argv[i][0] != '-' || !argv[i][1]) {
            argv[count++] = argv[i];
            continue;
        }
        if (!strcmp(argv[i], "--")) {
            while (++i < argc)
                argv[count++] = argv[i];
            break;
        }
        if (argv[i][1] == '-')
            used = parse_long(program, argv[i] + 2, next, err);
        else
            used = parse_short(program, argv[i] + 1, next, err);
        if (used < 0)
            return -1;
        i += used;
    }
    return count;
}

static void help_append(struct buf *buf, const struct program *program)
{
    const struct opt *opt;

    buf_format(buf, "Usage: %s %s\n\n%s\nOptions:\n", program->name, program->synopsis,
               program->about);
    for (size_t i = 0; (opt = opt_at(program, i)); i++) {
        size_t start = buf->length;

        buf_text(buf, "  ");
        if (opt->letter)
            buf_format(buf, "-%c%s", opt->letter, opt->name ? ", " : "");
        else
            buf_text(buf, "    ");
        if (opt->name)
            buf_format(buf, "--%s", opt->name);
        if (opt->argument)
            buf_format(buf, " %s", opt->argument);
        do
            buf_byte(buf, ' ');
        while (buf->length < start + 28);
        buf_format(buf, "%s\n", opt->help);
    }
}

static int print(const struct buf *buf, struct err *err)
{
    struct output out;

    if (output_open(&out, NULL, err))
        return -1;
    if (output_write(&out, buf->data, buf->length, err)) {
        output_abandon(&out);
        return -1;
    }
    return output_close(&out, err);
}

/* A program started with a standard descriptor closed would get it for the next file it opens,
 * and then mix the two up. What stands in fails every read or write, as a closed one would. */
static void fill_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
            return;
}

int program_main(const struct program *program, int argc, char **argv)
{
    struct err err = {{0}};
    struct buf text = {0};
    int count;
    int status;

    fill_standard_descriptors();
    signal(SIGPIPE, SIG_IGN);
    count = parse(program, argc, argv, &err);
    if (count < 0) {
        status = -1;
    } else if (show_help || show_version) {
        if (show_help)
            help_append(&text, program);
        else
            buf_format(&text, "%s (logtools) %s\n", program->name, LOGTOOLS_VERSION);
        status = print(&text, &err);
        buf_release(&text);
    } else {
        status = program->run(count, argv, &err);
    }
    if (status < 0) {
        err_print(&err, program->name);
        status = 2;
    }
    return status;
}
