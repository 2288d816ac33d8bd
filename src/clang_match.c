#include "clang_match.h"

#include "elf.h"
#include "exec.h"
#include "fs.h"
#include "pool.h"
#include "proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLANG_BATCH 500 /* files on a command line */

struct clang_match {
    const struct match_request *request;
    struct vec names;   /* sorted: functions that the profile knows */
    struct vec statics; /* sorted: static ones as "file\nname", file without directories */
    size_t record;      /* bytes that one function takes in __llvm_prf_data */
    struct map bitcode; /* instrumented objects without machine code → their number of functions */
    char *nm;           /* llvm-nm, which counts them */
};

void clang_match_close(void *state)
{
    struct clang_match *m = state;
    if (!m)
        return;
    vec_release(&m->names);
    vec_release(&m->statics);
    map_release(&m->bitcode);
    free(m->nm);
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

char *clang_match_record(const char *object)
{
    return str_fmt("%s.dia", object);
}

/* Adds the functions that a record says have no profile. It is a bitstream in which texts stand
   plainly. */
static int clang_read_record(const char *path, struct vec *functions, struct err *err)
{
    static const char *const starts[] = {"no profile data available for function ",
                                         "function control flow change detected (hash mismatch) "};
    struct buf text = BUF_INIT;
    if (!fs_is_file(path))
        return err_status(err, 0, "there is no record '%s'", path);
    int rc = fs_read(path, &text, err);
    const char *p = text.p, *end = text.p + text.len;
    while (rc == 0 && p < end) {
        for (size_t i = 0; i < PGO_COUNT(starts); i++) {
            const char *name = str_starts(p, starts[i]) ? p + strlen(starts[i]) : NULL;
            const char *stop = name ? strstr(name, " Hash = ") : NULL;
            char *function = stop ? str_ndup(name, (size_t)(stop - name)) : NULL;
            if (function && !vec_has(functions, function))
                vec_add(functions, function);
            free(function);
        }
        p++;
    }
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
    char *record = clang_match_record(o->path);
    const char *start[] = {exec_path(), "exec",      "--cwd", r->build,
                           "--log",     "/dev/null", "--",    NULL};
    const char *end[] = {"-Wno-error", "--serialize-diagnostics",
                         record,       "-emit-llvm",
                         "-c",         o->source,
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
        if (clang_is_silent(&words)) {
            struct pool_job *job = &jobs[count++];
            memset(job, 0, sizeof(*job));
            job->arg = (void *)r->objects[i];
            proc_clean_env(&job->env);
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
    return rc;
}

/* The instrumented twin of an object; the caller frees it. */
static char *clang_twin(const struct match_request *r, const char *object)
{
    const char *below = path_below(object, r->build);
    return path_join(r->instrument->build, below ? below : object);
}

static bool clang_is_bitcode(const char *path)
{
    char head[4] = "";
    FILE *file = fopen(path, "re");
    size_t n = file ? fread(head, 1, sizeof(head), file) : 0;
    if (file)
        fclose(file);
    return n == sizeof(head) &&
           (memcmp(head, "BC\xc0\xde", 4) == 0 || memcmp(head, "\xde\xc0\x17\x0b", 4) == 0);
}

/* "FILE: ---------------- d .L__profd_NAME": one such symbol per instrumented function. */
static void clang_read_symbols(struct clang_match *m, const char *text)
{
    for (const char *line = text; *line;) {
        size_t n = strcspn(line, "\n");
        char *copy = str_ndup(line, n), *mark = strstr(copy, "__profd_"), *cut = NULL;
        for (char *hit = copy; mark && (hit = strstr(hit, ": ")) && hit < mark; hit++)
            cut = hit;
        if (cut) {
            *cut = '\0';
            const char *known = map_get(&m->bitcode, copy);
            map_setf(&m->bitcode, copy, "%ld", known ? strtol(known, NULL, 10) + 1 : 1);
        }
        free(copy);
        line += n + (line[n] == '\n');
    }
}

/* With link-time optimization objects hold no machine code: their functions are counted by llvm-nm,
   which is installed with llvm-profdata. */
static int clang_count_bitcode(struct clang_match *m, struct err *err)
{
    const struct match_request *r = m->request;
    struct vec argv = VEC_INIT;
    int rc = 0;
    for (size_t i = 0; i < r->n && rc == 0; i++) {
        char *twin = clang_twin(r, r->objects[i]->path);
        if (clang_is_bitcode(twin)) {
            if (!argv.n) {
                const char *words[] = {m->nm, "-a", "--print-file-name", NULL};
                vec_words(&argv, words);
            }
            map_set(&m->bitcode, twin, "0");
            vec_add(&argv, twin);
        }
        free(twin);
        if (argv.n < CLANG_BATCH && !(argv.n && i + 1 == r->n))
            continue;
        struct buf out = BUF_INIT;
        int status = 0;
        rc = proc_capture(&argv, &out, &status, err);
        if (rc != 0)
            err_hint(err,
                     "it counts functions for link-time optimization, and is in the package of "
                     "llvm-profdata");
        if (rc == 0 && !proc_ok(status)) {
            rc = err_set(err, "'%s' cannot read the objects of the instrumented stage", m->nm);
            err->detail = str_dup(buf_str(&out));
        }
        if (rc == 0)
            clang_read_symbols(m, buf_str(&out));
        buf_release(&out);
        vec_release(&argv);
    }
    vec_release(&argv);
    return rc;
}

void *clang_match_open(const struct match_request *r, struct err *err)
{
    struct clang_match *m = mem_alloc(sizeof(*m));
    m->request = r;
    char *dir = path_dir(r->tools->merge),
         *name = str_replace(path_base(r->tools->merge), "profdata", "nm");
    m->nm = path_join(dir, name);
    free(dir);
    free(name);
    int rc = clang_read_profile(m, err);
    if (rc == 0)
        rc = clang_measure_record(m, err);
    if (rc == 0)
        rc = clang_count_bitcode(m, err);
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

/* How many functions the instrumented twin has; -1 when that cannot be told. */
static long clang_count(const struct clang_match *m, const char *twin, struct err *err)
{
    struct buf data = BUF_INIT;
    const char *bitcode = map_get(&m->bitcode, twin);
    long count = bitcode ? strtol(bitcode, NULL, 10) : -1;
    if (!bitcode && m->record && fs_is_file(twin) &&
        elf_section(twin, "__llvm_prf_data", &data, err) >= 0)
        count = (long)(data.len / m->record);
    buf_release(&data);
    return count;
}

/* All functions of the object are counted in its instrumented twin; those that the compiler names
   have no profile. */
int clang_match_object(void *state, const struct object *o, struct match *out, struct err *err)
{
    const struct clang_match *m = state;
    struct vec without = VEC_INIT;
    char *twin = clang_twin(m->request, o->path), *record = clang_match_record(o->path);
    int rc = clang_read_record(record, &without, err);
    long count = rc == 0 ? clang_count(m, twin, err) : -1;
    if (rc == 0 && !err->msg && count < (long)(without.n > 0))
        err_status(err, 0, "'%s' cannot be compared with an instrumented object", o->path);
    if (rc == 0 && err->msg)
        rc = -1;
    if (rc == 0) {
        for (size_t i = 0; i < without.n; i++)
            *(clang_knows(m, o, without.v[i]) ? &out->unmatched : &out->absent) += 1;
        long found = count - out->unmatched - out->absent;
        out->matched += found > 0 ? found : 0;
    }
    free(twin);
    free(record);
    vec_release(&without);
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
