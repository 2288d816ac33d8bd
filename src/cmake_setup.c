/* How a CMake tree is configured, from its cache and the build files that CMake wrote. */
#include "fs.h"
#include "tree_cmake.h"

#include <stdlib.h>
#include <string.h>

static const char cmake_objects[] = ".dir/"; /* in <somewhere>/CMakeFiles/<target>.dir/<object> */

/* <target>, or NULL when the path is of nothing that is compiled; the caller frees it. */
static char *cmake_target_in(const char *path, size_t len)
{
    char *text = str_ndup(path, len), *end = strstr(text, cmake_objects), *name = NULL;
    if (end) {
        *end = '\0';
        name = str_dup(path_base(text));
    }
    free(text);
    return name;
}

static void cmake_command(struct tree_setup *out, const char *target, const char *flags, size_t len)
{
    struct vec words = VEC_INIT;
    char *text = str_ndup(flags, len);
    vec_shell(&words, text);
    char *lines = words.n ? vec_join(&words, "\n") : str_dup("");
    if (!map_get(&out->commands, lines))
        map_set(&out->commands, lines, target);
    free(lines);
    free(text);
    vec_release(&words);
}

/* "build <object>: …", and below it "  FLAGS = …". */
static void cmake_ninja_commands(const char *path, struct tree_setup *out)
{
    static const char build[] = "build ", flags[] = "  FLAGS = ";
    struct buf b = BUF_INIT;
    struct err ignored = ERR_INIT;
    char *target = NULL;
    fs_read(path, &b, &ignored);
    for (const char *line = buf_str(&b); *line;) {
        size_t len = strcspn(line, "\n");
        if (str_starts(line, build)) {
            free(target);
            target = cmake_target_in(line, strcspn(line, ":\n"));
        } else if (target && str_starts(line, flags)) {
            cmake_command(out, target, line + strlen(flags), len - strlen(flags));
        }
        line += len + (line[len] == '\n');
    }
    free(target);
    buf_release(&b);
    err_release(&ignored);
}

struct cmake_setup_walk {
    const struct tree *tree;
    struct tree_setup *out;
};

/* <target>.dir/flags.make has a line "<language>_FLAGS = …" for each language. */
static bool cmake_make_commands(const char *path, const struct stat *st, void *arg)
{
    static const char flags[] = "_FLAGS = ";
    const struct cmake_setup_walk *w = arg;
    struct buf b = BUF_INIT;
    struct err ignored = ERR_INIT;
    struct vec lines = VEC_INIT;
    bool wanted = S_ISREG(st->st_mode) && strcmp(path_base(path), "flags.make") == 0;
    char *target = wanted ? cmake_target_in(path, strlen(path)) : NULL;
    if (target && fs_read(path, &b, &ignored) == 0)
        vec_split(&lines, buf_str(&b), '\n');
    for (size_t i = 0; i < lines.n; i++) {
        const char *hit = strstr(lines.v[i], flags);
        if (hit)
            cmake_command(w->out, target, hit + strlen(flags), strlen(hit + strlen(flags)));
    }
    free(target);
    vec_release(&lines);
    buf_release(&b);
    err_release(&ignored);
    return strcmp(path, w->tree->home) != 0;
}

static void cmake_commands(const struct tree *t, struct tree_setup *out)
{
    struct cmake_setup_walk w = {t, out};
    struct err ignored = ERR_INIT;
    char *file = t->config ? str_fmt("%s/CMakeFiles/impl-%s.ninja", t->dir, t->config)
                           : path_join(t->dir, "build.ninja");
    if (cmake_ninja(t))
        cmake_ninja_commands(file, out);
    else
        fs_walk(t->dir, cmake_make_commands, &w, &ignored);
    free(file);
    err_release(&ignored);
}

/* Adds the options of a variable, and of its form for the build type, to `words`. */
static void cmake_variables(const struct tree *t, const char *name, struct vec *words,
                            struct tree_setup *out)
{
    const struct cmake_tree *c = t->state;
    char *typed = str_fmt("%s_%s", name, out->type);
    for (char *p = typed; *p; p++)
        *p = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
    const char *const names[] = {name, typed};
    for (size_t i = 0; i < PGO_COUNT(names); i++) {
        struct vec own = VEC_INIT;
        vec_shell(&own, cache_get(&c->cache, names[i]));
        if (own.n) {
            char *lines = vec_join(&own, "\n");
            map_set(&out->settings, names[i], lines);
            free(lines);
        }
        vec_all(words, &own);
        vec_release(&own);
    }
    free(typed);
}

static void cmake_start(const struct tree *t, const char *language, const struct compiler *c,
                        size_t at, struct tree_setup *out)
{
    const struct cmake_tree *state = t->state;
    char *launcher = str_fmt("CMAKE_%s_COMPILER_LAUNCHER", language);
    char *flags = str_fmt("CMAKE_%s_FLAGS", language);
    if (*cache_get(&state->cache, launcher))
        vec_split(&out->start[at], cache_get(&state->cache, launcher), ';');
    vec_add(&out->start[at], c->path);
    cmake_variables(t, flags, &out->flags[at], out);
    free(launcher);
    free(flags);
}

void cmake_tree_setup(const struct tree *t, struct tree_setup *out)
{
    const struct cmake_tree *c = t->state;
    char *file = path_join(c->files, "CMakeCCompiler.cmake");
    out->system = str_fmt("CMake %s.%s.%s", cache_get(&c->cache, "CMAKE_CACHE_MAJOR_VERSION"),
                          cache_get(&c->cache, "CMAKE_CACHE_MINOR_VERSION"),
                          cache_get(&c->cache, "CMAKE_CACHE_PATCH_VERSION"));
    out->generator = str_dup(cache_get(&c->cache, "CMAKE_GENERATOR"));
    out->configure = str_dup(c->command);
    out->build = str_dup(cache_get(&c->cache, "CMAKE_MAKE_PROGRAM"));
    out->tests = cmake_ctest(t);
    out->type = str_dup(t->config ? t->config : cache_get(&c->cache, "CMAKE_BUILD_TYPE"));
    cmake_start(t, fs_is_file(file) ? "C" : "CXX", &t->compiler, 0, out);
    if (t->other.path)
        cmake_start(t, "CXX", &t->other, 1, out);
    cmake_variables(t, "CMAKE_EXE_LINKER_FLAGS", &out->link, out);
    cmake_commands(t, out);
    free(file);
}
