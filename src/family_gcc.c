/* GCC: .gcda files, to which each process adds in place. No tool of GCC's is needed. */
#include "family.h"
#include "fs.h"
#include "gcc_ids.h"
#include "gcda.h"
#include "proc.h"

#include <stdlib.h>
#include <string.h>

static const char *const gcc_ids[] = {"GNU", NULL};

/* GCC calls its own in the place of fork and exec*. */
static const char gcc_calls[] = "__gcov_dump,__gcov_reset,__gcov_fork,__gcov_execl,__gcov_execle,"
                                "__gcov_execlp,__gcov_execv,__gcov_execve,__gcov_execvp";

static void gcc_flags(enum phase phase, const struct flag_place *place, struct flags *out)
{
    static const char *const updates[] = {"single", "atomic", "prefer-atomic"};
    if (phase == PHASE_BASELINE)
        return;
    /* Both phases: names of profiles relative to the stage. */
    vec_addf(&out->compile, "-fprofile-prefix-path=%s", place->build);
    /* Without a seed the time of compilation is in each object and each profile. */
    vec_add(&out->object, "-frandom-seed=<OBJECT>");
    if (phase == PHASE_INSTRUMENT) {
        vec_addf(&out->compile, "-fprofile-generate=%s", place->raw);
        vec_addf(&out->compile, "-fprofile-update=%s", updates[place->atomic]);
        vec_add(&out->link, "-fprofile-generate");
        vec_add(&out->compile, place->runtime ? "-DPGO_INSTRUMENTED" : "-DPGO_INSTRUMENTED_PLAIN");
        if (place->runtime) {
            family_link_runtime(place->runtime, gcc_calls, &out->link);
            /* lld looks for nothing in an archive that is only wrapped. */
            vec_add(&out->link, "-Wl,-u,__gcov_dump,-u,__gcov_reset");
        }
        /* A .gcno file beside each object, which tells what the numbers in its profile stand for.
         */
        vec_add(&out->compile, "-ftest-coverage");
        return;
    }
    static const char *const use[] = {
        /* Counts of threads may be inconsistent: corrected, where it would be an error otherwise.
         */
        "-fprofile-correction", "-Wno-error=coverage-mismatch", "-Wno-error=missing-profile",
        /* One line per function, beside the object: the proof that a profile was found. */
        "-fdump-ipa-profile", NULL};
    vec_addf(&out->compile, "-fprofile-use=%s", place->profile);
    vec_words(&out->compile, use);
    vec_add(&out->link, "-fprofile-use");
}

static int gcc_tools(const struct compiler *c, struct tools *out, struct err *err)
{
    (void)c;
    (void)out;
    (void)err;
    return 0;
}

static void gcc_run_env(const struct flag_place *place, const char *raw, const char *log,
                        struct vec *env)
{
    /* Programs carry <raw directory of the flags>/<mangled object>; only the last part is kept. */
    char *strip = str_fmt("%zu", path_depth(place->raw));
    proc_set_env(env, "GCOV_PREFIX", raw);
    proc_set_env(env, "GCOV_PREFIX_STRIP", strip);
    proc_set_env(env, "GCOV_ERROR_FILE", log);
    free(strip);
}

/* The names of the .gcda files that an artifact writes: they stand in it, each behind the raw
   directory of the flags. */
static int gcc_names(const struct flag_place *place, const char *artifact, struct vec *names,
                     struct err *err)
{
    struct buf file = BUF_INIT;
    char *start = str_fmt("%s/", place->raw);
    size_t n = strlen(start);
    int rc = fs_read(artifact, &file, err);
    const char *p = file.p, *end = file.p ? file.p + file.len : NULL;
    while (rc == 0 && p && p + n < end && (p = memchr(p, '/', (size_t)(end - p) - n))) {
        if (memcmp(p, start, n) == 0 && memchr(p, '\0', (size_t)(end - p)) && str_ends(p, ".gcda"))
            vec_add(names, p + n);
        p++;
    }
    free(start);
    buf_release(&file);
    return rc;
}

static int gcc_instrumented(const struct flag_place *place, const char *artifact, struct err *err)
{
    struct vec names = VEC_INIT;
    int rc = gcc_names(place, artifact, &names, err);
    bool any = names.n > 0;
    for (size_t i = 0; i < names.n && rc == 0; i++) {
        /* GCC mangles only what it was given as a relative path. */
        if (!strchr(names.v[i], '/'))
            continue;
        char *base = str_dup(path_base(names.v[i]));
        rc = err_status(err, PGO_GATE,
                        "0 of the functions of '%s' would find their profile: it is written as "
                        "'%s' and looked for as '…#%s' of '%s'",
                        artifact, names.v[i], base, place->build);
        err_hint(err, "something, a compiler launcher or wrapper perhaps, gives GCC the object's "
                      "full path; configure without it");
        free(base);
    }
    vec_release(&names);
    return rc == 0 ? any : -1;
}

static int gcc_traces(const struct flag_place *place, const char *artifact, struct traces *out,
                      struct err *err)
{
    return gcc_names(place, artifact, &out->files, err);
}

/* "<process>~<name>" is what one process counted for the file of that name (runtime/gcc.c). */
static const char *gcc_name(const char *file)
{
    size_t n = strspn(file, "0123456789"), dot = n + (file[n] == '.');
    size_t end = dot + strspn(file + dot, "0123456789abcdef");
    return n && dot > n && end > dot && file[end] == '~' ? file + end + 1 : file;
}

/* At exit a program writes a file for each of its objects. */
static int gcc_wrote(const struct traces *all, size_t n, const char *raw, bool *wrote,
                     struct err *err)
{
    struct vec files_there = VEC_INIT, there = VEC_INIT;
    int rc = family_raw_files(raw, ".gcda", &files_there, err);
    for (size_t i = 0; i < files_there.n; i++)
        vec_add(&there, gcc_name(files_there.v[i]));
    vec_sort(&there);
    vec_release(&files_there);
    for (size_t i = 0; i < n; i++) {
        const struct vec *files = &all[i].files;
        wrote[i] = files->n > 0;
        for (size_t k = 0; k < files->n && wrote[i]; k++)
            wrote[i] = vec_has_sorted(&there, files->v[k]);
    }
    vec_release(&there);
    return rc;
}

/* The merged files by name, while they are added up. */
struct gcc_sum {
    struct vec names;
    struct gcda *files;
};

static struct gcda *gcc_sum_file(struct gcc_sum *sum, struct map *index, const char *name)
{
    const char *known = map_get(index, name);
    long at = (long)sum->names.n;
    if (known && str_long(known, 0, INT32_MAX, &at))
        return &sum->files[at];
    map_setf(index, name, "%ld", at);
    vec_add(&sum->names, name);
    sum->files = mem_grow(sum->files, sum->names.n, sizeof(*sum->files));
    memset(&sum->files[at], 0, sizeof(*sum->files));
    return &sum->files[at];
}

static int gcc_sum_training(struct gcc_sum *sum, struct map *index, const struct profile_input *in,
                            struct profile_report *r, struct err *err)
{
    struct vec names = VEC_INIT;
    int rc = family_raw_files(in->raw, ".gcda", &names, err);
    for (size_t i = 0; i < names.n && rc == 0; i++) {
        struct gcda one;
        const char *fault;
        char *path = path_join(in->raw, names.v[i]);
        r->files++;
        rc = gcda_read(path, &one, &fault, err);
        if (rc == 0 && !fault)
            fault = gcda_add(gcc_sum_file(sum, index, gcc_name(names.v[i])), &one, in->weight);
        if (rc == 0 && fault)
            family_drop(r, in->name, path, fault);
        gcda_release(&one);
        free(path);
    }
    vec_release(&names);
    return rc;
}

static void gcc_sum_release(struct gcc_sum *sum)
{
    for (size_t i = 0; i < sum->names.n; i++)
        gcda_release(&sum->files[i]);
    free(sum->files);
    vec_release(&sum->names);
}

static void gcc_report(const struct gcc_sum *sum, struct profile_report *r)
{
    struct gcda_facts facts = {0, 0, 0};
    for (size_t i = 0; i < sum->names.n; i++)
        gcda_count(&sum->files[i], &facts);
    r->functions = facts.functions;
    r->covered = facts.covered;
    r->max_count = facts.max_count;
}

static int gcc_covered(const struct tools *tools, const struct profile_input *in,
                       const char *scratch, struct counts *out, struct profile_report *r,
                       struct err *err)
{
    struct gcc_sum sum = {VEC_INIT, NULL};
    struct map index = MAP_INIT;
    (void)tools;
    (void)scratch;
    int rc = gcc_sum_training(&sum, &index, in, r, err);
    gcc_report(&sum, r);
    for (size_t i = 0; i < sum.names.n; i++)
        gcda_ran(&sum.files[i], sum.names.v[i], out);
    gcc_sum_release(&sum);
    map_release(&index);
    return rc;
}

/* <build>/CMakeFiles/x.dir/a.c.gcno of CMakeFiles#x.dir#a.c.gcda; the caller frees it. */
static char *gcc_notes(const char *build, const char *name)
{
    char *path = str_fmt("%s/%.*sgcno", build, (int)(strlen(name) - strlen("gcda")), name);
    for (char *c = path + strlen(build); (c = strchr(c, '#')); c++) {
        *c = '\0';
        *c = fs_is_dir(path) ? '/' : '#'; /* a name may have one of its own */
    }
    return path;
}

/* Of "<file>.gcda:<number>", what gcda_ran makes. */
static char *gcc_function(const char *build, const char *name)
{
    const char *colon = strrchr(name, ':');
    char *file = str_ndup(name, (size_t)(colon - name)), *notes = gcc_notes(build, file);
    char *function = gcc_ids_name(notes, (uint32_t)strtoul(colon + 1, NULL, 16));
    const char *hash = strrchr(file, '#'), *source = hash ? hash + 1 : file;
    char *text = str_fmt("%s (%.*s)", function ? function : colon + 1,
                         (int)(strlen(source) - strlen(".gcda")), source);
    free(file);
    free(notes);
    free(function);
    return text;
}

/* Numbers that were made of paths in the one stage become those of the other. */
static void gcc_move(struct gcc_sum *sum, const char *from, const char *to)
{
    struct gcc_ids all = {NULL, 0, 0};
    for (size_t i = 0; i < sum->names.n; i++) {
        size_t before = all.n;
        char *notes = gcc_notes(from, sum->names.v[i]);
        gcc_ids_read(&all, notes, from, to);
        struct gcc_ids own = {all.v ? all.v + before : NULL, all.n - before, 0};
        gcc_ids_sort(&own);
        gcc_ids_rename(&own, &sum->files[i]);
        free(notes);
    }
    gcc_ids_sort(&all);
    for (size_t i = 0; i < sum->names.n; i++)
        gcc_ids_retarget(&all, &sum->files[i]);
    gcc_ids_release(&all);
}

static int gcc_merge(const struct merge_request *q, struct profile_report *r, struct err *err)
{
    struct gcc_sum sum = {VEC_INIT, NULL};
    struct map index = MAP_INIT;
    int rc = fs_mkdirs(q->out, err);
    for (size_t i = 0; i < q->n && rc == 0; i++)
        rc = gcc_sum_training(&sum, &index, &q->inputs[i], r, err);
    if (rc == 0 && q->instrument)
        gcc_move(&sum, q->instrument, q->use);
    for (size_t i = 0; i < sum.names.n && rc == 0; i++) {
        char *path = path_join(q->out, sum.names.v[i]);
        rc = gcda_write(path, &sum.files[i], err);
        free(path);
    }
    if (rc == 0 && !sum.names.n)
        rc = err_set(err, "none of the %zu raw profiles is usable", r->files);
    gcc_report(&sum, r);
    gcc_sum_release(&sum);
    map_release(&index);
    return rc;
}

struct gcc_match {
    const char *build, *instrument;
    struct map functions; /* name of a .gcda file in the profile → its number of functions */
    struct vec expected;  /* sorted: names that the trained programs write */
};

static void gcc_match_close(void *state)
{
    struct gcc_match *m = state;
    if (!m)
        return;
    map_release(&m->functions);
    vec_release(&m->expected);
    free(m);
}

static void *gcc_match_open(const struct match_request *r, struct err *err)
{
    struct gcc_match *m = mem_alloc(sizeof(*m));
    m->build = r->build;
    m->instrument = r->instrument->build;
    struct vec names = VEC_INIT;
    int rc = family_raw_files(r->profile, ".gcda", &names, err);
    for (size_t i = 0; i < names.n && rc == 0; i++) {
        struct gcda one;
        struct gcda_facts facts = {0, 0, 0};
        const char *fault;
        char *path = path_join(r->profile, names.v[i]);
        rc = gcda_read(path, &one, &fault, err);
        if (rc == 0 && fault)
            rc = err_set(err, "the profile '%s' is %s", path, fault);
        gcda_count(&one, &facts);
        map_setf(&m->functions, names.v[i], "%llu", facts.functions);
        gcda_release(&one);
        free(path);
    }
    for (size_t i = 0; i < r->trained->n && rc == 0; i++)
        rc = gcc_names(r->instrument, r->trained->v[i], &m->expected, err);
    vec_sort(&m->expected);
    vec_release(&names);
    if (rc == 0)
        return m;
    gcc_match_close(m);
    return NULL;
}

/* The object's path below the build directory, mangled as GCC does (gcc/coverage.cc). */
static char *gcc_mangled(const char *build, const struct object *o)
{
    const char *below = path_below(o->path, build);
    char *stem = str_dup(below ? below : o->path);
    if (str_ends(stem, ".o"))
        stem[strlen(stem) - 2] = '\0';
    for (char *c = stem; *c; c++)
        *c = *c == '/' ? '#' : *c;
    char *name = str_fmt("%s.gcda", stem);
    free(stem);
    return name;
}

/* a.c.o → a.c.c.069i.profile: the number of the pass differs between versions. It is looked for in
   the directory once and then known. */
static char gcc_pass[16];

static char *gcc_record_guess(const char *stem)
{
    const char *dot = strrchr(stem, '.');
    char *path = str_fmt("%s%s.%s", stem, dot ? dot : "", gcc_pass);
    if (*gcc_pass && fs_is_file(path))
        return path;
    free(path);
    return NULL;
}

static char *gcc_match_record(const char *object)
{
    char *stem = str_ndup(object, strlen(object) - strlen(".o"));
    char *found = gcc_record_guess(stem), *dir = path_dir(object);
    struct vec names = VEC_INIT;
    struct err ignored = ERR_INIT;
    if (!found)
        fs_list(dir, &names, &ignored);
    for (size_t i = 0; i < names.n && !found; i++) {
        const char *pass = strrchr(names.v[i], '.');
        while (pass && pass > names.v[i] && pass[-1] != '.')
            pass--; /* 069i.profile */
        if (pass && str_ends(pass, "i.profile") && strlen(pass) < sizeof(gcc_pass)) {
            memcpy(gcc_pass, pass, strlen(pass) + 1);
            found = gcc_record_guess(stem);
        }
    }
    err_release(&ignored);
    vec_release(&names);
    free(dir);
    free(stem);
    return found;
}

/* GCC reads the profiles of thunks, which no record tells. */
static long gcc_thunks(const struct gcc_match *m, const char *name)
{
    struct gcc_ids ids = {NULL, 0, 0};
    char *notes = gcc_notes(m->instrument, name);
    gcc_ids_read(&ids, notes, m->instrument, m->build);
    long thunks = ids.thunks;
    gcc_ids_release(&ids);
    free(notes);
    return thunks;
}

static int gcc_match_object(void *state, const struct object *o, struct match *out, struct err *err)
{
    const struct gcc_match *m = state;
    struct buf text = BUF_INIT;
    char *path = gcc_match_record(o->path), *save = NULL;
    long total = 0, matched = 0, known = 0;
    bool corrected = false; /* the function whose lines these are */
    if (!path)
        return err_status(err, 0, "'%s' has no profile dump", o->path);
    int rc = fs_read(path, &text, err);
    for (char *line = text.p ? strtok_r(text.p, "\n", &save) : NULL; line;
         line = strtok_r(NULL, "\n", &save)) {
        bool begins = str_starts(line, ";; Function ");
        bool wrong = !begins && strstr(line, " is inconsistent, count") != NULL;
        total += begins;
        out->corrected += wrong && !corrected;
        corrected = !begins && (corrected || wrong);
        matched += str_starts(line, " Profile feedback for function is available");
    }
    char *name = gcc_mangled(m->build, o);
    const char *functions = map_get(&m->functions, name);
    if (functions)
        known = str_long(functions, 0, INT32_MAX, &known) ? known - gcc_thunks(m, name) : 0;
    else if (vec_has_sorted(&m->expected, name))
        known = total;
    long unmatched = (known < total ? known : total) - matched;
    out->matched += matched;
    out->unmatched += unmatched > 0 ? unmatched : 0;
    out->absent += total - matched - (unmatched > 0 ? unmatched : 0);
    free(name);
    free(path);
    buf_release(&text);
    return rc;
}

static char *gcc_match_example(void *state, const struct object *o)
{
    const struct gcc_match *m = state;
    char *name = gcc_mangled(m->build, o);
    char *text =
        map_get(&m->functions, name)
            ? str_fmt("the functions of '%s' are not those of its profile '%s'", o->source, name)
            : str_fmt("'%s' looks for '%s'; the profile has %zu files, for example '%s'", o->source,
                      name, m->functions.keys.n,
                      m->functions.keys.n ? m->functions.keys.v[0] : "none");
    free(name);
    return text;
}

const struct family family_gcc = {
    .name = "gcc",
    .ids = gcc_ids,
    .suffix = "",
    .raw_suffix = ".gcda",
    .marks = {NULL, "-fprofile-generate", "-fprofile-use"},
    .oldest = 12,
    .package = "gcc-%s",
    .flags = gcc_flags,
    .tools = gcc_tools,
    .run_env = gcc_run_env,
    .instrumented = gcc_instrumented,
    .traces = gcc_traces,
    .wrote = gcc_wrote,
    .merge = gcc_merge,
    .covered = gcc_covered,
    .function = gcc_function,
    .match_open = gcc_match_open,
    .match_object = gcc_match_object,
    .match_close = gcc_match_close,
    .match_example = gcc_match_example,
    .match_record = gcc_match_record,
};
