/* Makes log data, the same for the same seed. */
#include "buf.h"
#include "csv.h"
#include "output.h"
#include "program.h"
#include "random.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_LINES = 1000000000, NANOSECONDS = 1000000000, STEPS = 50 /* a second */ };
#define FIRST_SECOND INT64_C(1740787200) /* 2025-03-01T00:00:00Z */

static struct {
    const char *format;
    uint64_t lines;
    uint64_t seed;
    const char *output;
    bool append;
    uint64_t rate; /* 0: as many as there can be */
} settings = {.format = "log", .lines = 1000, .seed = 1};

static const struct opt opts[] = {
    {.letter = 'f',
     .name = "format",
     .argument = "FORMAT",
     .help = "log (default) or csv",
     .text = &settings.format},
    {.letter = 'n',
     .name = "lines",
     .argument = "N",
     .help = "how many lines (1000)",
     .whole = &settings.lines,
     .max = MAX_LINES},
    {.letter = 's',
     .name = "seed",
     .argument = "N",
     .help = "other data for each seed (1)",
     .whole = &settings.seed,
     .max = UINT64_MAX},
    {.letter = 'o',
     .name = "output",
     .argument = "FILE",
     .help = "write FILE, not standard output",
     .text = &settings.output},
    {.letter = 'a',
     .name = "append",
     .help = "add to FILE, which can be read meanwhile",
     .flag = &settings.append},
    {.letter = 'r',
     .name = "rate",
     .argument = "N",
     .help = "write N lines a second, and no faster",
     .whole = &settings.rate,
     .min = 1,
     .max = MAX_LINES},
};

struct entry {
    uint64_t milliseconds; /* since FIRST_SECOND */
    const char *level;
    const char *component;
    unsigned host;
    uint32_t id;
    unsigned user;
    unsigned status;
    uint64_t latency; /* microseconds */
    unsigned bytes;
    struct buf message;
};

/* Of a hundred lines, how many have the level; and what the others say. */
static const struct level {
    const char *name;
    unsigned share;
    unsigned statuses[4];
    const char *messages[8]; /* '#' is a number, '@' a host */
} levels[] = {
    {"DEBUG",
     18,
     {200, 200, 204, 304},
     {"cache hit for key session:#", "parsed request header in # us", "pool has # idle connections",
      "lock on shard # released", "query plan: index scan, # rows", "heartbeat from @",
      "reusing connection # to @", "checkpoint # written"}},
    {"INFO",
     66,
     {200, 200, 201, 302},
     {"request completed", "user logged in from @", "session renewed for # s",
      "job # finished, next run in # s", "order # accepted, total=#",
      "sent \"welcome\" mail to user", "index rebuilt, # documents",
      "upload of # parts stored on @"}},
    {"WARN",
     11,
     {400, 404, 408, 429},
     {"slow query took # ms", "retry # of request to @", "rate limit reached, # requests left",
      "disk usage on @ at # percent", "token expires in # s", "queue length # above limit",
      "deprecated endpoint /v1/items/# used", "clock of @ differs by # ms"}},
    {"ERROR",
     4,
     {500, 502, 503, 504},
     {"connection to @ refused", "timeout after # ms waiting for @",
      "payment # declined by gateway", "cannot write chunk #: disk full",
      "deadlock detected, transaction # rolled back", "unexpected end of response from @",
      "certificate of @ has expired", "worker # crashed"}},
    {"FATAL",
     1,
     {500, 500, 503, 503},
     {"out of memory, restarting", "lost quorum, # of 5 nodes left", "data file # is damaged",
      "cannot bind port #", "no route to @", "configuration of @ rejected",
      "watchdog fired after # s", "too many open files (#)"}},
};
enum { LEVELS = sizeof levels / sizeof levels[0] };

static const char *const components[] = {"api",    "auth",    "billing", "cache",
                                         "db",     "gateway", "mailer",  "scheduler",
                                         "search", "storage", "upload",  "web"};
enum { COMPONENTS = sizeof components / sizeof components[0] };

static const struct level *choose_level(struct random *random)
{
    unsigned roll = random_below(random, 100);
    size_t i = 0;

    while (i + 1 < LEVELS && roll >= levels[i].share)
        roll -= levels[i++].share;
    return &levels[i];
}

/* The smaller of two rolls: some are much more frequent than others. */
static unsigned choose_often_low(struct random *random, unsigned limit)
{
    unsigned a = random_below(random, limit);
    unsigned b = random_below(random, limit);

    return a < b ? a : b;
}

static void append_address(struct buf *message, struct random *random)
{
    /* Not as arguments of one call: compilers differ in which they take first. */
    unsigned site = random_below(random, 4);
    unsigned rack = random_below(random, 32);
    unsigned host = random_below(random, 254) + 1;

    buf_format(message, "10.%u.%u.%u", site, rack, host);
}

static void fill_message(struct buf *message, const char *text, struct random *random)
{
    message->length = 0;
    for (; *text; text++) {
        if (*text == '#')
            buf_format(message, "%u", random_below(random, 5000));
        else if (*text == '@')
            append_address(message, random);
        else
            buf_byte(message, *text);
    }
}

static void entry_fill(struct entry *entry, struct random *random)
{
    const struct level *level = choose_level(random);
    unsigned scale = random_below(random, 8); /* each step doubles the latency */

    entry->milliseconds += random_below(random, 40);
    entry->level = level->name;
    entry->component = components[choose_often_low(random, COMPONENTS)];
    entry->host = random_below(random, 24) + 1;
    entry->id = (uint32_t)random_next(random);
    entry->user = choose_often_low(random, 2000) + 1;
    entry->status = level->statuses[random_below(random, 4)];
    entry->latency = 100 + ((uint64_t)random_below(random, 1500) << scale);
    entry->bytes = choose_often_low(random, 65536);
    fill_message(&entry->message, level->messages[random_below(random, 8)], random);
}

static void append_time(struct buf *line, uint64_t milliseconds)
{
    time_t seconds = (time_t)(FIRST_SECOND + (int64_t)(milliseconds / 1000));
    struct tm tm;
    char text[32];

    gmtime_r(&seconds, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    buf_format(line, "%s.%03uZ", text, (unsigned)(milliseconds % 1000));
}

static void append_log(struct buf *line, const struct entry *entry)
{
    append_time(line, entry->milliseconds);
    buf_format(line,
               " %s %s host=web%02u id=%08" PRIx32 " user=u%04u status=%u latency=%" PRIu64
               ".%03u bytes=%u msg=\"",
               entry->level, entry->component, entry->host, entry->id, entry->user, entry->status,
               entry->latency / 1000, (unsigned)(entry->latency % 1000), entry->bytes);
    for (size_t i = 0; i < entry->message.length; i++) {
        if (entry->message.data[i] == '"')
            buf_byte(line, '\\');
        buf_byte(line, entry->message.data[i]);
    }
    buf_byte(line, '"');
}

static void append_csv(struct buf *line, const struct entry *entry)
{
    append_time(line, entry->milliseconds);
    buf_format(line, ",%s,%s,web%02u,%08" PRIx32 ",u%04u,%u,%" PRIu64 ".%03u,%u,", entry->level,
               entry->component, entry->host, entry->id, entry->user, entry->status,
               entry->latency / 1000, (unsigned)(entry->latency % 1000), entry->bytes);
    csv_append(line, entry->message.data, entry->message.length);
}

static const struct format {
    const char *name;
    const char *header; /* NULL: none */
    void (*append)(struct buf *line, const struct entry *entry);
} formats[] = {
    {"log", NULL, append_log},
    {"csv", "time,level,component,host,id,user,status,latency,bytes,msg", append_csv},
};

/* Puts out what is there, and waits until the next lines are due. */
static int keep_rate(struct output *out, uint64_t lines, struct err *err)
{
    uint64_t batch = settings.rate < STEPS ? 1 : settings.rate / STEPS;
    struct timespec pause;

    if (!settings.rate || lines % batch)
        return 0;
    pause.tv_sec = (time_t)(batch / settings.rate);
    pause.tv_nsec = (long)(batch * NANOSECONDS / settings.rate % NANOSECONDS);
    if (output_flush(out, err))
        return -1;
    nanosleep(&pause, NULL);
    return 0;
}

static int write_entries(const struct format *format, struct output *out, struct err *err)
{
    struct random random = {settings.seed};
    struct entry entry = {0};
    struct buf line = {0};
    int result = 0;

    if (format->header)
        result = output_line(out, format->header, strlen(format->header), err);
    for (uint64_t i = 0; i < settings.lines && !result; i++) {
        entry_fill(&entry, &random);
        if (i + 1 == settings.lines) {
            entry.level = "INFO";
            fill_message(&entry.message, "shutdown complete", &random);
        }
        line.length = 0;
        format->append(&line, &entry);
        result = output_line(out, line.data, line.length, err);
        if (!result)
            result = keep_rate(out, i + 1, err);
    }
    buf_release(&entry.message);
    buf_release(&line);
    return result;
}

static int run(int count, char **operands, struct err *err)
{
    const struct format *format = NULL;
    struct output out;

    if (count > 0)
        return err_set(err, "'%s' is one argument too many", operands[0]);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (!strcmp(formats[i].name, settings.format))
            format = &formats[i];
    if (!format)
        return err_set(err, "unknown format '%s': log and csv are known", settings.format);
    if (settings.append && !settings.output)
        return err_set(err, "'--append' needs '--output FILE'");
    if (settings.append ? output_open_append(&out, settings.output, err)
                        : output_open(&out, settings.output, err))
        return -1;
    if (write_entries(format, &out, err)) {
        output_abandon(&out);
        return -1;
    }
    return output_close(&out, err);
}

static const struct program program = {
    .name = "loggen",
    .synopsis = "[OPTION]...",
    .about = "Makes log lines, or CSV with the same fields, for tests and measurements. The last\n"
             "line says 'shutdown complete'. The same options give the same bytes everywhere.\n",
    .opts = opts,
    .opt_count = sizeof opts / sizeof opts[0],
    .run = run,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
