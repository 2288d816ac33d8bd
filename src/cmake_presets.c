/* The environment of the preset that a tree was configured by. The cache does not hold it, so the
   preset is found by its build directory; CMake itself says what it sets. */
#include "fs.h"
#include "json.h"
#include "proc.h"
#include "record.h"
#include "tree_cmake.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define CMAKE_PRESETS_DEEP 16 /* files that include files, presets that inherit */

static const char *const cmake_presets_files[] = {"CMakePresets.json", "CMakeUserPresets.json"};

struct cmake_presets {
    const struct tree *tree;
    struct map dirs;   /* name → binaryDir, "" where the preset has none of its own */
    struct map bases;  /* name → names that it inherits, a line each */
    struct map files;  /* name → directory of its file */
    struct map *parts; /* gets what all the files hold, or NULL */
};

/* Reads a file of presets and those it includes, each of which is a part. */
static void cmake_presets_read(struct cmake_presets *p, const char *path, int deep)
{
    struct json j;
    struct err ignored = ERR_INIT;
    char hex[HASH_HEX + 1] = "";
    if (deep > CMAKE_PRESETS_DEEP || !fs_is_file(path))
        return;
    if (p->parts && hash_file(path, hex, &ignored) == 0) {
        char *name = str_fmt("the file %s", path);
        parts_hex(p->parts, name, hex);
        free(name);
    }
    if (json_read(path, &j, &ignored) != 0) {
        err_release(&ignored);
        return;
    }
    char *dir = path_dir(path);
    const struct json *includes = json_get(&j, "include"),
                      *presets = json_get(&j, "configurePresets");
    for (size_t i = 0; i < json_count(includes); i++) {
        char *below = path_join(dir, json_str(json_at(includes, i), NULL));
        cmake_presets_read(p, below, deep + 1);
        free(below);
    }
    for (size_t i = 0; i < json_count(presets); i++) {
        const struct json *preset = json_at(presets, i), *inherits = json_get(preset, "inherits");
        const char *name = json_str(preset, "name");
        struct vec bases = VEC_INIT;
        if (inherits && inherits->type != JSON_ARRAY)
            vec_add(&bases, json_str(inherits, NULL));
        for (size_t k = 0; k < json_count(inherits); k++)
            vec_add(&bases, json_str(json_at(inherits, k), NULL));
        char *list = vec_join(&bases, "\n");
        map_set(&p->dirs, name, json_str(preset, "binaryDir"));
        map_set(&p->bases, name, list);
        map_set(&p->files, name, dir);
        free(list);
        vec_release(&bases);
    }
    free(dir);
    json_release(&j);
}

/* The place in the maps of the preset that gives `name` its build directory: itself, or the first
   that it inherits; behind the last when there is none. */
static size_t cmake_presets_source(const struct cmake_presets *p, const char *name, int deep)
{
    const size_t none = p->dirs.keys.n;
    size_t at = 0;
    struct vec bases = VEC_INIT;
    while (at < none && strcmp(p->dirs.keys.v[at], name) != 0)
        at++;
    if (at == none || deep > CMAKE_PRESETS_DEEP || *p->dirs.values.v[at])
        return deep > CMAKE_PRESETS_DEEP ? none : at;
    vec_split(&bases, p->bases.values.v[at], '\n');
    at = none;
    for (size_t i = 0; i < bases.n && at == none; i++)
        at = cmake_presets_source(p, bases.v[i], deep + 1);
    vec_release(&bases);
    return at;
}

/* Replaces each "<start>NAME}" by the variable's value, which is not looked into; takes `text`, and
   the caller frees the result. */
static char *cmake_presets_variable(char *text, const char *start)
{
    struct buf out = BUF_INIT;
    const char *at = text, *hit, *end;
    while ((hit = strstr(at, start)) && (end = strchr(hit, '}'))) {
        const char *from = hit + strlen(start);
        char *name = str_ndup(from, (size_t)(end - from));
        const char *value = getenv(name);
        buf_add(&out, at, (size_t)(hit - at));
        buf_adds(&out, value ? value : "");
        at = end + 1;
        free(name);
    }
    buf_adds(&out, at);
    free(text);
    return buf_detach(&out);
}

/* The preset's build directory with its macros expanded; the caller frees it. */
static char *cmake_presets_dir(const struct cmake_presets *p, const char *name)
{
    const struct cmake_tree *c = p->tree->state;
    size_t from = cmake_presets_source(p, name, 0);
    bool found = from < p->dirs.keys.n;
    char *above = path_dir(p->tree->source);
    const char *macros[][2] = {{"${sourceDir}", p->tree->source},
                               {"${sourceParentDir}", above},
                               {"${sourceDirName}", path_base(p->tree->source)},
                               {"${presetName}", name},
                               {"${generator}", cache_get(&c->cache, "CMAKE_GENERATOR")},
                               {"${hostSystemName}", "Linux"},
                               {"${fileDir}", found ? p->files.values.v[from] : ""},
                               {"${dollar}", "$"}};
    char *text = str_dup(found ? p->dirs.values.v[from] : "");
    text = cmake_presets_variable(text, "$env{");
    text = cmake_presets_variable(text, "$penv{");
    for (size_t i = 0; i < PGO_COUNT(macros); i++) {
        char *next = str_replace(text, macros[i][0], macros[i][1]);
        free(text);
        text = next;
    }
    char *full = *text ? path_join(p->tree->source, text) : str_dup("");
    free(text);
    free(above);
    return full;
}

/* Lines `  NAME="value"` below the title; a value may go on over lines. */
static void cmake_presets_section(const char *text, const char *title, struct map *out)
{
    struct vec lines = VEC_INIT;
    struct buf value = BUF_INIT;
    char *name = NULL;
    const char *start = strstr(text, title);
    vec_split(&lines, start ? start : "", '\n');
    for (size_t i = 1; i <= lines.n; i++) {
        const char *line = i < lines.n ? lines.v[i] : "  =\"";
        size_t n = str_starts(line, "  ") ? strcspn(line + 2, "= \t") + 2 : 0;
        bool entry = n && str_starts(line + n, "=\"");
        bool next = !entry && str_starts(line, "Preset ") && str_ends(line, ":");
        if (name && (entry || next)) {
            while (value.len && isspace((unsigned char)value.p[value.len - 1]))
                value.p[--value.len] = '\0';
            if (value.len && value.p[value.len - 1] == '"')
                value.p[--value.len] = '\0';
            map_set(out, name, buf_str(&value));
        }
        if (entry || next) {
            free(name);
            name = entry && n > 2 ? str_ndup(line + 2, n - 2) : NULL;
            buf_clear(&value);
            buf_adds(&value, entry ? line + n + 2 : "");
        } else if (name) {
            buf_addf(&value, "\n%s", line);
        }
        if (next)
            break;
    }
    free(name);
    buf_release(&value);
    vec_release(&lines);
}

/* What CMake says of the preset; false when it refuses it. `agrees`: the tree has its variables. */
static bool cmake_presets_ask(const struct tree *t, const char *name, struct map *env, bool *agrees)
{
    const struct cmake_tree *c = t->state;
    struct map variables = MAP_INIT;
    struct vec argv = VEC_INIT;
    struct buf text = BUF_INIT;
    struct err ignored = ERR_INIT;
    int status = 0;
    const char *words[] = {
        c->command, "-S", t->source, "--preset", name, "-N", "--log-level=VERBOSE", NULL};
    vec_words(&argv, words);
    bool ok = proc_capture(&argv, &text, &status, &ignored) == 0 && proc_ok(status);
    if (ok) {
        cmake_presets_section(buf_str(&text), "Preset CMake variables:", &variables);
        cmake_presets_section(buf_str(&text), "Preset environment variables:", env);
    }
    *agrees = ok;
    for (size_t i = 0; i < variables.keys.n; i++) {
        const char *have = map_get(&c->cache.values, variables.keys.v[i]);
        *agrees &= !have || strcmp(have, variables.values.v[i]) == 0;
    }
    map_release(&variables);
    vec_release(&argv);
    buf_release(&text);
    err_release(&ignored);
    return ok;
}

/* The environment of the preset whose build directory this is; of several, of one whose variables
   the tree has. */
static void cmake_presets_find(const struct tree *t, const struct cmake_presets *p, struct map *env)
{
    char *real = realpath(t->dir, NULL);
    bool agrees = false;
    for (size_t i = 0; i < p->dirs.keys.n && !agrees; i++) {
        struct map now = MAP_INIT;
        char *dir = cmake_presets_dir(p, p->dirs.keys.v[i]), *its = realpath(dir, NULL);
        if (real && its && strcmp(real, its) == 0 &&
            cmake_presets_ask(t, p->dirs.keys.v[i], &now, &agrees) && (agrees || !env->keys.n)) {
            map_release(env);
            *env = now;
            now = (struct map)MAP_INIT;
        }
        map_release(&now);
        free(dir);
        free(its);
    }
    free(real);
}

static void cmake_presets_load(struct cmake_presets *p)
{
    for (size_t i = 0; i < PGO_COUNT(cmake_presets_files); i++) {
        char *path = path_join(p->tree->source, cmake_presets_files[i]);
        cmake_presets_read(p, path, 0);
        free(path);
    }
}

static void cmake_presets_release(struct cmake_presets *p)
{
    map_release(&p->dirs);
    map_release(&p->bases);
    map_release(&p->files);
}

void cmake_presets_parts(const struct tree *t, struct map *parts)
{
    struct cmake_presets p = {t, MAP_INIT, MAP_INIT, MAP_INIT, parts};
    cmake_presets_load(&p);
    cmake_presets_release(&p);
}

int cmake_presets(const struct tree *t, struct err *err)
{
    struct cmake_presets p = {t, MAP_INIT, MAP_INIT, MAP_INIT, NULL};
    struct map env = MAP_INIT;
    char *record = tree_path(t, "state", "environment");
    cmake_presets_load(&p);
    cmake_presets_find(t, &p, &env);
    int rc = env.keys.n ? record_write(record, &env, err) : fs_remove(record, err);
    cmake_presets_release(&p);
    map_release(&env);
    free(record);
    return rc;
}

int cmake_presets_env(const struct tree *t, struct vec *env, struct err *err)
{
    struct map m = MAP_INIT;
    struct err damaged = ERR_INIT;
    char *record = tree_path(t, "state", "environment");
    int rc = 0;
    if (record_read(record, &m, &damaged) == RECORD_DAMAGED) {
        rc = cmake_presets(t, err);
        record_read(record, &m, &damaged);
    }
    for (size_t i = 0; i < m.keys.n && rc == 0; i++)
        proc_set_env(env, m.keys.v[i], m.values.v[i]);
    map_release(&m);
    err_release(&damaged);
    free(record);
    return rc;
}
