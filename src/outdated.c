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

static void outdated_start(struct outdated *o)
{
    for (size_t i = 0; i < o->model->objects_n; i++)
        map_set(&o->ours, o->model->objects[i].path, "");
    for (size_t i = 0; i < o->model->targets_n; i++)
        map_set(&o->ours, o->model->targets[i].artifact, "");
}

/* Of files that no build makes, or that every build makes, a build tool tells the same. */
static bool outdated_ours(const struct outdated *o, const char *file)
{
    char *joined = path_join(o->dir, file), *path = path_abs(joined);
    bool ours = map_get(&o->ours, path) != NULL;
    free(joined);
    free(path);
    return ours;
}

static bool outdated_there(const struct outdated *o, const char *file)
{
    char *path = path_join(o->dir, file);
    bool there = fs_exists(path);
    free(path);
    return there;
}

static void outdated_missing(struct outdated *o, const char *file)
{
    char *name = outdated_name(o, file);
    if (!o->why)
        o->why = str_fmt("%s is not there", name);
    free(name);
}

static void outdated_input(struct outdated *o, const char *input, const char *output)
{
    char *name = outdated_name(o, input);
    if (!o->why)
        o->why = str_fmt("%s is newer than %s", name, path_base(output));
    free(name);
}

/* A file that is not there, or that is there and `what` (NULL: that does not matter), which counts
   `always` when it counts of any file. */
static void outdated_output(struct outdated *o, const char *output, const char *what, bool always)
{
    if (o->why)
        return;
    bool there = outdated_there(o, output);
    if (!there && outdated_ours(o, output))
        outdated_missing(o, output);
    else if (there && what && (always || outdated_ours(o, output)))
        o->why = str_fmt("%s %s", path_base(output), what);
}

void outdated_newer(struct outdated *o, const char *input, const char *output)
{
    struct stat in, out;
    char *first = path_join(o->dir, input), *second = path_join(o->dir, output);
    if (stat(first, &in) == 0 && stat(second, &out) == 0 &&
        (in.st_mtim.tv_sec > out.st_mtim.tv_sec ||
         (in.st_mtim.tv_sec == out.st_mtim.tv_sec && in.st_mtim.tv_nsec > out.st_mtim.tv_nsec)))
        outdated_input(o, input, output);
    free(first);
    free(second);
}

/* A file that an object or a program of ours, which is there, was made from. */
static void outdated_made_from(struct outdated *o, const char *output, const char *input)
{
    if (!outdated_there(o, input))
        outdated_missing(o, input);
    else
        outdated_newer(o, input, output);
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

/* make --debug=b: a prerequisite that it pretends to have made counts only when it is newer, or is
   not there. */
static void outdated_make_line(struct outdated *o, const char *line)
{
    char *input = outdated_between(line, "Prerequisite '", "' is newer than target '"),
         *lost = outdated_between(line, "Prerequisite '", "' of target '");
    char *output = input ? outdated_between(line, "' is newer than target '", "'.")
                         : outdated_between(line, "' of target '", "' does not exist.");
    char *missing = outdated_between(line, "File '", "' does not exist.");
    bool ours = output && outdated_ours(o, output);
    if (ours && (input || lost))
        outdated_made_from(o, output, input ? input : lost);
    else if (input && output)
        outdated_newer(o, input, output);
    else if (missing)
        outdated_output(o, missing, NULL, false);
    free(input);
    free(lost);
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

/* What ninja lists of outputs, `-t deps` or `-t query`: a line with the output's name, then those
   of its inputs, of which those with "||" are merely made before it. */
static void outdated_listed(struct outdated *o, const struct map *outputs, const char *line,
                            char **output)
{
    if (str_starts(line, "    ")) {
        const char *input = line + strlen("    ");
        if (*output && !str_starts(input, "|| "))
            outdated_made_from(o, *output, str_starts(input, "| ") ? input + 2 : input);
        return;
    }
    bool header = *line && !str_starts(line, "  ");
    if (!header && str_starts(line, "  input:"))
        return;
    free(*output);
    *output =
        header ? outdated_between(line, "", strstr(line, ": #deps ") ? ": #deps " : ":") : NULL;
    if (*output && (!map_get(outputs, *output) || !outdated_there(o, *output))) {
        free(*output);
        *output = NULL;
    }
}

static int outdated_list(struct outdated *o, const struct vec *tool, const char *list,
                         const struct map *outputs, struct err *err)
{
    struct vec argv = VEC_INIT, lines = VEC_INIT;
    struct buf text = BUF_INIT;
    const char *const start[] = {"-n", "-t", list, NULL}; /* -n: or it would shorten its logs */
    char *output = NULL;
    int status = 0;
    vec_all(&argv, tool);
    vec_words(&argv, start);
    if (strcmp(list, "query") == 0)
        vec_all(&argv, &outputs->keys);
    int rc = proc_capture(&argv, &text, &status, err);
    if (rc == 0)
        vec_split(&lines, buf_str(&text), '\n');
    for (size_t i = 0; i < lines.n && !o->why; i++)
        outdated_listed(o, outputs, lines.v[i], &output);
    free(output);
    vec_release(&argv);
    vec_release(&lines);
    buf_release(&text);
    return rc;
}

/* A step of ours for which ninja names no more than another step: behind it is a file that is lost,
   or a step that is run at every build and need not change anything. What ours was made from tells.
 */
static int outdated_behind(struct outdated *o, const struct vec *tool, const struct vec *lines,
                           struct err *err)
{
    struct map dirty = MAP_INIT;
    int rc = 0;
    for (size_t i = 0; i < lines->n && !o->why; i++) {
        char *name = outdated_between(lines->v[i], "ninja explain: ", " is dirty");
        if (name && outdated_ours(o, name))
            map_set(&dirty, name, "");
        free(name);
    }
    if (dirty.keys.n)
        rc = outdated_list(o, tool, "deps", &dirty, err);
    if (dirty.keys.n && rc == 0 && !o->why)
        rc = outdated_list(o, tool, "query", &dirty, err);
    map_release(&dirty);
    return rc;
}

int outdated_ninja(struct outdated *o, const struct vec *tool, const struct vec *goals,
                   struct err *err)
{
    struct vec argv = VEC_INIT, lines = VEC_INIT;
    const char *const plain[] = {"env", "NINJA_STATUS=[%f/%t] ", NULL};
    const char *const dry[] = {"-n", "-d", "explain", NULL};
    outdated_start(o);
    vec_words(&argv, plain);
    vec_all(&argv, tool);
    vec_words(&argv, dry);
    vec_all(&argv, goals);
    int rc = outdated_ask(o, &argv, outdated_ninja_line, &lines, err);
    if (rc == 0)
        rc = outdated_behind(o, tool, &lines, err);
    for (size_t i = 0; i < lines.n && !o->steps; i++) {
        const char *slash = *lines.v[i] == '[' ? strchr(lines.v[i], '/') : NULL;
        o->steps = slash ? strtol(slash + 1, NULL, 10) : 0;
    }
    o->steps = o->why ? o->steps : 0;
    vec_release(&argv);
    vec_release(&lines);
    map_release(&o->ours);
    return rc;
}

/* The words of a list of dependencies, as a compiler writes it for Make. */
static void outdated_depfile_words(const char *text, struct vec *out)
{
    struct buf word = BUF_INIT;
    for (const char *c = text;; c++) {
        bool kept = (*c == '\\' && c[1] && strchr(" #:\\", c[1])) || (*c == '$' && c[1] == '$');
        bool ends = !*c || strchr(" \t\n", *c) || (*c == '\\' && c[1] == '\n');
        if (!ends)
            buf_addc(&word, kept ? *++c : *c);
        else if (word.len)
            vec_take(out, buf_detach(&word));
        if (!*c)
            break;
    }
    buf_release(&word);
}

/* What a compiler noted goes into CMake's Makefiles at the start of the next build. */
static void outdated_depfile(struct outdated *o, const char *object)
{
    struct buf b = BUF_INIT;
    struct err ignored = ERR_INIT;
    struct vec words = VEC_INIT;
    char *path = str_fmt("%s.d", object);
    if (fs_exists(path) && fs_read(path, &b, &ignored) == 0)
        outdated_depfile_words(buf_str(&b), &words);
    for (size_t i = 1; i < words.n && !o->why; i++) /* the first is the object */
        outdated_made_from(o, object, words.v[i]);
    free(path);
    buf_release(&b);
    vec_release(&words);
    err_release(&ignored);
}

int outdated_make(struct outdated *o, const struct vec *tool, const struct vec *goals,
                  struct err *err)
{
    struct vec argv = VEC_INIT, lines = VEC_INIT;
    struct map seen = MAP_INIT; /* what a step tells; of several goals it is told several times */
    const char *const dry[] = {"-n", "--debug=b", NULL};
    outdated_start(o);
    vec_all(&argv, tool);
    vec_words(&argv, dry);
    vec_all(&argv, goals);
    int rc = outdated_ask(o, &argv, outdated_make_line, &lines, err);
    for (size_t i = 0; i < o->model->objects_n && rc == 0 && !o->why; i++)
        outdated_depfile(o, o->model->objects[i].path);
    for (size_t i = 0; i < lines.n; i++)
        if (strstr(lines.v[i], "cmake_echo_color") && !strstr(lines.v[i], "\"Built target "))
            map_set(&seen, lines.v[i], "");
    o->steps = o->why ? (long)seen.keys.n : 0;
    map_release(&seen);
    map_release(&o->ours);
    vec_release(&argv);
    vec_release(&lines);
    return rc;
}
