/* A program of five lines goes through all that a project's programs do: compiled with the
   project's own flags and those of each stage, run, its profile merged and found again. */
#include "doctor.h"
#include "fs.h"
#include "proc.h"
#include "runtime.h"
#include "tool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char try_main[] = "#include <stdio.h>\n"
                               "#ifdef __cplusplus\n"
                               "extern \"C\"\n"
                               "#endif\n"
                               "int half(int a);\n"
                               "int main(void)\n"
                               "{\n"
                               "    int sum = 0;\n"
                               "    for (int i = 0; i < 1000; i++)\n"
                               "        sum += half(i);\n"
                               "    return printf(\"%d\\n\", sum) < 0;\n"
                               "}\n";
static const char try_half[] = "#ifdef __cplusplus\n"
                               "#include <cstdio>\n"
                               "extern \"C\"\n"
                               "#endif\n"
                               "int half(int a);\n"
                               "int half(int a)\n"
                               "{\n"
                               "    return a % 3 ? a / 2 : -a;\n"
                               "}\n";

struct
try {
    struct doctor *d;
    const struct family *family;
    const char *names[2];   /* of the sources */
    size_t compilers[2];    /* of which index */
    char *instrument, *use; /* directories, as those of stages */
    char *raw;              /* in which instrumented programs write */
    char *profile;
    struct vec env;
};

int doctor_compile(const struct doctor *d, size_t at, const struct vec *words, const char *dir,
                   const char *what, struct err *err)
{
    struct vec argv = VEC_INIT, env = VEC_INIT;
    char *log = path_join(d->scratch, "compile.log");
    vec_all(&argv, &d->setup.start[at]);
    vec_all(&argv, &d->tree.machine);
    vec_all(&argv, &d->setup.flags[at]);
    for (size_t i = 0; i < words->n; i++)
        vec_split(&argv, words->v[i], '\n'); /* a two-word option */
    proc_clean_env(&env);
    proc_set_env(&env, "LC_ALL", "C");
    int rc = tool_run(&argv, dir, &env, log, what, err);
    vec_release(&argv);
    vec_release(&env);
    free(log);
    return rc;
}

static char *try_object(const struct try *t, const char *dir, size_t i)
{
    return str_fmt("%s/%s.o", dir, t->names[i]);
}

/* The object is named relative to the directory, as build systems do. */
static int try_source(const struct try *t, const struct flags *f, size_t i, const char *dir,
                      const char *what, struct err *err)
{
    struct vec words = VEC_INIT;
    char *object = str_fmt("%s.o", t->names[i]), *source = path_join(t->d->scratch, t->names[i]);
    vec_all(&words, &f->compile);
    for (size_t k = 0; k < f->object.n; k++)
        vec_take(&words, str_replace(f->object.v[k], "<OBJECT>", object));
    const char *const rest[] = {"-O2", "-Wno-error", "-c", source, "-o", object, NULL};
    vec_words(&words, rest);
    int rc = doctor_compile(t->d, t->compilers[i], &words, dir, what, err);
    vec_release(&words);
    free(object);
    free(source);
    return rc;
}

static int try_build(const struct try *t, enum phase phase, const struct flag_place *place,
                     struct err *err)
{
    static const char *const what[] = {"", "compiling instrumented code",
                                       "compiling optimized code"};
    struct flags f = {VEC_INIT, VEC_INIT, VEC_INIT, VEC_INIT};
    struct vec words = VEC_INIT;
    t->family->flags(phase, place, &f);
    int rc = fs_mkdirs(place->build, err);
    for (size_t i = 0; i < PGO_COUNT(t->names) && rc == 0; i++) {
        rc = try_source(t, &f, i, place->build, what[phase], err);
        vec_addf(&words, "%s.o", t->names[i]);
    }
    vec_all(&words, &f.link);
    vec_all(&words, &t->d->setup.link);
    vec_add(&words, "-o");
    vec_add(&words, "try");
    if (rc == 0)
        rc = doctor_compile(t->d, t->compilers[1], &words, place->build, "linking it", err);
    flags_release(&f);
    vec_release(&words);
    return rc;
}

/* 1 when it is a program for another machine, which must be believed. */
static int try_run(struct try *t, const struct flag_place *place, struct err *err)
{
    struct vec argv = VEC_INIT, files = VEC_INIT;
    struct err ignored = ERR_INIT;
    int status = 0;
    char *program = path_join(place->build, "try"), *log = path_join(t->d->scratch, "run.log");
    vec_add(&argv, program);
    proc_clean_env(&t->env);
    t->family->run_env(place, t->raw, log, &t->env);
    proc_set_env(&t->env, "PGO_RAW", t->raw);
    const struct proc p = {.argv = &argv, .env = &t->env, .log = log};
    int rc = fs_mkdirs(t->raw, err);
    int counts = rc == 0 ? t->family->instrumented(place, program, err) : -1;
    rc = counts == 1 ? 0 : -1;
    if (counts == 0) {
        err_set(err, "the instrumented program has no counters: -fprofile-generate was passed by");
        err_hint(err, "configure with the compiler itself, without a wrapper or launcher");
    }
    if (rc == 0 && access(program, X_OK) != 0)
        rc = err_sys(err, errno, NULL, "no program can be run in '%s'", t->d->scratch);
    if (rc == 0 && proc_run(&p, &status, &ignored) != 0)
        rc = 1;
    if (rc == 0 && !proc_ok(status)) {
        char *text = proc_status_text(status);
        rc = err_set(err, "the instrumented program %s", text);
        proc_log_tail(err, log, 0);
        free(text);
    }
    if (rc == 0 && family_raw_files(t->raw, t->family->raw_suffix, &files, err) == 0 && !files.n)
        rc = err_set(err, "the instrumented program ran, and left no raw profile");
    err_release(&ignored);
    vec_release(&argv);
    vec_release(&files);
    free(program);
    free(log);
    return rc;
}

static int try_merge(const struct try *t, struct err *err)
{
    const struct profile_input in = {"trial", t->raw, 1};
    const struct merge_request q = {&t->d->tools, &in,          1, t->instrument, t->use,
                                    t->profile,   t->d->scratch};
    struct profile_report r = {0};
    int rc = t->family->merge(&q, &r, err);
    if (rc == 0 && r.dropped)
        rc = err_set(err, "the raw profile is unusable: %s", r.drops.v[0]);
    else if (rc == 0 && !r.covered)
        rc = err_set(err, "the merged profile knows nothing that ran");
    profile_report_release(&r);
    return rc;
}

/* Whether the optimized program's functions found their profile. */
static int try_match(const struct try *t, const struct flag_place *instrument,
                     const struct flag_place *use, struct match *out, struct err *err)
{
    struct flags f = {VEC_INIT, VEC_INIT, VEC_INIT, VEC_INIT};
    struct vec trained = VEC_INIT;
    struct object objects[2];
    const struct object *const all[] = {&objects[0], &objects[1]};
    t->family->flags(PHASE_USE, use, &f);
    vec_take(&trained, path_join(t->instrument, "try"));
    for (size_t i = 0; i < PGO_COUNT(objects); i++)
        objects[i] =
            (struct object){.path = try_object(t, t->use, i),
                            .source = path_join(t->d->scratch, t->names[i]),
                            .target = "try",
                            .settings = vec_join(&t->d->setup.flags[t->compilers[i]], "\n")};
    const struct match_request q = {.tools = &t->d->tools,
                                    .compiler = &t->d->tree.compiler,
                                    .profile = t->profile,
                                    .build = t->use,
                                    .flags = &f,
                                    .instrument = instrument,
                                    .trained = &trained,
                                    .scratch = t->d->scratch,
                                    .jobs = 1,
                                    .objects = (const struct object **)all,
                                    .n = PGO_COUNT(objects)};
    void *state = t->family->match_open(&q, err);
    int rc = state ? 0 : -1;
    for (size_t i = 0; i < PGO_COUNT(objects) && rc == 0; i++)
        rc = t->family->match_object(state, &objects[i], out, err);
    t->family->match_close(state);
    if (rc == 0 && (out->unmatched || !out->matched))
        rc = err_set(err, "%ld of %ld functions found their profile", out->matched,
                     out->matched + out->unmatched + out->absent);
    for (size_t i = 0; i < PGO_COUNT(objects); i++) {
        free(objects[i].path);
        free(objects[i].source);
        free(objects[i].settings);
    }
    flags_release(&f);
    vec_release(&trained);
    return rc;
}

static int try_write(const struct try *t, struct err *err)
{
    const char *const texts[] = {try_main, try_half};
    int rc = 0;
    for (size_t i = 0; i < PGO_COUNT(texts) && rc == 0; i++) {
        char *path = path_join(t->d->scratch, t->names[i]);
        rc = fs_replace(path, texts[i], strlen(texts[i]), err);
        free(path);
    }
    return rc;
}

/* All of it; 1 when the program cannot be run here. */
static int try_all(struct try *t, struct match *match, struct err *err)
{
    char *by_hand = path_join(t->d->scratch, "raw");
    const struct flag_place instrument = {
        .build = t->instrument, .raw = by_hand, .runtime = t->d->runtime};
    struct flag_place use = instrument;
    use.build = t->use;
    use.profile = t->profile;
    int rc = try_write(t, err);
    if (rc == 0)
        rc = try_build(t, PHASE_INSTRUMENT, &instrument, err);
    if (rc == 0)
        rc = try_run(t, &instrument, err);
    if (rc == 0)
        rc = try_merge(t, err);
    if (rc == 0)
        rc = try_build(t, PHASE_USE, &use, err);
    if (rc == 0)
        rc = try_match(t, &instrument, &use, match, err);
    free(by_hand);
    return rc;
}

void doctor_try(struct doctor *d, struct finding *f)
{
    struct err err = ERR_INIT;
    struct match match = {0};
    bool two = d->tree.other.path != NULL;
    if (d->known && !d->tree.ops)
        return;
    if (!d->works || !d->paired) {
        doctor_say(f, DOCTOR_NOTE, NULL, "not made, for want of what is missing above");
        return;
    }
    struct try t = {.d = d,
                    .family = d->tree.compiler.family,
                    .names = {"try.c", two ? "half.cc" : "half.c"},
                    .compilers = {0, two ? 1 : 0},
                    .instrument = path_join(d->scratch, "instrument"),
                    .use = path_join(d->scratch, "use"),
                    .raw = path_join(d->scratch, "train"),
                    .profile =
                        str_fmt("%s/profile%s", d->scratch, d->tree.compiler.family->suffix)};
    int rc = try_all(&t, &match, &err);
    char *mend = rc < 0 ? doctor_package(d, err.detail) : NULL;
    if (rc < 0 && !err.hint)
        err_hint(&err, "'pgo doctor -v' shows all that was said");
    if (rc < 0)
        doctor_fail(f, DOCTOR_WRONG, mend, &err);
    else if (rc > 0)
        doctor_say(f, DOCTOR_NOTE, NULL,
                   "compiled for another machine: its programs cannot be run here");
    else
        doctor_say(f, DOCTOR_OK, NULL,
                   "a program%s was compiled, run, and optimized: %ld of %ld functions found their "
                   "profile",
                   two ? " in C and C++" : "", match.matched, match.matched);
    free(mend);
    vec_release(&t.env);
    free(t.instrument);
    free(t.use);
    free(t.raw);
    free(t.profile);
    err_release(&err);
}

/* In a session of its own, whose folder is the scratch directory. */
void doctor_runtime(struct doctor *d, struct finding *f)
{
    static const char *const folders[] = {"state", "log", "scratch"};
    struct session s = {.tree = d->tree, .options = d->options, .compiler_stamp = "doctor"};
    struct err err = ERR_INIT;
    int rc = 0;
    if (!d->works)
        return;
    s.tree.home = d->scratch;
    for (size_t i = 0; i < PGO_COUNT(folders) && rc == 0; i++) {
        char *path = path_join(d->scratch, folders[i]);
        rc = fs_mkdirs(path, &err);
        free(path);
    }
    if (rc == 0)
        rc = runtime_bring(&s, false, &err);
    char *missing = rc == 0 ? runtime_missing(&s) : NULL;
    char *mend = missing ? doctor_package(d, missing) : NULL;
    d->runtime = s.runtime;
    if (rc != 0)
        doctor_fail(f, DOCTOR_WRONG, NULL, &err);
    else if (s.runtime)
        doctor_say(f, DOCTOR_OK, NULL, "linked into a program, which left its profile when killed");
    else
        doctor_say(f, DOCTOR_NOTE, mend, "cannot be linked (%s): " RUNTIME_WITHOUT,
                   missing ? missing : "unknown");
    free(missing);
    free(mend);
    err_release(&err);
}
