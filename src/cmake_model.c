/* What a stage tree builds, from CMake's file API (codemodel version 2) and compile_commands.json.
 */
#include "command.h"
#include "fs.h"
#include "json.h"
#include "tree_cmake.h"

#include <stdlib.h>
#include <string.h>

#define CMAKE_API ".cmake/api/v1"

int cmake_model_ask(const char *dir, struct err *err)
{
    char *query = str_fmt("%s/" CMAKE_API "/query/client-pgo", dir);
    char *file = path_join(query, "codemodel-v2");
    int rc = fs_mkdirs(query, err);
    if (rc == 0 && !fs_exists(file))
        rc = fs_replace(file, "", 0, err);
    free(query);
    free(file);
    return rc;
}

/* The newest index: the last one by name, as CMake documents it. The caller frees it. */
static char *cmake_reply(const char *dir)
{
    struct vec names = VEC_INIT;
    struct err ignored = ERR_INIT;
    char *reply = str_fmt("%s/" CMAKE_API "/reply", dir), *found = NULL;
    fs_list(reply, &names, &ignored);
    for (size_t i = 0; i < names.n; i++) {
        if (str_starts(names.v[i], "index-")) {
            free(found);
            found = path_join(reply, names.v[i]);
        }
    }
    vec_release(&names);
    err_release(&ignored);
    free(reply);
    return found;
}

char *cmake_model_id(const struct tree *t, const struct stage *s)
{
    char *reply = cmake_reply(s->dir), *commands = path_join(s->dir, "compile_commands.json");
    char *stamp = fs_stamp(commands);
    char *id =
        str_fmt("%s %s %s", reply ? path_base(reply) : "none", stamp, t->config ? t->config : "");
    free(reply);
    free(commands);
    free(stamp);
    return id;
}

static enum target_kind cmake_kind(const char *type)
{
    static const struct {
        const char *name;
        enum target_kind kind;
    } kinds[] = {{"EXECUTABLE", TARGET_PROGRAM},
                 {"SHARED_LIBRARY", TARGET_SHARED},
                 {"MODULE_LIBRARY", TARGET_MODULE},
                 {"STATIC_LIBRARY", TARGET_STATIC},
                 {"OBJECT_LIBRARY", TARGET_OBJECT}};
    for (size_t i = 0; i < PGO_COUNT(kinds); i++)
        if (strcmp(kinds[i].name, type) == 0)
            return kinds[i].kind;
    return TARGET_OTHER;
}

/* Sources in C or C++, as "target\nfull path". */
static void cmake_read_sources(const struct tree *t, const struct json *target, struct map *sources)
{
    const struct json *groups = json_get(target, "compileGroups"),
                      *list = json_get(target, "sources");
    for (size_t i = 0; i < json_count(groups); i++) {
        const struct json *group = json_at(groups, i), *indexes = json_get(group, "sourceIndexes");
        const char *language = json_str(group, "language");
        for (size_t k = 0; k < json_count(indexes); k++) {
            long at;
            if (!str_long(json_str(json_at(indexes, k), NULL), 0, INT32_MAX, &at))
                continue;
            char *path = path_join(t->source, json_str(json_at(list, (size_t)at), "path"));
            char *key = str_fmt("%s\n%s", json_str(target, "name"), path);
            if (strcmp(language, "C") == 0 || strcmp(language, "CXX") == 0)
                map_set(sources, key, language);
            free(path);
            free(key);
        }
    }
}

static int cmake_read_target(const struct tree *t, const struct stage *s, const char *file,
                             const struct vec *excluded, struct model *out, struct map *sources,
                             struct err *err)
{
    struct json j;
    if (json_read(file, &j, err) != 0)
        return -1;
    enum target_kind kind = cmake_kind(json_str(&j, "type"));
    if (kind != TARGET_OTHER) {
        struct target *target = model_add_target(out);
        const char *disk = json_str(&j, "nameOnDisk");
        const struct json *artifacts = json_get(&j, "artifacts");
        target->name = str_dup(json_str(&j, "name"));
        target->goal = str_dup(target->name);
        target->kind = kind;
        target->excluded = vec_has(excluded, target->name);
        target->artifact = str_dup("");
        for (size_t i = 0; i < json_count(artifacts); i++) {
            const char *path = json_str(json_at(artifacts, i), "path");
            if (*disk && strcmp(path_base(path), disk) == 0) {
                free(target->artifact);
                target->artifact = path_join(s->dir, path);
            }
        }
        cmake_read_sources(t, &j, sources);
    }
    json_release(&j);
    return 0;
}

/* The configuration of that name; the only one when it is NULL. */
static const struct json *cmake_configuration(const struct json *model, const char *name)
{
    const struct json *all = json_get(model, "configurations");
    for (size_t i = 0; i < json_count(all); i++)
        if (!name || strcmp(json_str(json_at(all, i), "name"), name) == 0)
            return json_at(all, i);
    return NULL;
}

static int cmake_read_codemodel(const struct tree *t, const struct stage *s,
                                const struct vec *excluded, struct model *out, struct map *sources,
                                struct err *err)
{
    struct json index, model;
    char *path = cmake_reply(s->dir);
    if (!path)
        return err_set(err, "CMake left no file API answer in '%s'", s->dir);
    int rc = json_read(path, &index, err);
    char *dir = path_dir(path);
    free(path);
    if (rc == 0) {
        const struct json *answer =
            json_get(json_get(json_get(&index, "reply"), "client-pgo"), "codemodel-v2");
        path = path_join(dir, json_str(answer, "jsonFile"));
        rc = json_read(path, &model, err);
        free(path);
        json_release(&index);
    }
    if (rc == 0) {
        const struct json *config = cmake_configuration(&model, t->config);
        const struct json *targets = json_get(config, "targets");
        for (size_t i = 0; i < json_count(targets) && rc == 0; i++) {
            path = path_join(dir, json_str(json_at(targets, i), "jsonFile"));
            rc = cmake_read_target(t, s, path, excluded, out, sources, err);
            free(path);
        }
        json_release(&model);
    }
    free(dir);
    return rc;
}

/* The target of ".../CMakeFiles/<target>.dir/..."; the caller frees it. */
static char *cmake_object_target(const char *path)
{
    static const char mark[] = "/CMakeFiles/";
    for (const char *hit = strstr(path, mark); hit; hit = strstr(hit + 1, mark)) {
        const char *name = hit + strlen(mark), *end = strstr(name, ".dir/");
        const char *slash = strchr(name, '/');
        if (end && slash && slash == end + 4)
            return str_ndup(name, (size_t)(end - name));
    }
    return str_dup("");
}

/* The commands of all configurations stand in one file: whether this object is of `config`. */
static bool cmake_object_of(const char *path, const char *config)
{
    char *part = config ? str_fmt(".dir/%s/", config) : str_dup("");
    bool found = strstr(path, part) != NULL;
    free(part);
    return found;
}

/* The words of a command as CMake writes it: with "$$" for '$', and, for Ninja, with the object's
   name as it is where the others are quoted. */
static void cmake_command_words(const char *text, struct vec *words)
{
    char *command = str_replace(text, "$$", "$"), *object = NULL;
    for (char *hit = command; (hit = strstr(hit, " -o ")) && hit[4] != '"'; hit++) {
        char *end = strstr(hit + 4, " -c ");
        free(object);
        object = end ? str_ndup(hit + 4, (size_t)(end - hit - 4)) : NULL;
    }
    if (object && strpbrk(object, "'\"\\$` ")) {
        char *inner = str_replace(object, "'", "'\\''"), *quoted = str_fmt("'%s'", inner);
        char *safe = str_replace(command, object, quoted);
        free(command);
        command = safe;
        free(inner);
        free(quoted);
    }
    vec_shell(words, command);
    free(command);
    free(object);
}

static void cmake_read_command(const struct tree *t, const struct stage *s,
                               const struct json *entry, const struct map *sources,
                               struct model *out)
{
    struct vec words = VEC_INIT;
    const char *output = "";
    char *path = NULL;
    cmake_command_words(json_str(entry, "command"), &words);
    for (size_t i = 0; i + 1 < words.n; i++)
        if (strcmp(words.v[i], "-o") == 0)
            output = words.v[i + 1];
    if (*output)
        path = path_join(json_str(entry, "directory"), output);
    if (path && str_ends(path, ".o") && cmake_object_of(path, t->config) &&
        !command_is_assembler(json_str(entry, "file"))) {
        char *target = cmake_object_target(path);
        char *key = str_fmt("%s\n%s", target, json_str(entry, "file"));
        if (map_get(sources, key)) {
            struct object *o = model_add_object(out);
            o->path = str_dup(path);
            o->source = str_dup(json_str(entry, "file"));
            o->target = str_dup(target);
            command_describe(t, s, &words, output, o);
        }
        free(target);
        free(key);
    }
    free(path);
    vec_release(&words);
}

static int cmake_read_commands(const struct tree *t, const struct stage *s,
                               const struct map *sources, struct model *out, struct err *err)
{
    struct json j;
    char *path = path_join(s->dir, "compile_commands.json");
    int rc = sources->keys.n ? json_read(path, &j, err) : 1;
    if (rc == 0) {
        for (size_t i = 0; i < json_count(&j); i++)
            cmake_read_command(t, s, json_at(&j, i), sources, out);
        json_release(&j);
    }
    free(path);
    return rc < 0 ? -1 : 0;
}

int cmake_model(const struct tree *t, const struct stage *s, struct model *out, struct err *err)
{
    struct map sources = MAP_INIT;
    struct vec excluded = VEC_INIT;
    struct buf names = BUF_INIT;
    char *path = path_join(s->dir, "pgo.excluded");
    int rc = fs_read(path, &names, err);
    if (rc == 0) {
        vec_split(&excluded, buf_str(&names), ';');
        rc = cmake_read_codemodel(t, s, &excluded, out, &sources, err);
    }
    if (rc == 0)
        rc = cmake_read_commands(t, s, &sources, out, err);
    out->id = cmake_model_id(t, s);
    if (rc == 0 && s->phase == PHASE_INSTRUMENT)
        command_warn_plain(out);
    free(path);
    buf_release(&names);
    vec_release(&excluded);
    map_release(&sources);
    return rc;
}
