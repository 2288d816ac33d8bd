#include "cmake_cache.h"

#include "buf.h"
#include "fs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The help that CMake gives to such entries. */
#define CACHE_GIVEN "//No help, variable specified on the command line."

void cache_release(struct cache *c)
{
    map_release(&c->values);
    map_release(&c->types);
    map_release(&c->given);
    vec_release(&c->lines);
}

/* `KEY:TYPE=value` or `"KEY":TYPE=value`; false for comments and what is not an entry. */
static bool cache_entry(const char *line, char **key, char **type, const char **value)
{
    bool quoted = line[0] == '"';
    const char *start = line + quoted;
    const char *end = quoted ? strchr(start, '"') : strchr(start, ':');
    if (!end || line[0] == '#' || str_starts(line, "//") || !*line)
        return false;
    const char *colon = end + quoted, *equals = strchr(colon, '=');
    if (*colon != ':' || !equals)
        return false;
    *key = str_ndup(start, (size_t)(end - start));
    *type = str_ndup(colon + 1, (size_t)(equals - colon - 1));
    *value = equals + 1;
    return true;
}

int cache_read(const char *path, struct cache *c, struct err *err)
{
    struct buf b = BUF_INIT;
    int rc = fs_read(path, &b, err);
    const char *text = buf_str(&b);
    while (rc == 0 && *text) {
        size_t n = strcspn(text, "\n");
        char *key, *type;
        const char *value;
        vec_take(&c->lines, str_ndup(text, n));
        if (cache_entry(c->lines.v[c->lines.n - 1], &key, &type, &value)) {
            map_set(&c->values, key, value);
            map_set(&c->types, key, type);
            if (c->lines.n > 1 && strcmp(c->lines.v[c->lines.n - 2], CACHE_GIVEN) == 0)
                map_set(&c->given, key, "");
            free(key);
            free(type);
        }
        text += n + (text[n] == '\n');
    }
    buf_release(&b);
    return rc;
}

const char *cache_get(const struct cache *c, const char *key)
{
    const char *value = map_get(&c->values, key);
    return value ? value : "";
}

static bool cache_has_config(const char *dir)
{
    struct vec names = VEC_INIT;
    struct err ignored = ERR_INIT;
    bool found = false;
    fs_list(dir, &names, &ignored);
    for (size_t i = 0; i < names.n; i++)
        found |= str_ends(names.v[i], "Config.cmake") || str_ends(names.v[i], "-config.cmake");
    vec_release(&names);
    err_release(&ignored);
    return found;
}

/* In a tree that holds its own sources, a path below them is an input unless its name says
   otherwise. */
static bool cache_is_source(const struct cache *c, const char *user, const char *key,
                            const char *value)
{
    static const char *const outputs[] = {"OUTPUT_DIRECTORY", "OUTPUT_PATH", "BINARY_DIR"};
    const char *source = cache_get(c, "CMAKE_HOME_DIRECTORY");
    for (size_t i = 0; i < PGO_COUNT(outputs); i++)
        if (strstr(key, outputs[i]))
            return false;
    return path_below(source, user) && path_below(value, source) && fs_exists(value);
}

/* Whether an entry that points into the user tree is an input, which every stage shares. */
static bool cache_is_input(const struct cache *c, const char *user, const char *key,
                           const char *type, const char *value)
{
    static const char *const kept[] = {"CMAKE_HOME_DIRECTORY", "CMAKE_TOOLCHAIN_FILE",
                                       "CMAKE_PREFIX_PATH", "CMAKE_MODULE_PATH"};
    for (size_t i = 0; i < PGO_COUNT(kept); i++)
        if (strcmp(key, kept[i]) == 0)
            return true;
    static const char *const families[] = {"VCPKG_", "_VCPKG_", "FETCHCONTENT_SOURCE_DIR_"};
    for (size_t i = 0; i < PGO_COUNT(families); i++)
        if (str_starts(key, families[i]))
            return true;
    char *own = path_join(user, "CMakeFiles");
    bool written = path_below(value, own) != NULL; /* package redirects of FetchContent */
    free(own);
    if (strcmp(type, "STATIC") == 0)
        return true;
    if (written)
        return false;
    if (strcmp(type, "FILEPATH") == 0 && fs_is_file(value))
        return true;
    if (cache_is_source(c, user, key, value))
        return true;
    if (str_ends(key, "_DIR") && cache_has_config(value))
        return true;
    char *lists = path_join(value, "CMakeLists.txt");
    char *deps = path_join(user, "_deps");
    bool sources = fs_is_file(lists) && !path_below(value, deps);
    free(lists);
    free(deps);
    return sources;
}

/* Whether a path starts at `at`: not inside another one, but also behind an option (-L/dir). */
static bool cache_path_starts(const char *text, const char *at)
{
    const char *word = at;
    while (word > text && !strchr(" ;:=,\"'", word[-1]))
        word--;
    if (word == at || !(isalnum((unsigned char)at[-1]) || strchr("_.+-~/", at[-1])))
        return true;
    return *word == '-' && !memchr(word, '/', (size_t)(at - word));
}

/* Replaces `user` by `stage` where it is a whole path or the start of one. */
static char *cache_remap(const char *value, const char *user, const char *stage)
{
    struct buf b = BUF_INIT;
    size_t n = strlen(user);
    const char *hit, *text = value;
    for (; (hit = strstr(value, user)); value = hit + n) {
        buf_add(&b, value, (size_t)(hit - value));
        bool whole = (!hit[n] || strchr("/;:", hit[n])) && cache_path_starts(text, hit);
        buf_adds(&b, whole ? stage : user);
    }
    buf_adds(&b, value);
    return buf_detach(&b);
}

static char *cache_clone_value(const struct cache *c, const char *key, const char *type,
                               const char *value, const char *user, const char *stage)
{
    if (strcmp(key, "CMAKE_CACHEFILE_DIR") == 0)
        return str_dup(stage);
    if (!strstr(value, user) || cache_is_input(c, user, key, type, value))
        return str_dup(value);
    return cache_remap(value, user, stage);
}

char *cache_clone(const struct cache *c, const char *user, const char *stage)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < c->lines.n; i++) {
        const char *line = c->lines.v[i], *value;
        char *key, *type;
        if (cache_entry(line, &key, &type, &value)) {
            char *mapped = cache_clone_value(c, key, type, value, user, stage);
            buf_add(&b, line, (size_t)(value - line));
            buf_addf(&b, "%s\n", mapped);
            free(mapped);
            free(key);
            free(type);
        } else {
            buf_addf(&b, "%s\n", line);
        }
    }
    return buf_detach(&b);
}

void cache_bracket(struct buf *b, const char *text)
{
    struct buf mark = BUF_INIT;
    /* Its end begins with this bracket; the text's own last one can come before. */
    char *whole = str_fmt("%s]", text);
    for (bool inside = true; inside;) {
        char *close = str_fmt("]%s]", buf_str(&mark));
        inside = strstr(whole, close) != NULL;
        if (inside)
            buf_addc(&mark, '=');
        free(close);
    }
    free(whole);
    buf_addf(b, " [%s[%s%s]%s]", buf_str(&mark), text[0] == '\n' ? "\n" : "", text, buf_str(&mark));
    buf_release(&mark);
}

/* Whether an entry can have a value that nothing but the user gave it. */
static bool cache_is_own(const struct cache *c, const char *key, const char *value,
                         const struct cache *plain)
{
    const char *same = plain ? map_get(&plain->values, key) : NULL;
    return str_starts(key, "CMAKE_") || map_get(&c->given, key) ||
           (plain && !(same && strcmp(same, value) == 0));
}

char *cache_script(const struct cache *c, const char *user, const char *stage, bool all,
                   const struct cache *plain)
{
    struct buf b = BUF_INIT;
    for (size_t i = 0; i < c->values.keys.n; i++) {
        const char *key = c->values.keys.v[i], *type = map_get(&c->types, key);
        if (strcmp(type, "INTERNAL") == 0 || strcmp(type, "STATIC") == 0 || strchr(key, ' '))
            continue;
        char *mapped = cache_clone_value(c, key, type, c->values.values.v[i], user, stage);
        if (all || cache_is_own(c, key, mapped, plain)) {
            buf_adds(&b, "set(");
            cache_bracket(&b, key);
            cache_bracket(&b, mapped);
            buf_addf(&b, " CACHE %s \"\" FORCE)\n",
                     strcmp(type, "UNINITIALIZED") == 0 ? "STRING" : type);
        }
        free(mapped);
    }
    return buf_detach(&b);
}

void cache_differences(const struct cache *c, const struct cache *other, struct vec *names)
{
    for (size_t i = 0; i < c->values.keys.n; i++) {
        const char *key = c->values.keys.v[i], *type = map_get(&c->types, key);
        const char *now = map_get(&other->values, key);
        if (strcmp(type, "INTERNAL") == 0 && !str_starts(key, "CMAKE_") &&
            !str_starts(key, "_CMAKE") && !strchr(c->values.values.v[i], '/') && now &&
            strcmp(now, c->values.values.v[i]) != 0)
            vec_add(names, key);
    }
}
