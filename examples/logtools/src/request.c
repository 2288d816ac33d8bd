#include "request.h"

#include "buf.h"
#include "cat.h"
#include "grep.h"
#include "map.h"
#include "tail.h"

#include <string.h>

/* How often a file that is followed is looked at, in seconds. */
#define INTERVAL 0.05

/* Each gets the path of the file and the rest of the request. */
typedef int answer(const char *path, const char *rest, const struct request_terms *terms,
                   struct output *out, struct err *err);

static int answer_cat(const char *path, const char *rest, const struct request_terms *terms,
                      struct output *out, struct err *err)
{
    (void)terms;
    if (*rest)
        return err_set(err, "'%s' is too much for cat", rest);
    return cat_lines(out, path, NULL, err) == DONE ? 0 : -1;
}

static int answer_grep(const char *path, const char *rest, const struct request_terms *terms,
                       struct output *out, struct err *err)
{
    struct grep grep = {.matcher = matcher_new(rest, false, err), .out = out};
    enum outcome outcome;

    (void)terms;
    if (!grep.matcher)
        return -1;
    outcome = grep_file(&grep, path, err);
    grep_release(&grep);
    matcher_free(grep.matcher);
    return outcome == DONE ? 0 : -1;
}

static int answer_map(const char *path, const char *rest, const struct request_terms *terms,
                      struct output *out, struct err *err)
{
    struct query query;
    int result;

    (void)terms;
    if (query_init(&query, rest, err))
        return -1;
    result = map_files(&query, RECORDS_AUTO, &path, 1, 1, out, err);
    query_release(&query);
    return result;
}

static int answer_tail(const char *path, const char *rest, const struct request_terms *terms,
                       struct output *out, struct err *err)
{
    struct tail tail = {.path = path,
                        .out = out,
                        .from_start = true,
                        .until = matcher_new(rest, false, err),
                        .timeout = terms->timeout,
                        .interval = INTERVAL,
                        .stop = terms->stop};
    int ended;

    if (!tail.until)
        return -1;
    ended = tail_run(&tail, err);
    matcher_free(tail.until);
    if (ended == 0)
        return err_set(err, "no line matched before the end");
    return ended < 0 ? -1 : 0;
}

static const struct {
    const char *name;
    answer *answer;
} answers[] = {
    {"cat", answer_cat}, {"grep", answer_grep}, {"map", answer_map}, {"tail", answer_tail}};

/* Cuts the next word off LINE. */
static char *next_word(char **line)
{
    char *word = *line;
    char *end = word + strcspn(word, " ");

    *line = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

int request_answer(char *line, const struct request_terms *terms, struct output *out,
                   struct err *err)
{
    const char *what = next_word(&line);
    const char *name = next_word(&line);
    struct buf path = {0};
    size_t i = 0;
    int result;

    while (i < sizeof answers / sizeof answers[0] && strcmp(answers[i].name, what) != 0)
        i++;
    if (i == sizeof answers / sizeof answers[0])
        return err_set(err, "'%s' cannot be asked for: cat, grep, map and tail can", what);
    if (!*name || *name == '.' || strchr(name, '/'))
        return err_set(err, "'%s' is no name of a file of the directory", name);
    buf_format(&path, "%s/%s", terms->root, name);
    buf_byte(&path, '\0');
    result = answers[i].answer(path.data, line, terms, out, err);
    buf_release(&path);
    return result;
}
