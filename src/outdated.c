#include "outdated.h"

#include "fs.h"
#include "proc.h"

#include <stdlib.h>
#include <string.h>

/* As people know it: from the source directory, or from the build directory. */
static char *outdated_name(const struct outdated *o, const char *file)
{
    char *joined = path_join(o->dir, file), *path = path_abs(joined);
    const char *built = path_below(path, o->dir), *source = path_below(path, o->source);
    char *name = str_dup(built ? built : source ? source : path);
    free(joined);
    free(path);
    return name;
}

static void outdated_input(struct outdated *o, const char *input, const char *output)
{
    char *name = outdated_name(o, input);
    if (!o->why)
        o->why = str_fmt("%s is newer than %s", name, path_base(output));
    free(name);
}

/* Of files that no build makes, or that every build makes, a build tool tells the same. */
static bool outdated_ours(const struct outdated *o, const char *path)
{
    for (size_t i = 0; i < o->model->objects_n; i++)
        if (strcmp(o->model->objects[i].path, path) == 0)
            return true;
    for (size_t i = 0; i < o->model->targets_n; i++)
        if (strcmp(o->model->targets[i].artifact, path) == 0)
            return true;
    return false;
}

/* A file that is not there, or that is there and `what` (NULL: that does not matter), which counts
   `always` when it counts of any file. */
static void outdated_output(struct outdated *o, const char *output, const char *what, bool always)
{
    if (o->why)
        return;
    char *joined = path_join(o->dir, output), *path = path_abs(joined);
    bool there = fs_exists(path);
    if (there ? what && (always || outdated_ours(o, path)) : outdated_ours(o, path))
        o->why = str_fmt("%s %s", path_base(path), there ? what : "is not there");
    free(joined);
    free(path);
}

bool outdated_newer(struct outdated *o, const char *input, const char *output)
{
    struct stat in, out;
    char *first = path_join(o->dir, input), *second = path_join(o->dir, output);
    bool newer =
        stat(first, &in) == 0 && stat(second, &out) == 0 &&
        (in.st_mtim.tv_sec > out.st_mtim.tv_sec ||
         (in.st_mtim.tv_sec == out.st_mtim.tv_sec && in.st_mtim.tv_nsec > out.st_mtim.tv_nsec));
    if (newer)
        outdated_input(o, input, output);
    free(first);
    free(second);
    return newer;
}

/* What stands between a text and the last place of another; NULL when they are not both there. The
   caller frees it. */
static char *outdated_between(const char *line, const char *from, const char *to)
{
    const char *start = strstr(line, from), *end = NULL;
    if (start) {
        start += strlen(from);
        for (const char *at = strstr(start, to); at; at = *at ? strstr(at + 1, to) : NULL)
            end = at;
    }
    return end ? str_ndup(start, (size_t)(end - start)) : NULL;
}

/* What ninja says of an output that it would make anew. */
static const struct {
    const char *before, *after; /* the output's name */
    const char *what;           /* of one that is there */
    bool always;
} outdated_lines[] = {
    {"output ", " doesn't exist", NULL, false},
    {"deps for '", "' are missing", "has no list of dependencies", false},
    {"depfile '", ".d' is missing", "has no list of dependencies", false},
    {"stored deps info out of date for '", "' (", "is not as the build tool left it", false},
    {"command line not found in log for ", "", "is not in the build tool's log", true},
    {"command line changed for ", "", "was made by another command", true}};

/* ninja's -d explain, whose lines have been these since 1.5. A path may have " (" in it. */
static void outdated_ninja_line(struct outdated *o, const char *line)
{
    char *output = outdated_between(line, "output ", " older than most recent input "),
         *recorded = outdated_between(line, "recorded mtime of ", " older than most recent input "),
         *input = outdated_between(line, " older than most recent input ", " (");
    if (input && (output || recorded))
        outdated_input(o, input, output ? output : recorded);
    for (size_t i = 0; i < PGO_COUNT(outdated_lines) && !input; i++) {
        char *name = outdated_between(line, outdated_lines[i].before, outdated_lines[i].after);
        if (name)
            outdated_output(o, name, outdated_lines[i].what, outdated_lines[i].always);
        free(name);
    }
    free(output);
    free(recorded);
    free(input);
}

/* make --debug=b: a prerequisite that it pretends to have made counts only when it is newer. */
static void outdated_make_line(struct outdated *o, const char *line)
{
    char *input = outdated_between(line, "Prerequisite '", "' is newer than target '");
    char *output = outdated_between(line, "' is newer than target '", "'.");
    char *missing = outdated_between(line, "File '", "' does not exist.");
    if (input && output)
        outdated_newer(o, input, output);
    else if (missing)
        outdated_output(o, missing, NULL, false);
    free(input);
    free(output);
    free(missing);
}

static int outdated_ask(struct outdated *o, const struct vec *words,
                        void (*each)(struct outdated *, const char *), struct vec *lines,
                        struct err *err)
{
    struct buf text = BUF_INIT;
    int status = 0;
    int rc = proc_capture(words, &text, &status, err);
    if (rc == 0)
        vec_split(lines, buf_str(&text), '\n');
    for (size_t i = 0; i < lines->n; i++)
        each(o, lines->v[i]);
    for (size_t i = 0; i < lines->n && rc == 0 && !proc_ok(status); i++) {
        const char *error = strstr(lines->v[i], "error: "), *stars = strstr(lines->v[i], "*** ");
        if ((error || stars) && !o->why)
            o->why = str_dup(error ? error + strlen("error: ") : stars + strlen("*** "));
    }
    if (rc == 0 && !proc_ok(status) && !o->why)
        o->why = str_dup("the build tool cannot say what is to be done");
    buf_release(&text);
    return rc;
}

int outdated_ninja(struct outdated *o, const struct vec *words, struct err *err)
{
    struct vec argv = VEC_INIT, lines = VEC_INIT;
    const char *const plain[] = {"env", "NINJA_STATUS=[%f/%t] ", NULL};
    const char *const dry[] = {"-n", "-d", "explain", NULL};
    vec_words(&argv, plain);
    vec_all(&argv, words);
    vec_words(&argv, dry);
    int rc = outdated_ask(o, &argv, outdated_ninja_line, &lines, err);
    for (size_t i = 0; i < lines.n && !o->steps; i++) {
        const char *slash = *lines.v[i] == '[' ? strchr(lines.v[i], '/') : NULL;
        o->steps = slash ? strtol(slash + 1, NULL, 10) : 0;
    }
    o->steps = o->why ? o->steps : 0;
    vec_release(&argv);
    vec_release(&lines);
    return rc;
}

int outdated_make(struct outdated *o, const struct vec *words, struct err *err)
{
    struct vec argv = VEC_INIT, lines = VEC_INIT;
    struct map seen = MAP_INIT; /* what a step tells; of several goals it is told several times */
    const char *const dry[] = {"-n", "--debug=b", NULL};
    vec_all(&argv, words);
    vec_words(&argv, dry);
    int rc = outdated_ask(o, &argv, outdated_make_line, &lines, err);
    for (size_t i = 0; i < lines.n; i++)
        if (strstr(lines.v[i], "cmake_echo_color") && !strstr(lines.v[i], "\"Built target "))
            map_set(&seen, lines.v[i], "");
    o->steps = o->why ? (long)seen.keys.n : 0;
    map_release(&seen);
    vec_release(&argv);
    vec_release(&lines);
    return rc;
}
