#include "outdated_parts.h"

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

void outdated_start(struct outdated *o)
{
    for (size_t i = 0; i < o->model->objects_n; i++)
        map_set(&o->ours, o->model->objects[i].path, "");
    for (size_t i = 0; i < o->model->targets_n; i++)
        map_set(&o->ours, o->model->targets[i].artifact, "");
}

bool outdated_ours(const struct outdated *o, const char *file)
{
    char *joined = path_join(o->dir, file), *path = path_abs(joined);
    bool ours = map_get(&o->ours, path) != NULL;
    free(joined);
    free(path);
    return ours;
}

void outdated_release(struct outdated *o)
{
    map_release(&o->ours);
    map_release(&o->times);
    free(o->why);
    o->why = NULL;
}

/* When a file was last written; false when it is not there. Objects have headers in common. */
static bool outdated_time(struct outdated *o, const char *file, struct timespec *out)
{
    char *path = path_join(o->dir, file), *end;
    struct stat st;
    if (!map_get(&o->times, path) && stat(path, &st) == 0)
        map_setf(&o->times, path, "%lld %ld", (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
    else if (!map_get(&o->times, path))
        map_set(&o->times, path, "");
    const char *known = map_get(&o->times, path);
    out->tv_sec = (time_t)strtoll(known, &end, 10);
    out->tv_nsec = strtol(end, NULL, 10);
    free(path);
    return *known != '\0';
}

bool outdated_there(struct outdated *o, const char *file)
{
    struct timespec ignored;
    return outdated_time(o, file, &ignored);
}

static void outdated_missing(struct outdated *o, const char *file)
{
    char *name = outdated_name(o, file);
    if (!o->why)
        o->why = str_fmt("%s is not there", name);
    free(name);
}

void outdated_input(struct outdated *o, const char *input, const char *output)
{
    char *name = outdated_name(o, input);
    if (!o->why)
        o->why = str_fmt("%s is newer than %s", name, path_base(output));
    free(name);
}

void outdated_output(struct outdated *o, const char *output, const char *what, bool always)
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
    struct timespec in, out;
    if (outdated_time(o, input, &in) && outdated_time(o, output, &out) &&
        (in.tv_sec > out.tv_sec || (in.tv_sec == out.tv_sec && in.tv_nsec > out.tv_nsec)))
        outdated_input(o, input, output);
}

void outdated_made_from(struct outdated *o, const char *output, const char *input)
{
    if (!outdated_there(o, input))
        outdated_missing(o, input);
    else
        outdated_newer(o, input, output);
}

char *outdated_between(const char *line, const char *from, const char *to)
{
    const char *start = strstr(line, from), *end = NULL;
    if (start) {
        start += strlen(from);
        for (const char *at = strstr(start, to); at; at = *at ? strstr(at + 1, to) : NULL)
            end = at;
    }
    return end ? str_ndup(start, (size_t)(end - start)) : NULL;
}

int outdated_ask(struct outdated *o, const struct vec *words, outdated_line *each,
                 struct vec *lines, struct err *err)
{
    struct buf text = BUF_INIT;
    int status = 0;
    int rc = proc_capture(words, &text, &status, err);
    if (rc == 0)
        vec_split(lines, buf_str(&text), '\n');
    for (size_t i = 0; i < lines->n && !o->why; i++)
        each(o, lines->v[i]);
    for (size_t i = 0; i < lines->n && rc == 0 && !proc_ok(status) && !o->why; i++) {
        const char *error = strstr(lines->v[i], "error: "), *stars = strstr(lines->v[i], "*** ");
        if (error || stars)
            o->why = str_dup(error ? error + strlen("error: ") : stars + strlen("*** "));
    }
    if (rc == 0 && !proc_ok(status) && !o->why)
        o->why = str_dup("the build tool cannot say what is to be done");
    buf_release(&text);
    return rc;
}
