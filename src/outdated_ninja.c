#include "outdated_parts.h"

#include "buf.h"

#include <stdlib.h>
#include <string.h>

#define OUTDATED_SLICE 1000 /* names on a command line, whose length is limited */

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

/* What ninja lists of outputs, `-t deps` or `-t query`: a line with the output's name, then those
   of its inputs, of which those with "||" are merely made before it. */
static void outdated_listed(struct outdated *o, const char *line)
{
    if (str_starts(line, "    ")) {
        const char *input = line + strlen("    ");
        if (o->listed && !str_starts(input, "|| "))
            outdated_made_from(o, o->listed, str_starts(input, "| ") ? input + 2 : input);
        return;
    }
    bool header = *line && !str_starts(line, "  ");
    if (!header && str_starts(line, "  input:"))
        return;
    free(o->listed);
    o->listed =
        header ? outdated_between(line, "", strstr(line, ": #deps ") ? ": #deps " : ":") : NULL;
    if (o->listed && !outdated_there(o, o->listed)) {
        free(o->listed);
        o->listed = NULL;
    }
}

static int outdated_list(struct outdated *o, const struct vec *tool, const char *list,
                         const struct vec *outputs, struct err *err)
{
    const char *const start[] = {"-n", "-t", list, NULL}; /* -n: or it would shorten its logs */
    int rc = 0;
    for (size_t at = 0; at < outputs->n && rc == 0 && !o->why; at += OUTDATED_SLICE) {
        struct vec argv = VEC_INIT, lines = VEC_INIT;
        vec_all(&argv, tool);
        vec_words(&argv, start);
        for (size_t i = at; i < outputs->n && i < at + OUTDATED_SLICE; i++)
            vec_add(&argv, outputs->v[i]);
        rc = outdated_ask(o, &argv, outdated_listed, &lines, err);
        vec_release(&argv);
        vec_release(&lines);
    }
    free(o->listed);
    o->listed = NULL;
    return rc;
}

/* A step of ours for which ninja names no more than another step: behind it is a file that is lost,
   or a step that is run at every build and need not change anything. What ours was made from tells.
 */
static int outdated_behind(struct outdated *o, const struct vec *tool, const struct vec *lines,
                           struct err *err)
{
    struct map dirty = MAP_INIT;
    for (size_t i = 0; i < lines->n && !o->why; i++) {
        char *name = outdated_between(lines->v[i], "ninja explain: ", " is dirty");
        if (name && outdated_ours(o, name))
            map_set(&dirty, name, "");
        free(name);
    }
    int rc = outdated_list(o, tool, "deps", &dirty.keys, err);
    if (rc == 0)
        rc = outdated_list(o, tool, "query", &dirty.keys, err);
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
    return rc;
}
