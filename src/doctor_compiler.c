/* The compilers, their tools, and the linker. */
#include "doctor.h"
#include "fs.h"
#include "proc.h"

#include <stdlib.h>
#include <string.h>

/* What tools say when something is not installed, and the Debian package that has it; %s is the
   compiler's major version. */
static const struct {
    const char *says, *package;
} doctor_packages[] = {{"libclang_rt.", "libclang-rt-%s-dev"},
                       {"-lgcov", "libgcc-%s-dev"},
                       {"LLVMgold.so", "llvm-%s-linker-tools"},
                       {"liblto_plugin", "gcc-%s"},
                       {"bits/libc-header-start.h", "gcc-multilib"},
                       {"stdio.h", "libc6-dev"},
                       {"crt1.o", "libc6-dev"},
                       {"cstdio", "libstdc++-%s-dev"},
                       {"-lstdc++", "libstdc++-%s-dev"}};

char *doctor_package(const struct doctor *d, const char *complaint)
{
    const char *version = d->tree.compiler.version ? d->tree.compiler.version : "";
    char *command = NULL;
    for (size_t i = 0; i < PGO_COUNT(doctor_packages) && complaint && !command; i++) {
        if (!strstr(complaint, doctor_packages[i].says))
            continue;
        char *major = str_ndup(version, strcspn(version, "."));
        char *package = str_replace(doctor_packages[i].package, "%s", major);
        command = str_fmt("apt install %s", package);
        free(major);
        free(package);
    }
    return command;
}

/* How to have a compiler, its package by its name: clang++-16 is in clang-16, cc in gcc; one
   somewhere else is in none. */
static char *doctor_compiler_mend(const char *compiler)
{
    const char *name = path_base(compiler);
    if (name != compiler && !str_starts(compiler, "/usr/bin/"))
        return str_dup("have a compiler there that can be run, or name another one");
    if (strcmp(name, "c++") == 0)
        return str_dup("apt install g++");
    if (!strstr(name, "clang") && !str_starts(name, "gcc") && !str_starts(name, "g++"))
        return str_dup("apt install gcc");
    char *plain = strstr(name, "clang") ? str_replace(name, "++", "") : str_dup(name);
    char *command = str_fmt("apt install %s", plain);
    free(plain);
    return command;
}

/* The one that could not be used, without a tree. */
static void doctor_no_compiler(struct doctor *d, struct finding *f)
{
    bool missing = !d->tree.compiler.path;
    const char *asked = d->options->compiler ? d->options->compiler : "cc";
    char *mend = missing ? doctor_compiler_mend(asked)
                         : str_dup("name GCC 12 or newer, or Clang 14 or newer: --compiler CC");
    doctor_fail(f, missing ? DOCTOR_MISSING : DOCTOR_WRONG, mend, &d->refused);
    free(mend);
}

void doctor_compilers(struct doctor *d, struct finding *f)
{
    struct compiler *const all[] = {&d->tree.compiler, &d->tree.other};
    struct err err = ERR_INIT;
    struct buf found = BUF_INIT;
    if (d->known && !d->tree.ops)
        return;
    if (!d->tree.compiler.family) {
        doctor_no_compiler(d, f);
        return;
    }
    d->works = true;
    for (size_t i = 0; i < PGO_COUNT(all) && all[i]->path && d->works; i++) {
        bool there = doctor_there(all[i]->path);
        d->works = family_version(all[i], NULL, &err) == 0 && family_check_age(all[i], &err) == 0;
        char *mend = there ? str_dup("configure with GCC 12 or newer, or Clang 14 or newer")
                           : doctor_compiler_mend(all[i]->path);
        if (!d->works)
            doctor_fail(f, there ? DOCTOR_WRONG : DOCTOR_MISSING, mend, &err);
        else
            buf_addf(&found, "%s%s %s (%s)", i ? ", " : "", all[i]->id, all[i]->version,
                     all[i]->path);
        free(mend);
    }
    if (d->works)
        doctor_say(f, DOCTOR_OK, NULL, "%s", buf_str(&found));
    buf_release(&found);
    err_release(&err);
}

void doctor_tools(struct doctor *d, struct finding *f)
{
    struct err err = ERR_INIT;
    if (!d->works)
        return;
    d->paired = d->tree.compiler.family->tools(&d->tree.compiler, &d->tools, &err) == 0;
    if (!d->paired)
        doctor_fail(f, d->tools.misfits ? DOCTOR_WRONG : DOCTOR_MISSING, NULL, &err);
    else if (d->tools.merge)
        doctor_say(f, DOCTOR_OK, NULL, "%s, of the compiler's version", d->tools.merge);
    else
        doctor_say(f, DOCTOR_OK, NULL, "none needed: pgo merges the profiles of GCC itself");
    err_release(&err);
}

/* The compiler that links: the one for C++ when there are two. */
static size_t doctor_linking(const struct doctor *d)
{
    return d->tree.other.path ? 1 : 0;
}

/* The one that a setting chooses has its own package; all others are in one. */
static const char *doctor_linker_package(const struct doctor *d)
{
    static const char start[] = "-fuse-ld=";
    static const char *const known[] = {"lld", "mold"};
    for (size_t i = 0; i < d->setup.link.n; i++)
        for (size_t k = 0; k < PGO_COUNT(known); k++)
            if (str_starts(d->setup.link.v[i], start) &&
                strcmp(d->setup.link.v[i] + strlen(start), known[k]) == 0)
                return known[k];
    return "binutils";
}

void doctor_linker(struct doctor *d, struct finding *f)
{
    static const char *const known[] = {"GNU ld", "GNU gold", "LLD", "mold"};
    struct vec argv = VEC_INIT, lines = VEC_INIT;
    struct buf out = BUF_INIT;
    struct err err = ERR_INIT;
    int status = 0;
    if (!d->works)
        return;
    vec_all(&argv, &d->setup.start[doctor_linking(d)]);
    vec_all(&argv, &d->setup.link);
    vec_add(&argv, "-Wl,--version");
    if (proc_capture(&argv, &out, &status, &err) == 0)
        vec_split(&lines, buf_str(&out), '\n');
    for (size_t i = 0; i < lines.n && proc_ok(status); i++)
        for (size_t k = 0; k < PGO_COUNT(known) && f->state == DOCTOR_NONE; k++)
            if (strstr(lines.v[i], known[k]))
                doctor_say(f, DOCTOR_OK, NULL, "%s", lines.v[i]);
    if (f->state == DOCTOR_NONE && proc_ok(status) && !err.msg) {
        doctor_say(f, DOCTOR_NOTE, NULL, "one that pgo does not know: %s",
                   lines.n ? lines.v[0] : "it says nothing");
    } else if (f->state == DOCTOR_NONE) {
        if (!err.msg)
            err_set(&err, "'%s' does not link", argv.v[0]);
        err.detail = str_dup(buf_str(&out));
        err_hint(&err, "apt install %s", doctor_linker_package(d));
        d->works = false;
        doctor_fail(f, DOCTOR_WRONG, NULL, &err);
    }
    vec_release(&argv);
    vec_release(&lines);
    buf_release(&out);
    err_release(&err);
}

/* The options by which the project asks for it; outside of a tree, the plain one. */
static void doctor_lto_words(const struct doctor *d, struct vec *words)
{
    for (size_t i = 0; i < d->setup.commands.keys.n && !words->n; i++) {
        struct vec all = VEC_INIT;
        vec_split(&all, d->setup.commands.keys.v[i], '\n');
        for (size_t k = 0; k < all.n; k++)
            if (str_starts(all.v[k], "-flto") || strstr(all.v[k], "fat-lto-objects"))
                vec_add(words, all.v[k]);
        vec_release(&all);
    }
    if (!d->tree.ops)
        vec_add(words, "-flto");
}

void doctor_lto(struct doctor *d, struct finding *f)
{
    static const char text[] = "int main(void)\n{\n    return 0;\n}\n";
    struct vec words = VEC_INIT;
    struct err err = ERR_INIT;
    if (!d->works)
        return;
    doctor_lto_words(d, &words);
    char *options = words.n ? vec_join(&words, " ") : NULL;
    char *source = path_join(d->scratch, "lto.c");
    vec_all(&words, &d->setup.link);
    vec_add(&words, source);
    const char *const rest[] = {"-O2", "-Wno-error", "-o", "lto", NULL};
    vec_words(&words, rest);
    if (!options) {
        doctor_say(f, DOCTOR_NOTE, NULL, "the project does not use it");
    } else if (fs_replace(source, text, strlen(text), &err) == 0 &&
               doctor_compile(d, doctor_linking(d), &words, d->scratch, options, &err) == 0) {
        doctor_say(f, DOCTOR_OK, NULL, "%s works", options);
    } else {
        char *mend = doctor_package(d, err.detail);
        doctor_fail(f, d->tree.ops ? DOCTOR_WRONG : DOCTOR_NOTE,
                    mend ? mend : "configure without it, or with another linker: -fuse-ld=lld",
                    &err);
        free(mend);
    }
    free(options);
    free(source);
    vec_release(&words);
    err_release(&err);
}
