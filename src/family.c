#include "family.h"

#include "fs.h"
#include "proc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct family *const family_table[] = {&family_gcc, &family_clang};

int family_atomic(const char *text, const char *word, enum atomic_mode *out, struct err *err)
{
    static const struct {
        const char *word;
        enum atomic_mode mode;
    } known[] = {{"prefer", ATOMIC_PREFER}, {"ON", ATOMIC_ON},  {"YES", ATOMIC_ON},
                 {"TRUE", ATOMIC_ON},       {"Y", ATOMIC_ON},   {"1", ATOMIC_ON},
                 {"OFF", ATOMIC_OFF},       {"NO", ATOMIC_OFF}, {"FALSE", ATOMIC_OFF},
                 {"N", ATOMIC_OFF},         {"0", ATOMIC_OFF},  {"", ATOMIC_OFF}};
    for (size_t i = 0; i < PGO_COUNT(known); i++) {
        if (strcasecmp(known[i].word, text) == 0) {
            *out = known[i].mode;
            return 0;
        }
    }
    return err_status(err, PGO_USAGE, "%s (--atomic) must be ON, OFF or prefer, not '%s'", word,
                      text);
}

const struct family *family_find(const char *id)
{
    for (size_t i = 0; i < PGO_COUNT(family_table); i++)
        for (const char *const *known = family_table[i]->ids; *known; known++)
            if (strcmp(*known, id) == 0)
                return family_table[i];
    return NULL;
}

void compiler_release(struct compiler *c)
{
    free(c->path);
    free(c->id);
    free(c->version);
    free(c->says);
    memset(c, 0, sizeof(*c));
}

void tools_release(struct tools *t)
{
    free(t->merge);
    memset(t, 0, sizeof(*t));
}

void flags_release(struct flags *f)
{
    vec_release(&f->compile);
    vec_release(&f->link);
    vec_release(&f->object);
    vec_release(&f->others);
}

void profile_report_release(struct profile_report *r)
{
    vec_release(&r->drops);
    memset(r, 0, sizeof(*r));
}

void counts_release(struct counts *c)
{
    for (size_t i = 0; i < c->n; i++) {
        free(c->v[i].name);
        free(c->v[i].v);
    }
    free(c->v);
    *c = (struct counts){NULL, 0};
}

struct counts_function *counts_add(struct counts *c, char *name)
{
    c->v = mem_grow(c->v, c->n + 1, sizeof(*c->v));
    c->v[c->n] = (struct counts_function){name, NULL, 0};
    return &c->v[c->n++];
}

void traces_release(struct traces *t)
{
    vec_release(&t->files);
    buf_release(&t->head);
    buf_release(&t->part);
}

/* The first word that looks like a version: digits, a dot, digits. */
static char *family_version_in(const char *text)
{
    for (const char *p = text; *p; p++) {
        size_t n = strspn(p, "0123456789.");
        if (isdigit((unsigned char)*p) && memchr(p, '.', n) &&
            (p == text || strchr(" \t\n(-v", p[-1])))
            return str_ndup(p, n);
        if (n)
            p += n - 1;
    }
    return NULL;
}

/* What is behind the first parenthesis, which may hold others; all of it when there is none. */
static const char *family_behind(const char *text)
{
    const char *p = strchr(text, '(');
    for (int depth = 0; p && *p; p++) {
        depth += (*p == '(') - (*p == ')');
        if (!depth)
            return p + 1;
    }
    return text;
}

static const char *const family_version_words[] = {"--version", NULL};

static int family_ask(const char *program, const char *const *words, struct buf *out,
                      struct err *err)
{
    struct vec argv = VEC_INIT;
    int status;
    vec_add(&argv, program);
    vec_words(&argv, words);
    int rc = proc_capture(&argv, out, &status, err);
    if (rc == 0 && !proc_ok(status)) {
        char *text = proc_status_text(status);
        rc = err_set(err, "'%s %s' %s", program, words[0], text);
        free(text);
    }
    vec_release(&argv);
    return rc;
}

int family_version(struct compiler *c, const char *says, struct err *err)
{
    struct buf out = BUF_INIT;
    if (!says && family_ask(c->path, family_version_words, &out, err) != 0)
        return -1;
    const char *text = says ? says : buf_str(&out);
    char *first = str_ndup(text, strcspn(text, "\n"));
    /* "gcc (Debian 12.2.0-14) 12.2.0": GCC's own version is behind the parenthesis, before
       another one perhaps. */
    free(c->version);
    free(c->says);
    c->version = family_version_in(c->family == &family_gcc ? family_behind(first) : first);
    c->says = first;
    buf_release(&out);
    return c->version ? 0 : err_set(err, "'%s --version' names no version: %s", c->path, first);
}

int family_check_age(const struct compiler *c, struct err *err)
{
    char *text = str_ndup(c->version, strcspn(c->version, "."));
    long major;
    bool ok = str_long(text, 0, 100000, &major) && major >= c->family->oldest;
    free(text);
    return ok ? 0
              : err_set(err, "the compiler '%s' is version %s; %ld or newer is needed", c->path,
                        c->version, c->family->oldest);
}

/* An ELF file of a compiler's name: no script, and no cache under a compiler's name. */
bool family_is_itself(const char *path)
{
    static const char *const names[] = {"gcc", "g++", "c++", "clang"};
    char magic[4] = "", *real = realpath(path, NULL);
    size_t n = real ? fs_head(real, magic, sizeof(magic)) : 0;
    bool named = false;
    for (size_t i = 0; real && i < PGO_COUNT(names); i++)
        named |= strstr(path_base(real), names[i]) != NULL;
    free(real);
    return named && n == sizeof(magic) && memcmp(magic, "\177ELF", n) == 0;
}

/* What a program defines tells its family, unless it is a compiler by its name; what is no compiler
   defines nothing. */
static const char *family_id(const char *path)
{
    static const char *const words[] = {"-E", "-dM", "-x", "c", "/dev/null", NULL};
    struct buf text = BUF_INIT;
    struct err ignored = ERR_INIT;
    const char *id = "unknown";
    char *real = family_is_itself(path) ? realpath(path, NULL) : NULL;
    const char *name = real ? path_base(real) : "";
    if (strstr(name, "clang"))
        id = "Clang";
    else if (strstr(name, "gcc") || strstr(name, "g++"))
        id = "GNU";
    else if (family_ask(path, words, &text, &ignored) == 0 &&
             strstr(buf_str(&text), "#define __clang__ "))
        id = "Clang";
    else if (strstr(buf_str(&text), "#define __GNUC__ "))
        id = "GNU";
    free(real);
    buf_release(&text);
    err_release(&ignored);
    return id;
}

int family_identify(const char *path, struct compiler *out, struct err *err)
{
    out->path = fs_find_program(path);
    if (!out->path)
        return err_status(err, PGO_USAGE, "the compiler '%s' was not found", path);
    out->id = str_dup(family_id(out->path));
    out->family = family_find(out->id);
    return out->family ? 0 : err_set(err, "the compiler '%s' is neither GCC nor Clang", out->path);
}

int family_check_same(const struct compiler *c, const struct compiler *cxx, struct err *err)
{
    if (c->family == cxx->family)
        return 0;
    err_set(err,
            "C is compiled by '%s' (%s), C++ by '%s' (%s): profiles of two families do not mix",
            c->path, c->id, cxx->path, cxx->id);
    return err_hint(err, "configure with a C and a C++ compiler of the same family");
}

int family_probe(const char *path, struct compiler *out, struct err *err)
{
    return family_identify(path, out, err) == 0 ? family_version(out, NULL, err) : -1;
}

/* Whether the leading `parts` numbers of two versions are the same. */
static bool family_same_version(const char *a, const char *b, int parts)
{
    for (; parts > 0; parts--) {
        size_t n = strcspn(a, "."), m = strcspn(b, ".");
        if (n != m || strncmp(a, b, n) != 0)
            return false;
        a += n + (a[n] == '.');
        b += m + (b[m] == '.');
    }
    return true;
}

char *family_pair(const struct compiler *c, const char *tool, const struct vec *candidates,
                  const char *const *ask, int parts, bool *misfits, struct err *err)
{
    char *major = str_ndup(c->version, strcspn(c->version, "."));
    char *package = str_replace(c->family->package, "%s", major);
    char *wrong = NULL, *wrong_version = NULL, *right = NULL;
    for (size_t i = 0; i < candidates->n && !right; i++) {
        struct buf out = BUF_INIT;
        struct err ignored = ERR_INIT;
        char *path = fs_find_program(candidates->v[i]);
        char *version = path && family_ask(path, ask, &out, &ignored) == 0
                            ? family_version_in(buf_str(&out))
                            : NULL;
        if (version && family_same_version(version, c->version, parts)) {
            right = path;
            path = NULL;
        } else if (version && !wrong) {
            wrong = path;
            wrong_version = version;
            path = version = NULL;
        }
        free(path);
        free(version);
        buf_release(&out);
        err_release(&ignored);
    }
    *misfits = !right && wrong;
    if (*misfits)
        err_set(
            err,
            "'%s' is version %s, but the compiler '%s' is version %s: it cannot read its profiles",
            wrong, wrong_version, c->path, c->version);
    else if (!right)
        err_set(err, "'%s' for the compiler '%s' (version %s) was not found", tool, c->path,
                c->version);
    if (!right)
        err_hint(err, "install the one of the compiler's version (Debian, Ubuntu: apt install %s)",
                 package);
    free(major);
    free(package);
    free(wrong);
    free(wrong_version);
    return right;
}

void family_link_runtime(const char *runtime, const char *own, struct vec *out)
{
    static const char calls[] = "_exit,_Exit,quick_exit,daemon,execl,execle,execlp,execv,execve,"
                                "execvp,execvpe,fexecve,sigaction,signal,"
                                "__sysv_signal,";
    char *names = str_fmt("%s%s", calls, own), *wrap = str_replace(names, ",", ",--wrap=");
    vec_add(out, runtime);
    vec_addf(out, "-Wl,--wrap=%s", wrap);
    free(names);
    free(wrap);
}

int family_raw_files(const char *dir, const char *suffix, struct vec *names, struct err *err)
{
    struct vec all = VEC_INIT;
    int rc = fs_list(dir, &all, err);
    for (size_t i = 0; i < all.n; i++)
        if (str_ends(all.v[i], suffix))
            vec_add(names, all.v[i]);
    vec_release(&all);
    return rc;
}

void family_drop(struct profile_report *r, const char *training, const char *file, const char *why)
{
    char *line = str_fmt("%s: %s: %s", training, path_base(file), why);
    if (!vec_has(&r->drops, line)) {
        vec_add(&r->drops, line);
        r->dropped++;
    }
    free(line);
}
