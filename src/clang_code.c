#include "clang_code.h"

#include "elf.h"
#include "fs.h"
#include "proc.h"

#include <stdlib.h>
#include <string.h>

#define CLANG_CODE_BATCH 500 /* files on a command line */
#define CLANG_CODE_ID                                                                              \
    16 /* bytes: with what a function's record starts, its name's hash and its own */

struct clang_code {
    const struct match_request *request;
    size_t record;      /* bytes that one function takes in __llvm_prf_data */
    struct map bitcode; /* instrumented objects without machine code → their number of functions */
    char *nm;           /* llvm-nm, which counts them */
    bool read;          /* the next two are */
    struct buf ids;     /* sorted: of the functions in what was trained */
    struct buf names;   /* tables of names of what was trained */
    char *twin;         /* whose functions and names the next two hold */
    struct buf twin_data, twin_names;
};

void clang_code_free(struct clang_code *m)
{
    if (!m)
        return;
    map_release(&m->bitcode);
    buf_release(&m->ids);
    buf_release(&m->names);
    buf_release(&m->twin_data);
    buf_release(&m->twin_names);
    free(m->twin);
    free(m->nm);
    free(m);
}

/* The words of an object's command line that say for which machine it is. */
static void clang_code_machine(const struct object *o, struct vec *argv)
{
    static const char *const starts[] = {"-m32",   "-m64",      "-mx32",
                                         "-mabi=", "--target=", "--sysroot="};
    struct vec words = VEC_INIT;
    vec_split(&words, o->settings, '\n');
    for (size_t i = 0; i < words.n; i++) {
        for (size_t k = 0; k < PGO_COUNT(starts); k++)
            if (str_starts(words.v[i], starts[k]))
                vec_add(argv, words.v[i]);
        if (strcmp(words.v[i], "-target") == 0 && i + 1 < words.n) {
            vec_add(argv, words.v[i]);
            vec_add(argv, words.v[i + 1]);
        }
    }
    vec_release(&words);
}

/* The size of a function's record differs between versions and machines: one function shows it. */
static int clang_code_measure(struct clang_code *m, struct err *err)
{
    static const char code[] = "int one(void) { return 1; }\n";
    const struct match_request *r = m->request;
    char *source = path_join(r->scratch, "one.c"), *object = path_join(r->scratch, "one.o");
    struct vec argv = VEC_INIT;
    struct buf out = BUF_INIT, data = BUF_INIT;
    int status = 0;
    const char *words[] = {"-fprofile-generate", "-x", "c", "-c", source, "-o", object, NULL};
    vec_add(&argv, r->compiler->path);
    if (r->n)
        clang_code_machine(r->objects[0], &argv);
    vec_words(&argv, words);
    int rc = fs_replace(source, code, strlen(code), err);
    if (rc == 0)
        rc = proc_capture(&argv, &out, &status, err);
    if (rc == 0 && proc_ok(status))
        rc = elf_section(object, "__llvm_prf_data", &data, err) < 0 ? -1 : 0;
    m->record = data.len;
    if (rc == 0 && !m->record) {
        rc = err_set(err, "'%s' cannot compile one instrumented function", r->compiler->path);
        err->detail = str_dup(buf_str(&out));
    }
    vec_release(&argv);
    buf_release(&out);
    buf_release(&data);
    free(source);
    free(object);
    return rc;
}

char *clang_code_twin(const struct clang_code *m, const char *object)
{
    const struct match_request *r = m->request;
    const char *below = path_below(object, r->build);
    return path_join(r->instrument->build, below ? below : object);
}

static bool clang_code_is_bitcode(const char *path)
{
    char head[4] = "";
    return fs_head(path, head, sizeof(head)) == sizeof(head) &&
           (memcmp(head, "BC\xc0\xde", 4) == 0 || memcmp(head, "\xde\xc0\x17\x0b", 4) == 0);
}

/* "FILE: ---------------- d .L__profd_NAME": one such symbol per instrumented function. */
static void clang_code_symbols(struct clang_code *m, const char *text)
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
static int clang_code_bitcode(struct clang_code *m, struct err *err)
{
    const struct match_request *r = m->request;
    struct vec argv = VEC_INIT;
    int rc = 0;
    for (size_t i = 0; i < r->n && rc == 0; i++) {
        char *twin = clang_code_twin(m, r->objects[i]->path);
        if (clang_code_is_bitcode(twin)) {
            if (!argv.n) {
                const char *words[] = {m->nm, "-a", "--print-file-name", NULL};
                vec_words(&argv, words);
            }
            map_set(&m->bitcode, twin, "0");
            vec_add(&argv, twin);
        }
        free(twin);
        if (argv.n < CLANG_CODE_BATCH && !(argv.n && i + 1 == r->n))
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
            clang_code_symbols(m, buf_str(&out));
        buf_release(&out);
        vec_release(&argv);
    }
    vec_release(&argv);
    return rc;
}

struct clang_code *clang_code_new(const struct match_request *r, struct err *err)
{
    struct clang_code *m = mem_alloc(sizeof(*m));
    char *dir = path_dir(r->tools->merge),
         *name = str_replace(path_base(r->tools->merge), "profdata", "nm");
    m->request = r;
    m->nm = path_join(dir, name);
    free(dir);
    free(name);
    if (clang_code_measure(m, err) == 0 && clang_code_bitcode(m, err) == 0)
        return m;
    clang_code_free(m);
    return NULL;
}

int clang_code_count(const struct clang_code *m, const char *twin, long *count, struct err *err)
{
    struct buf data = BUF_INIT;
    const char *bitcode = map_get(&m->bitcode, twin);
    int rc = 0;
    if (bitcode)
        str_long(bitcode, 0, INT32_MAX, count);
    else if (!fs_is_file(twin))
        rc = err_status(err, 0, "there is no '%s' to compare with", twin);
    else if (elf_section(twin, "__llvm_prf_data", &data, err) < 0)
        rc = -1;
    else
        *count = (long)(data.len / m->record);
    buf_release(&data);
    return rc;
}

static int clang_code_order(const void *a, const void *b)
{
    return memcmp(a, b, CLANG_CODE_ID);
}

static int clang_code_read_trained(struct clang_code *m, struct err *err)
{
    const struct vec *trained = m->request->trained;
    for (size_t i = 0; i < trained->n && !m->read; i++) {
        struct buf data = BUF_INIT;
        if (elf_section(trained->v[i], "__llvm_prf_data", &data, err) < 0 ||
            elf_section(trained->v[i], "__llvm_prf_names", &m->names, err) < 0) {
            buf_release(&data);
            return -1;
        }
        for (size_t at = 0; at + CLANG_CODE_ID <= data.len; at += m->record)
            buf_add(&m->ids, data.p + at, CLANG_CODE_ID);
        buf_release(&data);
    }
    if (!m->read && m->ids.len)
        qsort(m->ids.p, m->ids.len / CLANG_CODE_ID, CLANG_CODE_ID, clang_code_order);
    m->read = true;
    return 0;
}

static int clang_code_open(struct clang_code *m, const char *twin, struct err *err)
{
    if (m->twin && strcmp(m->twin, twin) == 0)
        return 0;
    free(m->twin);
    m->twin = NULL;
    buf_clear(&m->twin_data);
    buf_clear(&m->twin_names);
    if (elf_section(twin, "__llvm_prf_data", &m->twin_data, err) < 0 ||
        elf_section(twin, "__llvm_prf_names", &m->twin_names, err) < 0)
        return -1;
    m->twin = str_dup(twin);
    return 0;
}

int clang_code_linked(struct clang_code *m, const char *twin, unsigned long long hash,
                      struct err *err)
{
    const uint64_t wanted = hash;
    bool has = false, linked = false;
    if (map_get(&m->bitcode, twin))
        return 1;
    if (clang_code_read_trained(m, err) != 0 || clang_code_open(m, twin, err) != 0)
        return -1;
    for (size_t at = 0; at + m->record <= m->twin_data.len; at += m->record) {
        const char *record = m->twin_data.p + at;
        if (memcmp(record + CLANG_CODE_ID / 2, &wanted, sizeof(wanted)) != 0)
            continue;
        has = true;
        linked |= m->ids.len && bsearch(record, m->ids.p, m->ids.len / CLANG_CODE_ID, CLANG_CODE_ID,
                                        clang_code_order);
    }
    /* Without a function of that hash the code differs between the stages. */
    return has ? linked : buf_contains(&m->names, &m->twin_names);
}
