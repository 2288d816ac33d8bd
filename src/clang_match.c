#include "clang_match.h"

#include "elf.h"
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
    struct vec deaf;    /* sources of which it could not be said */
    struct map said;    /* source → names of functions without profile, a line each */
    size_t record;      /* bytes that one function takes in __llvm_prf_data */
};

void clang_watch_env(const char *diagnostics, struct vec *env)
{
    proc_set_env(env, "CC_LOG_DIAGNOSTICS", "1");
    proc_set_env(env, "CC_LOG_DIAGNOSTICS_FILE", diagnostics);
}

void clang_match_close(void *state)
{
    struct clang_match *m = state;
    if (!m)
        return;
    vec_release(&m->names);
    vec_release(&m->statics);
    vec_release(&m->deaf);
    map_release(&m->said);
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

/* The size of a function's record differs between versions: one function shows it. */
static int clang_measure_record(struct clang_match *m, struct err *err)
{
    static const char code[] = "int one(void) { return 1; }\n";
    char *source = path_join(m->request->scratch, "one.c");
    char *object = path_join(m->request->scratch, "one.o");
    struct vec argv = VEC_INIT;
    struct buf out = BUF_INIT, data = BUF_INIT;
    int status = 0;
    const char *words[] = {m->request->compiler->path,
                           "-fprofile-generate",
                           "-x",
                           "c",
                           "-c",
                           source,
                           "-o",
                           object,
                           NULL};
    vec_words(&argv, words);
    int rc = fs_replace(source, code, strlen(code), err);
    if (rc == 0)
        rc = proc_capture(&argv, &out, &status, err);
    if (rc == 0 && proc_ok(status))
        rc = elf_section(object, "__llvm_prf_data", &data, err) < 0 ? -1 : 0;
    m->record = data.len;
    vec_release(&argv);
    buf_release(&out);
    buf_release(&data);
    free(source);
    free(object);
    return rc;
}

/* The text of an XML string, from `p` up to the next tag; the caller frees it. */
static char *clang_xml(const char *p)
{
    static const struct {
        const char *entity;
        char c;
    } entities[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&apos;", '\''}, {"&quot;", '"'}};
    struct buf b = BUF_INIT;
    while (*p && *p != '<') {
        size_t i = 0;
        while (i < PGO_COUNT(entities) && !str_starts(p, entities[i].entity))
            i++;
        buf_addc(&b, i < PGO_COUNT(entities) ? entities[i].c : *p);
        p += i < PGO_COUNT(entities) ? strlen(entities[i].entity) : 1;
    }
    return buf_detach(&b);
}

/* The function that a message says has no profile, NULL for other messages. */
static char *clang_function_in(const char *message)
{
    static const char *const starts[] = {"no profile data available for function ",
                                         "function control flow change detected (hash mismatch) "};
    for (size_t i = 0; i < PGO_COUNT(starts); i++) {
        const char *hit = strstr(message, starts[i]);
        const char *name = hit ? hit + strlen(starts[i]) : NULL;
        const char *end = name ? strstr(name, " Hash = ") : NULL;
        if (end)
            return str_ndup(name, (size_t)(end - name));
    }
    return NULL;
}

static void clang_say(struct clang_match *m, const char *source, const char *function)
{
    const char *old = map_get(&m->said, source);
    struct vec names = VEC_INIT;
    if (old)
        vec_split(&names, old, '\n');
    if (!vec_has(&names, function))
        map_setf(&m->said, source, "%s%s\n", old ? old : "", function);
    vec_release(&names);
}

/* A property list per compile: <key>main-file</key>, its <string>, and messages in the same form.
 */
static int clang_read_diagnostics(struct clang_match *m, struct err *err)
{
    struct buf text = BUF_INIT;
    char *source = NULL;
    int rc = fs_exists(m->request->diagnostics) ? fs_read(m->request->diagnostics, &text, err) : 0;
    for (const char *p = buf_str(&text); (p = strstr(p, "<key>")); p++) {
        bool file = str_starts(p, "<key>main-file</key>"),
             message = str_starts(p, "<key>message</key>");
        const char *value = file || message ? strstr(p, "<string>") : NULL;
        if (!value)
            continue;
        char *content = clang_xml(value + strlen("<string>"));
        if (file) {
            free(source);
            source = content;
            continue;
        }
        char *function = clang_function_in(content);
        if (function && source)
            clang_say(m, source, function);
        free(function);
        free(content);
    }
    free(source);
    buf_release(&text);
    return rc;
}

static bool clang_is_silent(const struct vec *words)
{
    return vec_has(words, "-w");
}

/* The compile command of an object as it was, but with warnings and without a result. */
static void clang_speaking(const struct match_request *r, const struct vec *settings,
                           const struct object *o, struct vec *argv)
{
    const char *start[] = {exec_path(), "exec",      "--cwd", r->build,
                           "--log",     "/dev/null", "--",    NULL};
    const char *end[] = {"-Wno-error", "-emit-llvm", "-c", o->source, "-o", "/dev/null", NULL};
    vec_words(argv, start);
    for (size_t i = 0; i < settings->n; i++)
        if (strcmp(settings->v[i], "-w") != 0)
            vec_take(argv, str_replace(settings->v[i], "{build}", r->build));
    for (size_t i = 0; i < r->flags->compile.n; i++)
        vec_split(argv, r->flags->compile.v[i], '\n');
    vec_words(argv, end);
}

struct clang_hearing {
    struct clang_match *match;
    const struct object *object;
};

static int clang_spoke(struct pool_job *job, int status, struct err *err)
{
    const struct clang_hearing *h = job->arg;
    (void)err;
    if (!proc_ok(status))
        vec_add(&h->match->deaf, h->object->source);
    return 0;
}

/* Objects compiled with -w are compiled once more, for what is said alone. */
static int clang_hear_silent(struct clang_match *m, struct err *err)
{
    const struct match_request *r = m->request;
    struct pool_job *jobs = mem_alloc((r->n + 1) * sizeof(*jobs));
    struct clang_hearing *hearings = mem_alloc((r->n + 1) * sizeof(*hearings));
    size_t count = 0;
    for (size_t i = 0; i < r->n; i++) {
        struct vec words = VEC_INIT;
        vec_split(&words, r->objects[i]->settings, '\n');
        if (clang_is_silent(&words)) {
            struct pool_job *job = &jobs[count];
            memset(job, 0, sizeof(*job));
            hearings[count] = (struct clang_hearing){m, r->objects[i]};
            job->arg = &hearings[count++];
            proc_clean_env(&job->env);
            clang_watch_env(r->diagnostics, &job->env);
            proc_set_env(&job->env, "CCACHE_DISABLE", "1");
            clang_speaking(r, &words, r->objects[i], &job->argv);
        }
        vec_release(&words);
    }
    int rc = pool_run(jobs, count, r->jobs, clang_spoke, err);
    for (size_t i = 0; i < count; i++) {
        vec_release(&jobs[i].argv);
        vec_release(&jobs[i].env);
    }
    free(jobs);
    free(hearings);
    return rc;
}

void *clang_match_open(const struct match_request *r, struct err *err)
{
    struct clang_match *m = mem_alloc(sizeof(*m));
    m->request = r;
    int rc = clang_read_profile(m, err);
    if (rc == 0)
        rc = clang_measure_record(m, err);
    if (rc == 0)
        rc = clang_hear_silent(m, err);
    if (rc == 0)
        rc = clang_read_diagnostics(m, err);
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

/* All functions of the object are counted in its instrumented twin; those that the compiler names
   have no profile. */
int clang_match_object(void *state, const struct object *o, struct match *out, struct err *err)
{
    const struct clang_match *m = state;
    struct buf data = BUF_INIT;
    struct vec names = VEC_INIT;
    const char *below = path_below(o->path, m->request->build);
    char *twin = path_join(m->request->instrument->build, below ? below : o->path);
    const char *said = map_get(&m->said, o->source);
    int has = fs_is_file(twin) ? elf_section(twin, "__llvm_prf_data", &data, err) : 0;
    int rc = has < 0 ? -1 : 0;
    if (rc == 0 && (!m->record || (!has && said) || vec_has(&m->deaf, o->source)))
        rc = err_status(err, 0, "'%s' cannot be compared with an instrumented object", o->path);
    if (rc == 0) {
        long total = m->record ? (long)(data.len / m->record) : 0;
        if (said)
            vec_split(&names, said, '\n');
        for (size_t i = 0; i < names.n; i++)
            *(clang_knows(m, o, names.v[i]) ? &out->unmatched : &out->absent) += 1;
        long found = total - out->unmatched - out->absent;
        out->matched += found > 0 ? found : 0;
    }
    free(twin);
    buf_release(&data);
    vec_release(&names);
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
