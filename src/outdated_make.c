#include "fs.h"
#include "outdated_parts.h"

#include <stdlib.h>
#include <string.h>

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

/* The words of the first rule in a list of dependencies, as a compiler writes it for Make. With -MP
   empty rules follow. */
static void outdated_noted_words(const char *text, struct vec *out)
{
    struct buf word = BUF_INIT;
    for (const char *c = text;; c++) {
        bool kept = (*c == '\\' && c[1] && strchr(" #:\\", c[1])) || (*c == '$' && c[1] == '$');
        bool goes_on = *c == '\\' && c[1] == '\n';
        bool ends = goes_on || !*c || strchr(" \t\n", *c);
        if (!ends)
            buf_addc(&word, kept ? *++c : *c);
        else if (word.len)
            vec_take(out, buf_detach(&word));
        if (!*c || (*c == '\n' && out->n))
            break;
        c += goes_on;
    }
    buf_release(&word);
}

/* What a compiler noted goes into CMake's Makefiles at the start of the next build. `from`: where
   it was started. */
static void outdated_noted(struct outdated *o, const char *object, const char *from)
{
    struct buf b = BUF_INIT;
    struct err ignored = ERR_INIT;
    struct vec words = VEC_INIT;
    char *path = str_fmt("%s.d", object);
    if (fs_exists(path) && fs_read(path, &b, &ignored) == 0)
        outdated_noted_words(buf_str(&b), &words);
    for (size_t i = 1; i < words.n && !o->why; i++) { /* the first is the object */
        char *input = path_join(from, words.v[i]);
        outdated_made_from(o, object, input);
        free(input);
    }
    free(path);
    buf_release(&b);
    vec_release(&words);
    err_release(&ignored);
}

/* The directories of targets that a build looks at: it may not be asked for all of the model. */
static void outdated_make_homes(const struct vec *lines, struct map *homes)
{
    static const char file[] = "/build.make";
    for (size_t i = 0; i < lines->n; i++) {
        struct vec words = VEC_INIT;
        if (strstr(lines->v[i], file))
            vec_shell(&words, lines->v[i]);
        for (size_t k = 0; k < words.n; k++) {
            if (!str_ends(words.v[k], file))
                continue;
            words.v[k][strlen(words.v[k]) - strlen(file)] = '\0';
            map_set(homes, words.v[k], "");
        }
        vec_release(&words);
    }
}

/* CMake compiles in the directory above that of the target. */
static void outdated_make_object(struct outdated *o, const struct object *object,
                                 const struct map *homes)
{
    const char *below = path_below(object->path, o->dir), *path = below ? below : object->path;
    char *mark = str_fmt("CMakeFiles/%s.dir/", object->target);
    const char *hit = strstr(path, mark);
    char *from = str_ndup(path, hit ? (size_t)(hit - path) : 0),
         *home = str_fmt("%sCMakeFiles/%s.dir", from, object->target);
    if (hit && map_get(homes, home))
        outdated_noted(o, object->path, from);
    free(mark);
    free(from);
    free(home);
}

int outdated_make(struct outdated *o, const struct vec *tool, const struct vec *goals,
                  struct err *err)
{
    struct vec argv = VEC_INIT, lines = VEC_INIT;
    struct map homes = MAP_INIT;
    struct map seen = MAP_INIT; /* what a step tells; of several goals it is told several times */
    const char *const dry[] = {"-n", "--debug=b", NULL};
    outdated_start(o);
    vec_all(&argv, tool);
    vec_words(&argv, dry);
    vec_all(&argv, goals);
    int rc = outdated_ask(o, &argv, outdated_make_line, &lines, err);
    outdated_make_homes(&lines, &homes);
    for (size_t i = 0; i < o->model->objects_n && rc == 0 && !o->why; i++)
        outdated_make_object(o, &o->model->objects[i], &homes);
    for (size_t i = 0; i < lines.n; i++)
        if (strstr(lines.v[i], "cmake_echo_color") && !strstr(lines.v[i], "\"Built target "))
            map_set(&seen, lines.v[i], "");
    o->steps = o->why ? (long)seen.keys.n : 0;
    map_release(&seen);
    map_release(&homes);
    vec_release(&argv);
    vec_release(&lines);
    return rc;
}
