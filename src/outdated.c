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

/* A file that is not there: of others than these it may be that no build makes them. */
static void outdated_missing(struct outdated *o, const char *output)
{
    char *joined = path_join(o->dir, output), *path = path_abs(joined);
    bool ours = false;
    for (size_t i = 0; i < o->model->objects_n; i++)
        ours |= strcmp(o->model->objects[i].path, path) == 0;
    for (size_t i = 0; i < o->model->targets_n; i++)
        ours |= strcmp(o->model->targets[i].artifact, path) == 0;
    if (ours && !o->why && !fs_exists(path))
        o->why = str_fmt("%s is not there", path_base(path));
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

/* What stands between two texts; NULL when they are not both there. The caller frees it. */
static char *outdated_between(const char *line, const char *from, const char *to)
{
    const char *start = strstr(line, from), *end = NULL;
    if (start) {
        start += strlen(from);
        end = strstr(start, to);
    }
    return end ? str_ndup(start, (size_t)(end - start)) : NULL;
}

/* ninja's -d explain, whose lines have been these since 1.5. */
static void outdated_ninja_line(struct outdated *o, const char *line)
{
    char *output = outdated_between(line, "output ", " older than most recent input "),
         *recorded = outdated_between(line, "recorded mtime of ", " older than most recent input "),
         *input = outdated_between(line, " older than most recent input ", " ("),
         *missing = outdated_between(line, "output ", " doesn't exist"),
         *deps = outdated_between(line, "deps for '", "' are missing");
    const char *command = strstr(line, "command line changed for ");
    if (input && (output || recorded))
        outdated_input(o, input, output ? output : recorded);
    else if (missing || deps)
        outdated_missing(o, missing ? missing : deps);
    else if (command && !o->why)
        o->why = str_fmt("the command for %s changed",
                         path_base(command + strlen("command line changed for ")));
    free(output);
    free(recorded);
    free(input);
    free(missing);
    free(deps);
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
        outdated_missing(o, missing);
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
