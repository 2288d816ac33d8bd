/* Clang: IR instrumentation, .profraw files, llvm-profdata, which merges them. Of raw profiles only
   build ids and tables of names are looked for, as they stand in the programs. */
#include "clang_match.h"
#include "elf.h"
#include "family.h"
#include "fs.h"
#include "proc.h"

#include <stdlib.h>
#include <string.h>

static const char *const clang_ids[] = {"Clang", NULL};

static const char clang_calls[] = "__llvm_profile_write_file,__llvm_profile_dump";

/* Other languages' compilers link without Clang's profile runtime. It lies beside that of the
   compiler's built-in functions, whose path Clang tells. */
static void clang_flags_others(const struct flag_place *place, struct vec *out)
{
    const struct compiler *c = place->linked_by_others;
    struct vec argv = VEC_INIT;
    struct buf text = BUF_INIT;
    struct err ignored = ERR_INIT;
    int status;
    const char *words[] = {c->path, "--rtlib=compiler-rt", "--print-libgcc-file-name", NULL};
    vec_words(&argv, words);
    if (proc_capture(&argv, &text, &status, &ignored) == 0 && proc_ok(status)) {
        char *line = str_ndup(buf_str(&text), strcspn(buf_str(&text), "\n"));
        vec_add(out, "-Wl,--build-id");
        if (place->runtime) /* before the library, of which it replaces a part */
            family_link_runtime(place->runtime, clang_calls, out);
        vec_add(out, "-Wl,-u,__llvm_profile_runtime");
        vec_take(out, str_replace(line, "builtins", "profile"));
        free(line);
    }
    err_release(&ignored);
    vec_release(&argv);
    buf_release(&text);
}

static void clang_flags(enum phase phase, const struct flag_place *place, struct flags *out)
{
    if (phase == PHASE_BASELINE)
        return;
    /* Static functions are named by their source's path: without as many leading directories as
       the stage has, generated sources have one name in all stages. */
    if (!place->relative)
        vec_addf(&out->compile, "-mllvm\n-static-func-strip-dirname-prefix=%zu",
                 path_depth(place->build) + 1);
    if (phase == PHASE_INSTRUMENT) {
        vec_addf(&out->compile, "-fprofile-generate=%s", place->raw);
        vec_add(&out->link, "-fprofile-generate");
        /* It stands in each raw profile, and tells which program wrote it. */
        vec_add(&out->link, "-Wl,--build-id");
        if (place->linked_by_others)
            clang_flags_others(place, &out->others);
        vec_add(&out->compile, place->runtime ? "-DPGO_INSTRUMENTED" : "-DPGO_INSTRUMENTED_PLAIN");
        if (place->runtime) {
            family_link_runtime(place->runtime, clang_calls, &out->link);
        }
        if (place->atomic != ATOMIC_OFF)
            vec_add(&out->compile, "-mllvm\n-instrprof-atomic-counter-update-all");
        return;
    }
    static const char *const use[] = {
        "-Wno-error=profile-instr-unprofiled", "-Wno-error=profile-instr-out-of-date",
        /* What has no profile is told: the proof that the rest has one. */
        "-mllvm\n-pgo-warn-missing-function", NULL};
    vec_addf(&out->compile, "-fprofile-use=%s", place->profile);
    vec_words(&out->compile, use);
    /* What is said of an object lies beside it. */
    vec_add(&out->object, "--serialize-diagnostics\n<OBJECT>.dia");
    /* Behind all of the project's own options, -Wno-everything perhaps. */
    vec_add(&out->object, "-Wbackend-plugin");
    vec_add(&out->object, "-Wno-error=backend-plugin");
}

static int clang_tools(const struct compiler *c, struct tools *out, struct err *err)
{
    struct vec names = VEC_INIT;
    char *real = realpath(c->path, NULL);
    char *dir = path_dir(real ? real : c->path);
    char *major = str_ndup(c->version, strcspn(c->version, "."));
    vec_addf(&names, "%s/llvm-profdata", dir);
    vec_addf(&names, "llvm-profdata-%s", major);
    vec_add(&names, "llvm-profdata");
    vec_addf(&names, "/usr/lib/llvm-%s/bin/llvm-profdata", major);
    /* LLVM 14 answers --version only behind a command. */
    static const char *const ask[] = {"merge", "--version", NULL};
    out->merge = family_pair(c, "llvm-profdata", &names, ask, 1, &out->misfits, err);
    free(real);
    free(dir);
    free(major);
    vec_release(&names);
    return out->merge ? 0 : -1;
}

static void clang_run_env(const struct flag_place *place, const char *raw, const char *log,
                          struct vec *env)
{
    (void)place;
    (void)log;
    char *pattern = str_fmt("%s/%%m_%%p.profraw", raw);
    proc_set_env(env, "LLVM_PROFILE_FILE", pattern);
    free(pattern);
}

static int clang_instrumented(const struct flag_place *place, const char *artifact, struct err *err)
{
    (void)place;
    struct buf counters = BUF_INIT;
    int rc = elf_section(artifact, "__llvm_prf_cnts", &counters, err);
    rc = rc == 1 ? counters.len > 0 : rc;
    buf_release(&counters);
    return rc;
}

/* The linker's build id, which a raw profile has right behind its header. The section is an ELF
   note: three words, "GNU", the id. */
static int clang_build_id(const char *artifact, struct buf *id, struct err *err)
{
    struct buf note = BUF_INIT;
    int rc = elf_section(artifact, ".note.gnu.build-id", &note, err);
    if (rc == 1 && note.len > 16)
        buf_add(id, note.p + 16, note.len - 16);
    buf_release(&note);
    return rc < 0 ? -1 : 0;
}

/* Whether two raw profiles are of one module: <module signature>_<process>.profraw. */
static bool clang_same_module(const char *a, const char *b)
{
    size_t n = strcspn(a, "_");
    return strncmp(a, b, n + 1) == 0;
}

/* A program without a build id is known by its table of names, with which a raw profile ends:
   another program with the same functions is then taken for it. */
static int clang_traces(const struct flag_place *place, const char *artifact, struct traces *out,
                        struct err *err)
{
    (void)place;
    int rc = clang_build_id(artifact, &out->head, err);
    if (rc == 0 && !out->head.len)
        rc = elf_section(artifact, "__llvm_prf_names", &out->part, err);
    return rc < 0 ? -1 : 0;
}

/* The start of a raw profile is enough for a build id: there may be thousands of them. */
static void clang_wrote_heads(const struct traces *all, size_t n, const char *path, bool *wrote)
{
    char head[1024];
    const struct buf start = {head, fs_head(path, head, sizeof(head)), sizeof(head)};
    for (size_t i = 0; i < n; i++)
        wrote[i] |= buf_contains(&start, &all[i].head);
}

static int clang_wrote(const struct traces *all, size_t n, const char *raw, bool *wrote,
                       struct err *err)
{
    struct vec files = VEC_INIT;
    const char *seen = NULL; /* the last one that was read whole: one of each module will do */
    bool parts = false;
    int rc = family_raw_files(raw, ".profraw", &files, err);
    for (size_t i = 0; i < n; i++)
        parts |= all[i].part.len > 0;
    for (size_t k = 0; k < files.n && rc == 0; k++) {
        struct buf content = BUF_INIT;
        char *path = path_join(raw, files.v[k]);
        clang_wrote_heads(all, n, path, wrote);
        if (parts && !(seen && clang_same_module(seen, files.v[k])))
            rc = fs_read(path, &content, err);
        if (content.len)
            seen = files.v[k];
        for (size_t i = 0; i < n && content.len; i++)
            wrote[i] |= buf_contains(&content, &all[i].part);
        buf_release(&content);
        free(path);
    }
    vec_release(&files);
    return rc;
}

/* "warning: FILE: reason" for each file that could not be merged. */
static void clang_read_drops(const char *text, const struct profile_input *in, size_t n,
                             struct profile_report *r)
{
    for (const char *line = text; *line;) {
        size_t len = strcspn(line, "\n");
        char *s = str_ndup(line, len);
        for (size_t i = 0; i < n; i++) {
            char *start = str_fmt("warning: %s/", in[i].raw);
            if (str_starts(s, start)) {
                char *file = s + strlen(start), *colon = strstr(file, ": ");
                if (colon)
                    *colon = '\0';
                family_drop(r, in[i].name, file, colon ? colon + 2 : "unusable");
            }
            free(start);
        }
        free(s);
        line += len + (line[len] == '\n');
    }
}

static unsigned long long clang_number(const char *text, const char *label)
{
    const char *hit = strstr(text, label);
    return hit ? strtoull(hit + strlen(label), NULL, 10) : 0;
}

static int clang_tool(const char *tool, const char *const *words, struct buf *out, int *status,
                      struct err *err)
{
    struct vec argv = VEC_INIT;
    vec_add(&argv, tool);
    vec_words(&argv, words);
    int rc = proc_capture(&argv, out, status, err);
    vec_release(&argv);
    return rc;
}

/* What llvm-profdata shows last. */
static void clang_read_summary(const char *s, struct profile_report *r)
{
    r->functions = clang_number(s, "\nTotal functions: ");
    r->covered = clang_number(s, "\nNumber of functions with maximum count (>= 1): ");
    r->max_count = clang_number(s, "\nMaximum internal block count: ");
    unsigned long long entry = clang_number(s, "\nMaximum function count: ");
    if (entry > r->max_count)
        r->max_count = entry;
}

static int clang_summary(const char *tool, const char *profile, struct profile_report *r,
                         struct err *err)
{
    struct buf out = BUF_INIT;
    int status = 0;
    const char *words[] = {"show", "--value-cutoff=1", profile, NULL};
    int rc = clang_tool(tool, words, &out, &status, err);
    if (rc == 0 && !proc_ok(status)) {
        rc = err_set(err, "'%s show' cannot read the profile it merged", tool);
        err->detail = str_dup(buf_str(&out));
    }
    clang_read_summary(buf_str(&out), r);
    buf_release(&out);
    return rc;
}

/* Which files of which kind: front-end and IR profiles do not mix, which llvm-profdata may or may
   not say. One file of each module is asked, whichever training wrote it. */
static int clang_mixed(const char *tool, const struct profile_input *in, size_t n, struct err *err)
{
    char *found[2] = {NULL, NULL};
    struct map known = MAP_INIT; /* modules by their signatures */
    for (size_t i = 0; i < n; i++) {
        struct vec files = VEC_INIT;
        struct err ignored = ERR_INIT;
        family_raw_files(in[i].raw, ".profraw", &files, &ignored);
        for (size_t k = 0; k < files.n && !(found[0] && found[1]); k++) {
            if (k > 0 && clang_same_module(files.v[k - 1], files.v[k]))
                continue;
            struct buf out = BUF_INIT;
            int status = 0;
            char *path = path_join(in[i].raw, files.v[k]);
            char *module = str_ndup(files.v[k], strcspn(files.v[k], "_"));
            const char *words[] = {"show", path, NULL};
            if (!map_get(&known, module) && clang_tool(tool, words, &out, &status, &ignored) == 0 &&
                proc_ok(status)) {
                map_set(&known, module, "");
                char **slot = &found[strstr(buf_str(&out), "Front-end") != NULL];
                if (!*slot)
                    *slot = str_fmt("'%s' (training '%s')", path, in[i].name);
            }
            free(path);
            free(module);
            buf_release(&out);
        }
        vec_release(&files);
        err_release(&ignored);
    }
    map_release(&known);
    if (found[0] && found[1]) {
        err_set(err,
                "profiles of two kinds cannot be merged: %s is of IR instrumentation "
                "(-fprofile-generate), %s of front-end instrumentation (-fprofile-instr-generate)",
                found[0], found[1]);
        err_hint(
            err,
            "take -fprofile-instr-generate and -fcoverage-mapping out of the project's own flags");
    }
    bool mixed = found[0] && found[1];
    free(found[0]);
    free(found[1]);
    return mixed ? -1 : 0;
}

static bool clang_is_empty(const char *dir, const char *name)
{
    struct stat st;
    char *path = path_join(dir, name);
    bool empty = stat(path, &st) == 0 && st.st_size == 0;
    free(path);
    return empty;
}

/* A module without counters, such as an excluded program on an instrumented library, writes empty
   files and nothing else. */
static bool clang_has_no_counters(const char *dir, const struct vec *files, const char *name)
{
    bool others = false;
    for (size_t i = 0; i < files->n; i++) {
        bool empty = clang_is_empty(dir, files->v[i]);
        if (!empty && clang_same_module(name, files->v[i]))
            return false;
        others |= !empty;
    }
    return others;
}

/* Every file once at weight 1, then again at weight N - 1: at once, llvm-profdata would skip the
   weight for value-profile entries that are new to the destination. */
static int clang_inputs(const struct profile_input *in, size_t n, struct buf *list,
                        struct profile_report *r, struct err *err)
{
    struct buf again = BUF_INIT;
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0; i++) {
        struct vec files = VEC_INIT;
        rc = family_raw_files(in[i].raw, ".profraw", &files, err);
        for (size_t k = 0; k < files.n; k++) {
            bool empty = clang_is_empty(in[i].raw, files.v[k]);
            if (empty && clang_has_no_counters(in[i].raw, &files, files.v[k]))
                continue;
            char *path = path_join(in[i].raw, files.v[k]);
            r->files++;
            if (empty) {
                family_drop(r, in[i].name, path, "empty");
            } else {
                buf_addf(list, "1,%s\n", path);
                if (in[i].weight > 1)
                    buf_addf(&again, "%ld,%s\n", in[i].weight - 1, path);
            }
            free(path);
        }
        vec_release(&files);
    }
    buf_adds(list, buf_str(&again));
    buf_release(&again);
    return rc;
}

static int clang_merge(const struct merge_request *q, struct profile_report *r, struct err *err)
{
    struct buf list = BUF_INIT, text = BUF_INIT;
    char *list_path = path_join(q->scratch, "inputs");
    int status = 0;
    int rc = clang_inputs(q->inputs, q->n, &list, r, err);
    if (rc == 0)
        rc = fs_replace(list_path, buf_str(&list), list.len, err);
    const char *words[] = {"merge", "--failure-mode=all", "-o", q->out, "-f", list_path, NULL};
    if (rc == 0)
        rc = clang_tool(q->tools->merge, words, &text, &status, err);
    if (rc == 0) {
        clang_read_drops(buf_str(&text), q->inputs, q->n, r);
        rc = clang_mixed(q->tools->merge, q->inputs, q->n, err);
    }
    if (rc == 0 && !proc_ok(status)) {
        err_set(err,
                r->dropped >= r->files ? "none of the %zu raw profiles is usable"
                                       : "merging %zu raw profiles failed",
                r->files);
        err->detail = str_dup(buf_str(&text));
        rc = -1;
    }
    if (rc == 0)
        rc = clang_summary(q->tools->merge, q->out, r, err);
    buf_release(&list);
    buf_release(&text);
    free(list_path);
    return rc;
}

/* Numbers between commas, up to the bracket. */
static void clang_read_counts(const char *text, struct counts_function *out)
{
    char *end;
    for (const char *c = text; *c && *c != ']' && *c != '\n'; c = end + strspn(end, ", ")) {
        unsigned long long count = strtoull(c, &end, 10);
        if (end == c)
            return;
        out->v = mem_grow(out->v, out->n + 1, sizeof(*out->v));
        out->v[out->n++] = count;
    }
}

/* Each function that ran is a line "  <name>:", and below it "    Hash: <of its code>" and
   "    Block counts: [<n>, ...]". */
static void clang_read_functions(const char *text, struct counts *out)
{
    static const char hash[] = "    Hash: ", counts[] = "    Block counts: [";
    const char *name = NULL;
    struct counts_function *last = NULL;
    for (const char *line = text; *line;
         line += line[strcspn(line, "\n")] ? strcspn(line, "\n") + 1 : 0) {
        size_t n = strcspn(line, "\n");
        if (str_starts(line, hash) && name)
            last = counts_add(out, str_fmt("%.*s%.*s", (int)strcspn(name, "\n"), name,
                                           (int)(n - strlen(hash)), line + strlen(hash)));
        else if (str_starts(line, counts) && last)
            clang_read_counts(line + strlen(counts), last);
        name = line;
    }
}

/* "  <name>:<hash>", what clang_read_functions makes. */
static char *clang_function(const char *build, const char *name)
{
    const char *start = name + strspn(name, " "), *colon = strrchr(start, ':');
    (void)build;
    return str_ndup(start, colon ? (size_t)(colon - start) : strlen(start));
}

static int clang_covered(const struct tools *tools, const struct profile_input *in,
                         const char *scratch, struct counts *out, struct profile_report *r,
                         struct err *err)
{
    struct buf list = BUF_INIT, text = BUF_INIT;
    char *inputs = path_join(scratch, "inputs"), *profile = path_join(scratch, "profile");
    const char *merge[] = {"merge", "-o", profile, "-f", inputs, NULL};
    const char *show[] = {"show", "--all-functions", "--counts", "--value-cutoff=1", profile, NULL};
    int status = 0;
    int rc = clang_inputs(in, 1, &list, r, err);
    if (rc == 0)
        rc = fs_replace(inputs, buf_str(&list), list.len, err);
    if (rc == 0 && list.len)
        rc = clang_tool(tools->merge, merge, &text, &status, err);
    buf_clear(&text);
    if (rc == 0 && list.len && proc_ok(status))
        rc = clang_tool(tools->merge, show, &text, &status, err);
    if (rc == 0 && !proc_ok(status) && !r->dropped)
        r->dropped = r->files;
    clang_read_summary(buf_str(&text), r);
    clang_read_functions(buf_str(&text), out);
    buf_release(&list);
    buf_release(&text);
    free(inputs);
    free(profile);
    return rc;
}

const struct family family_clang = {
    .name = "clang",
    .ids = clang_ids,
    .suffix = ".profdata",
    .raw_suffix = ".profraw",
    .marks = {NULL, "-fprofile-generate", "-fprofile-use"},
    .oldest = 14,
    .package = "llvm-%s",
    .flags = clang_flags,
    .tools = clang_tools,
    .run_env = clang_run_env,
    .instrumented = clang_instrumented,
    .traces = clang_traces,
    .wrote = clang_wrote,
    .merge = clang_merge,
    .covered = clang_covered,
    .function = clang_function,
    .match_open = clang_match_open,
    .match_object = clang_match_object,
    .match_close = clang_match_close,
    .match_example = clang_match_example,
    .match_record = clang_match_record,
};
