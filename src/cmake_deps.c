/* Dependencies that the user's configure has fetched or installed: the stages use them where they
   are, and neither fetch nor install anything. CMake code that came into the user tree is copied.
 */
#include "fs.h"
#include "tree_cmake.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define CMAKE_FETCHED "FETCHCONTENT_SOURCE_DIR_" /* an entry for each name that was populated */

static char *cmake_fetch_base(const struct tree *t)
{
    const struct cmake_tree *c = t->state;
    const char *base = cache_get(&c->cache, "FETCHCONTENT_BASE_DIR");
    return path_join(t->dir, *base ? base : "_deps");
}

/* What follows `key` in a file, up to the end of the line or a quote; NULL when it is not there.
   The caller frees it. */
static char *cmake_noted(const char *path, const char *key)
{
    struct buf text = BUF_INIT;
    struct err ignored = ERR_INIT;
    char *value = NULL;
    const char *hit;
    if (fs_is_file(path) && fs_read(path, &text, &ignored) == 0 &&
        (hit = strstr(buf_str(&text), key))) {
        hit += strlen(key);
        hit += strspn(hit, " \"");
        value = str_ndup(hit, strcspn(hit, "\"\n"));
    }
    buf_release(&text);
    err_release(&ignored);
    return value;
}

/* Where FetchContent has put sources: <name>-src, or the directory that the notes name which it
   makes for itself. NULL when none is there. The caller frees it. */
static char *cmake_fetched(const struct tree *t, const char *base, const char *name)
{
    char *notes = str_fmt("%s/CMakeFiles/fc-stamp/%s/%s", t->dir, name, name);
    char *found = str_fmt("%s/%s-src", base, name);
    const struct {
        char *path;
        const char *key;
    } noted[] = {{str_fmt("%s/%s-subbuild/CMakeLists.txt", base, name), " SOURCE_DIR "},
                 {str_fmt("%s-urlinfo.txt", notes), "\nsource_dir="},
                 {str_fmt("%s-gitinfo.txt", notes), "\nsource_dir="}};
    for (size_t i = 0; i < PGO_COUNT(noted); i++) {
        if (!found || !fs_is_dir(found)) {
            free(found);
            found = cmake_noted(noted[i].path, noted[i].key);
        }
        free(noted[i].path);
    }
    if (found && !fs_is_dir(found)) {
        free(found);
        found = NULL;
    }
    free(notes);
    return found;
}

/* Names that the user or the project has given a place already keep it by their cache entry. */
static void cmake_deps_fetched(const struct tree *t, const struct stage *s, struct vec *words)
{
    const struct cmake_tree *c = t->state;
    char *base = cmake_fetch_base(t);
    bool any = false;
    for (size_t i = 0; i < c->cache.values.keys.n; i++) {
        const char *key = c->cache.values.keys.v[i];
        if (!str_starts(key, CMAKE_FETCHED))
            continue;
        any = true;
        if (*c->cache.values.values.v[i])
            continue;
        char *name = str_dup(key + strlen(CMAKE_FETCHED));
        for (char *at = name; *at; at++)
            *at = (char)tolower((unsigned char)*at);
        char *found = cmake_fetched(t, base, name);
        /* Where nothing is, CMake refuses the entry if the project still asks for that name. */
        if (found)
            vec_addf(words, "-D%s:PATH=%s", key, found);
        else
            vec_addf(words, "-D%s:PATH=%s/%s-src", key, base, name);
        free(name);
        free(found);
    }
    if (any) {
        vec_addf(words, "-DFETCHCONTENT_BASE_DIR:PATH=%s/_deps", s->dir);
        vec_add(words, "-DFETCHCONTENT_FULLY_DISCONNECTED:BOOL=ON");
    }
    free(base);
}

/* As vcpkg's toolchain file has it. */
static void cmake_deps_vcpkg(const struct tree *t, struct vec *words)
{
    const struct cmake_tree *c = t->state;
    char *installed = path_join(t->dir, "vcpkg_installed");
    bool any = fs_is_dir(installed);
    for (size_t i = 0; i < c->cache.values.keys.n; i++)
        any |= str_starts(c->cache.values.keys.v[i], "VCPKG_");
    if (any)
        vec_add(words, "-DVCPKG_MANIFEST_INSTALL:BOOL=OFF");
    if (any && !*cache_get(&c->cache, "VCPKG_INSTALLED_DIR"))
        vec_addf(words, "-DVCPKG_INSTALLED_DIR:PATH=%s", installed);
    free(installed);
}

/* Words of a list in a build.ninja, up to the end of the line. */
static void cmake_ninja_words(const char *text, struct vec *out)
{
    struct buf word = BUF_INIT;
    for (const char *at = text;; at++) {
        bool end = !*at || *at == ' ' || *at == '\n';
        if (end && word.len)
            vec_add(out, buf_str(&word));
        if (end)
            buf_clear(&word);
        if (!*at || *at == '\n')
            break;
        if (*at == '$' && at[1])
            at++;
        else if (end)
            continue;
        buf_addc(&word, *at);
    }
    buf_release(&word);
}

/* What the user's configure has read, as its generator wrote it down: in a line of Ninja, or as
   quoted lines of CMake. Names in the user tree are relative. */
static void cmake_inputs(const struct tree *t, struct vec *out)
{
    static const char *const files[][2] = {
        {"build.ninja", ": RERUN_CMAKE |"},
        {"CMakeFiles/common.ninja", ": RERUN_CMAKE |"}, /* of several configurations */
        {"CMakeFiles/Makefile.cmake", "set(CMAKE_MAKEFILE_DEPENDS\n"}};
    for (size_t i = 0; i < PGO_COUNT(files) && !out->n; i++) {
        struct buf text = BUF_INIT;
        struct err ignored = ERR_INIT;
        char *path = path_join(t->dir, files[i][0]);
        const char *list = NULL;
        if (fs_is_file(path) && fs_read(path, &text, &ignored) == 0)
            list = strstr(buf_str(&text), files[i][1]);
        if (list && *files[i][1] == ':') {
            cmake_ninja_words(list + strlen(files[i][1]), out);
        } else if (list) {
            for (list += strlen(files[i][1]); str_starts(list, "  \"");
                 list = strchr(list, '\n') + 1)
                vec_take(out, str_ndup(list + 3, strcspn(list + 3, "\"\n")));
        }
        free(path);
        buf_release(&text);
        err_release(&ignored);
    }
}

/* Copies a script, unless the stage's configure has written one itself since, or the user's speaks
   of the user tree. */
static int cmake_deps_script(const struct tree *t, const char *from, const char *to,
                             struct err *err)
{
    struct stat theirs, ours;
    struct buf text = BUF_INIT;
    char *dir = path_dir(to);
    bool wanted =
        stat(from, &theirs) == 0 && (stat(to, &ours) != 0 || ours.st_mtime < theirs.st_mtime);
    int rc = wanted ? fs_read(from, &text, err) : 0;
    if (rc == 0 && wanted && !strstr(buf_str(&text), t->dir)) {
        rc = fs_mkdirs(dir, err);
        if (rc == 0)
            rc = fs_copy(from, to, err);
    }
    buf_release(&text);
    free(dir);
    return rc;
}

/* Scripts that were downloaded or put into the user tree and included by its configure: without
   them the project would get them once more, or fail. */
static int cmake_deps_scripts(const struct tree *t, const struct stage *s, struct err *err)
{
    struct vec inputs = VEC_INIT;
    int rc = 0;
    cmake_inputs(t, &inputs);
    for (size_t i = 0; i < inputs.n && rc == 0; i++) {
        const char *name = inputs.v[i];
        if (*name == '/' || !str_ends(name, ".cmake") || str_starts(name, "CMakeFiles/"))
            continue;
        char *from = path_join(t->dir, name), *to = path_join(s->dir, name);
        rc = cmake_deps_script(t, from, to, err);
        free(from);
        free(to);
    }
    vec_release(&inputs);
    return rc;
}

int cmake_deps(const struct tree *t, const struct stage *s, struct vec *words, struct err *err)
{
    cmake_deps_vcpkg(t, words);
    cmake_deps_fetched(t, s, words);
    return cmake_deps_scripts(t, s, err);
}
