#include "runtime.h"

#include "fs.h"
#include "msg.h"
#include "proc.h"
#include "runtime_text.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define RUNTIME_ROOM 1000000 /* bytes, below which a failure is that of a full disk */

static char *runtime_path(const struct session *s, const char *name)
{
    return tree_path(&s->tree, "runtime", name);
}

/* Another runtime has another name: programs are then linked again. */
static char *runtime_object(const struct session *s, const char *key)
{
    char *name = str_fmt("%.12s.o", key), *path = runtime_path(s, name);
    free(name);
    return path;
}

static void runtime_key(const struct session *s, char hex[HASH_HEX + 1])
{
    struct hash h;
    hash_init(&h);
    hash_str(&h, s->compiler_stamp);
    hash_str(&h, s->tree.home);
    hash_vec(&h, &s->tree.machine);
    for (size_t i = 0; i < PGO_COUNT(runtime_text); i++)
        hash_str(&h, runtime_text[i].text);
    hash_hex(&h, hex);
}

char *runtime_missing(const struct session *s)
{
    struct map m = MAP_INIT;
    session_record(s, "runtime", &m);
    char *why = map_get(&m, "missing") ? str_dup(map_get(&m, "missing")) : NULL;
    map_release(&m);
    return why;
}

static int runtime_write(const struct session *s, struct err *err)
{
    char *dir = runtime_path(s, NULL);
    int rc = fs_mkdirs(dir, err);
    for (size_t i = 0; i < PGO_COUNT(runtime_text) && rc == 0; i++) {
        char *path = runtime_path(s, runtime_text[i].name);
        rc = fs_replace(path, runtime_text[i].text, strlen(runtime_text[i].text), err);
        free(path);
    }
    free(dir);
    return rc;
}

/* A C string of a path: it becomes part of the runtime's text. */
static char *runtime_define(const struct session *s)
{
    char *raw = tree_path(&s->tree, "scratch", "raw");
    char *slashes = str_replace(raw, "\\", "\\\\"), *quotes = str_replace(slashes, "\"", "\\\"");
    char *define = str_fmt("-DPGO_RUNTIME_RAW=\"%s\"", quotes);
    free(raw);
    free(slashes);
    free(quotes);
    return define;
}

static int runtime_compiler(const struct session *s, const struct vec *words, const char *log,
                            struct err *err)
{
    struct vec argv = VEC_INIT, env = VEC_INIT;
    vec_add(&argv, s->tree.compiler.path);
    vec_all(&argv, &s->tree.machine);
    for (size_t i = 0; i < words->n; i++)
        vec_split(&argv, words->v[i], '\n'); /* a two-word option */
    proc_clean_env(&env);
    proc_set_env(&env, "LC_ALL", "C");
    const struct proc p = {.argv = &argv, .env = &env, .log = log};
    int rc = proc_must(&p, "the runtime", err);
    vec_release(&argv);
    vec_release(&env);
    return rc;
}

static int runtime_compile(const struct session *s, const char *object, const char *log,
                           struct err *err)
{
    static const char *const fixed[] = {
        "-x",       "c",  "-std=gnu11", "-O2", "-fPIC", "-fvisibility=hidden",
        "-fno-lto", "-w", "-c",         "-o",  NULL};
    struct vec words = VEC_INIT;
    vec_words(&words, fixed);
    vec_add(&words, object);
    vec_take(&words, runtime_define(s));
    vec_take(&words, runtime_path(s, "runtime.c"));
    int rc = runtime_compiler(s, &words, log, err);
    vec_release(&words);
    return rc;
}

/* Links an instrumented program with it. */
static int runtime_link(const struct session *s, const char *object, const char *program,
                        const char *log, struct err *err)
{
    static const char text[] = "#include <signal.h>\n"
                               "int main(void) { return raise(SIGTERM); }\n";
    char *source = runtime_path(s, "try.c"), *dir = runtime_path(s, NULL);
    char *raw = tree_path(&s->tree, "scratch", "raw");
    const struct flag_place place = {.build = dir, .raw = raw, .runtime = object};
    struct flags f = {VEC_INIT, VEC_INIT, VEC_INIT, VEC_INIT};
    struct vec words = VEC_INIT;
    s->tree.compiler.family->flags(PHASE_INSTRUMENT, &place, &f);
    vec_all(&words, &f.compile);
    vec_add(&words, "-x\nc");
    vec_add(&words, source);
    vec_add(&words, "-x\nnone");
    vec_all(&words, &f.link);
    vec_add(&words, "-o");
    vec_add(&words, program);
    int rc = fs_replace(source, text, strlen(text), err);
    if (rc == 0)
        rc = runtime_compiler(s, &words, log, err);
    flags_release(&f);
    vec_release(&words);
    free(source);
    free(dir);
    free(raw);
    return rc;
}

/* Runs it: killed by a signal it must leave a raw profile, or the compiler's runtime is another one
   than ours takes it for. A program for another machine cannot be run, and is believed. */
static int runtime_run(const struct session *s, const char *program, const char *log,
                       struct err *err)
{
    char *raw = runtime_path(s, "try.raw/raw");
    struct vec argv = VEC_INIT, env = VEC_INIT, files = VEC_INIT;
    int status = 0;
    vec_add(&argv, program);
    proc_clean_env(&env);
    proc_set_env(&env, "PGO_RAW", raw);
    const struct proc p = {.argv = &argv, .env = &env, .log = log};
    int rc = fs_mkdirs(raw, err);
    struct err ignored = ERR_INIT;
    bool ran = rc == 0 && proc_run(&p, &status, &ignored) == 0;
    if (ran && (!WIFSIGNALED(status) || WTERMSIG(status) != SIGTERM)) {
        char *text = proc_status_text(status);
        rc = err_set(err, "a program linked with it %s", text);
        free(text);
    } else if (ran &&
               (family_raw_files(raw, s->tree.compiler.family->raw_suffix, &files, err) != 0 ||
                !files.n)) {
        rc = err_set(err, "a program linked with it left no raw profile");
    }
    char *tried = runtime_path(s, "try.raw");
    fs_remove(tried, &ignored);
    free(tried);
    err_release(&ignored);
    vec_release(&argv);
    vec_release(&env);
    vec_release(&files);
    free(raw);
    return rc;
}

static int runtime_try(const struct session *s, const char *object, const char *log,
                       struct err *err)
{
    char *program = runtime_path(s, "try");
    int rc = runtime_link(s, object, program, log, err);
    if (rc == 0)
        rc = runtime_run(s, program, log, err);
    free(program);
    return rc;
}

/* What the compiler said last, or the failure itself. */
static char *runtime_why(const struct err *e)
{
    const char *text = e->detail && *e->detail ? e->detail : e->msg,
               *error = strstr(text, "error:");
    const char *line = error ? error : text;
    return str_ndup(line, strcspn(line, "\n"));
}

static int runtime_make(struct session *s, struct map *m, bool say, struct err *err)
{
    struct err failed = ERR_INIT;
    char *object = runtime_object(s, map_get(m, "key")), *log = session_log(s, "runtime");
    char *dir = runtime_path(s, NULL);
    int rc = fs_remove(log, err);
    if (rc == 0)
        rc = fs_remove(dir, err);
    if (rc == 0)
        rc = runtime_write(s, err);
    bool works = rc == 0 && runtime_compile(s, object, log, &failed) == 0 &&
                 runtime_try(s, object, log, &failed) == 0;
    char *why = works || rc != 0 ? str_dup("") : runtime_why(&failed);
    if (rc == 0 && !works && fs_room(dir) < RUNTIME_ROOM)
        rc =
            err_set(err,
                    "the runtime of instrumented programs cannot be made: the disk of '%s' is full "
                    "(%.0f bytes free)",
                    dir, fs_room(dir));
    bool told = record_is(m, "missing", why);
    map_set(m, "missing", why);
    if (rc == 0 && !works && proc_signal()) {
        *err = failed;
        failed = (struct err)ERR_INIT;
        rc = -1;
    } else if (rc == 0 && !works && !told && say) {
        msg_warn("pgo's runtime cannot be linked with '%s' (%s); " RUNTIME_WITHOUT,
                 s->tree.compiler.path, why);
    }
    if (rc == 0)
        rc = session_save(s, "runtime", m, err);
    err_release(&failed);
    free(object);
    free(log);
    free(dir);
    free(why);
    return rc;
}

/* Sets s->runtime when what is recorded is of the key, and there. */
static void runtime_take(struct session *s, const struct map *m, const char *key)
{
    char *object = runtime_object(s, key);
    bool works = record_is(m, "key", key) && record_is(m, "missing", "") && fs_is_file(object);
    free(s->runtime);
    s->runtime = works ? object : NULL;
    if (!works)
        free(object);
}

void runtime_recall(struct session *s)
{
    struct map m = MAP_INIT;
    char key[HASH_HEX + 1];
    runtime_key(s, key);
    session_record(s, "runtime", &m);
    runtime_take(s, &m, key);
    map_release(&m);
}

int runtime_bring(struct session *s, bool say, struct err *err)
{
    struct map m = MAP_INIT;
    char key[HASH_HEX + 1];
    int rc = 0;
    runtime_key(s, key);
    session_record(s, "runtime", &m);
    runtime_take(s, &m, key);
    if (!s->runtime) { /* one that is missing is tried each time: what was in the way may pass */
        if (!record_is(&m, "key", key))
            map_release(&m);
        map_set(&m, "key", key);
        rc = runtime_make(s, &m, say, err);
        if (rc == 0)
            runtime_take(s, &m, key);
    }
    map_release(&m);
    return rc;
}
