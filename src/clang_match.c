#include "clang_match.h"

#include "clang_code.h"
#include "exec.h"
#include "fs.h"
#include "pool.h"
#include "proc.h"

#include <stdlib.h>
#include <string.h>

struct clang_match {
    const struct match_request *request;
    struct vec names;   /* sorted: functions that the profile knows */
    struct vec statics; /* sorted: static ones as "file\nname", file without directories */
    struct clang_code *code;
};

void clang_match_close(void *state)
{
    struct clang_match *m = state;
    if (!m)
        return;
    vec_release(&m->names);
    vec_release(&m->statics);
    clang_code_free(m->code);
    free(m);
}

static void clang_learn(struct clang_match *m, const char *text)
{
    for (const char *line = text; *line;) {
        size_t n = strcspn(line, "\n");
        /* "  name:", and below it "    Hash: …" */
        if (n > 3 && line[0] == ' ' && line[1] == ' ' && line[2] != ' ' && line[n - 1] == ':') {
            char *name = str_ndup(line + 2, n - 3);
            char *cut = strrchr(name, ';') ? strrchr(name, ';') : strrchr(name, ':');
            vec_add(&m->names, name);
            if (cut) {
                *cut = '\0';
                vec_addf(&m->statics, "%s\n%s", path_base(name), cut + 1);
            }
            free(name);
        }
        line += n + (line[n] == '\n');
    }
    vec_sort(&m->names);
    vec_sort(&m->statics);
}

static int clang_read_profile(struct clang_match *m, struct err *err)
{
    struct vec argv = VEC_INIT;
    struct buf out = BUF_INIT;
    int status = 0;
    const char *words[] = {m->request->tools->merge, "show", "--all-functions", m->request->profile,
                           NULL};
    vec_words(&argv, words);
    int rc = proc_capture(&argv, &out, &status, err);
    if (rc == 0 && !proc_ok(status)) {
        rc = err_set(err, "'%s' cannot read the profile '%s'", words[0], m->request->profile);
        err->detail = str_dup(buf_str(&out));
    }
    if (rc == 0)
        clang_learn(m, buf_str(&out));
    vec_release(&argv);
    buf_release(&out);
    return rc;
}

char *clang_match_record(const char *object)
{
    return str_fmt("%s.dia", object);
}

/* Fills in the functions that a record says have no profile, each with its hash. It is a bitstream
   in which texts stand plainly. */
static int clang_read_record(const char *path, struct map *functions, struct err *err)
{
    static const char *const starts[] = {"no profile data available for function ",
                                         "function control flow change detected (hash mismatch) "};
    static const char hash[] = " Hash = ";
    struct buf text = BUF_INIT;
    if (!fs_is_file(path))
        return err_status(err, 0, "there is no record '%s'", path);
    int rc = fs_read(path, &text, err);
    const char *p = text.p, *end = text.p + text.len;
    while (rc == 0 && p < end) {
        for (size_t i = 0; i < PGO_COUNT(starts); i++) {
            const char *name = str_starts(p, starts[i]) ? p + strlen(starts[i]) : NULL;
            const char *stop = name ? strstr(name, hash) : NULL;
            char *function = stop ? str_ndup(name, (size_t)(stop - name)) : NULL;
            if (function)
                map_set(functions, function, stop + strlen(hash));
            free(function);
        }
        p++;
    }
    buf_release(&text);
    return rc;
}

/* The compile command of an object as it was, but with warnings and without a result. Names of
   static functions have the source's path as it is given. */
static void clang_speaking(const struct match_request *r, const struct vec *settings,
                           const struct object *o, struct vec *argv)
{
    char *record = clang_match_record(o->path);
    char *source = r->instrument->relative ? path_from(o->source, r->build) : str_dup(o->source);
    const char *start[] = {exec_path(), "exec",      "--cwd", r->build,
                           "--log",     "/dev/null", "--",    NULL};
    const char *end[] = {"-Wno-error", "--serialize-diagnostics",
                         record,       "-emit-llvm",
                         "-c",         source,
                         "-o",         "/dev/null",
                         NULL};
    vec_words(argv, start);
    for (size_t i = 0; i < settings->n; i++)
        if (strcmp(settings->v[i], "-w") != 0)
            vec_take(argv, str_replace(settings->v[i], "{build}", r->build));
    for (size_t i = 0; i < r->flags->compile.n; i++)
        vec_split(argv, r->flags->compile.v[i], '\n');
    vec_words(argv, end);
    free(record);
    free(source);
}

static int clang_spoke(struct pool_job *job, int status, struct err *err)
{
    const struct object *o = job->arg;
    char *record = clang_match_record(o->path);
    int rc = proc_ok(status) ? 0 : fs_remove(record, err);
    free(record);
    return rc;
}

/* Objects compiled with -w are compiled once more, for what is said alone. */
static int clang_hear_silent(const struct match_request *r, struct err *err)
{
    struct pool_job *jobs = mem_alloc((r->n + 1) * sizeof(*jobs));
    size_t count = 0;
    for (size_t i = 0; i < r->n; i++) {
        struct vec words = VEC_INIT;
        vec_split(&words, r->objects[i]->settings, '\n');
        if (vec_has(&words, "-w")) {
            struct pool_job *job = &jobs[count++];
            memset(job, 0, sizeof(*job));
            job->arg = (void *)r->objects[i];
            proc_clean_env(&job->env);
            proc_set_env(&job->env, "CCACHE_DISABLE", "1");
            clang_speaking(r, &words, r->objects[i], &job->argv);
        }
        vec_release(&words);
    }
    int rc = pool_run(jobs, count, r->jobs, clang_spoke, NULL, err);
    for (size_t i = 0; i < count; i++) {
        vec_release(&jobs[i].argv);
        vec_release(&jobs[i].env);
    }
    free(jobs);
    return rc;
}

void *clang_match_open(const struct match_request *r, struct err *err)
{
    struct clang_match *m = mem_alloc(sizeof(*m));
    m->request = r;
    int rc = clang_read_profile(m, err);
    if (rc == 0)
        rc = (m->code = clang_code_new(r, err)) ? 0 : -1;
    if (rc == 0)
        rc = clang_hear_silent(r, err);
    if (rc == 0)
        return m;
    clang_match_close(m);
    return NULL;
}

static bool clang_knows(const struct clang_match *m, const struct object *o, const char *function)
{
    char *key = str_fmt("%s\n%s", path_base(o->source), function);
    bool known = vec_has_sorted(&m->names, function) || vec_has_sorted(&m->statics, key);
    free(key);
    return known;
}

/* A function that the profile knows by name can be another one: that of an object which was linked
   into what was trained, as this one was not. */
static int clang_judge(const struct clang_match *m, const struct object *o, const char *twin,
                       const struct map *without, struct match *out, struct err *err)
{
    for (size_t i = 0; i < without->keys.n; i++) {
        int ours = clang_knows(m, o, without->keys.v[i]);
        if (ours)
            ours = clang_code_linked(m->code, twin, strtoull(without->values.v[i], NULL, 10), err);
        if (ours < 0)
            return -1;
        *(ours ? &out->unmatched : &out->absent) += 1;
    }
    return 0;
}

/* All functions of the object are counted in its instrumented twin; those that the compiler names
   have no profile. */
int clang_match_object(void *state, const struct object *o, struct match *out, struct err *err)
{
    const struct clang_match *m = state;
    struct map without = MAP_INIT;
    long count = 0;
    char *twin = clang_code_twin(m->code, o->path), *record = clang_match_record(o->path);
    int rc = clang_read_record(record, &without, err);
    if (rc == 0)
        rc = clang_code_count(m->code, twin, &count, err);
    if (rc == 0 && !count && without.keys.n)
        rc = err_status(err, 0, "'%s' has functions, and '%s' has none", o->path, twin);
    if (rc == 0)
        rc = clang_judge(m, o, twin, &without, out, err);
    long found = count - out->unmatched - out->absent;
    out->matched += found > 0 ? found : 0;
    free(twin);
    free(record);
    map_release(&without);
    return rc;
}

char *clang_match_example(void *state, const struct object *o)
{
    const struct clang_match *m = state;
    return str_fmt(
        "no function of '%s' has a profile that fits; the profile knows %zu functions, for "
        "example '%s'",
        o->source, m->names.n, m->names.n ? m->names.v[0] : "none");
}
