/* Meson trees: recognised by meson-info, cloned by copying what Meson found out (coredata.dat). */
#include "tree_meson.h"

#include "command.h"
#include "fs.h"
#include "meson_ninja.h"

#include <stdlib.h>
#include <string.h>

const char *const meson_languages[2] = {"c", "cpp"};

static void meson_close(struct tree *t)
{
    struct meson_tree *m = t->state;
    if (!m)
        return;
    vec_release(&m->command);
    vec_release(&m->compilers[0]);
    vec_release(&m->compilers[1]);
    map_release(&m->options);
    free(m->version);
    free(m->ninja);
    free(m->project);
    free(m);
    t->state = NULL;
}

static int meson_incomplete(const struct tree *t, struct err *err)
{
    err_status(err, PGO_USAGE, "'%s' is not completely configured", t->dir);
    return err_hint(err, "run 'meson setup \"%s\" \"%s\"' to the end first", t->dir,
                    t->source ? t->source : "SOURCE");
}

static int meson_check_version(const struct tree *t, struct err *err)
{
    const struct meson_tree *m = t->state;
    char *major = str_ndup(m->version, strcspn(m->version, "."));
    long number;
    bool ok = str_long(major, 1, 1000, &number);
    free(major);
    if (ok)
        return 0;
    err_set(err, "'%s' was configured by Meson %s; 1.0 or newer is needed", t->dir, m->version);
    return err_hint(err, "configure it with a newer one, in a new directory");
}

/* As the files of the tree spell it, and where its source is. */
static int meson_identify(struct tree *t, struct err *err)
{
    struct meson_tree *m = t->state;
    struct json info, project;
    if (meson_read(t->dir, "meson-info", &info, err) != 0)
        return -1;
    const struct json *directories = json_get(&info, "directories");
    m->version = str_dup(json_str(json_get(&info, "meson_version"), "full"));
    t->source = str_dup(json_str(directories, "source"));
    const char *spelled = json_str(directories, "build");
    char *real = realpath(spelled, NULL);
    bool moved = !real || strcmp(real, t->dir) != 0;
    if (!moved) {
        free(t->dir);
        t->dir = str_dup(spelled);
    }
    int rc = 0;
    if (moved) {
        rc = err_set(err, "'%s' was configured as '%s', and moved since", t->dir, spelled);
        err_hint(err, "configure it again: meson setup --wipe '%s' '%s'", t->dir, t->source);
    }
    char *ninja = path_join(t->dir, MESON_NINJA_FILE);
    const struct json *error = json_get(&info, "error");
    bool failed = (error && error->type == JSON_TRUE) || !fs_is_file(ninja);
    free(real);
    free(ninja);
    json_release(&info);
    if (rc == 0)
        rc = meson_check_version(t, err);
    if (rc == 0 && failed)
        rc = meson_incomplete(t, err);
    if (rc == 0 && (rc = meson_read(t->dir, "intro-projectinfo", &project, err)) == 0) {
        m->project = str_dup(json_str(&project, "descriptive_name"));
        json_release(&project);
    }
    return rc;
}

/* What the user built in already. */
static int meson_check_options(const struct tree *t, struct err *err)
{
    static const struct {
        const char *option, *value, *other;
    } plain[] = {{"b_pgo", "off", "off"},
                 {"b_coverage", "false", "false"},
                 {"b_sanitize", "none", "[]"},
                 {"backend", "ninja", "ninja"}};
    static const char *const flags[] = {"c_args", "cpp_args", "c_link_args", "cpp_link_args"};
    for (size_t i = 0; i < PGO_COUNT(plain); i++) {
        const char *value = meson_option(t, plain[i].option);
        if (!*value || strcmp(value, plain[i].value) == 0 || strcmp(value, plain[i].other) == 0)
            continue;
        err_set(err, "'%s' was configured with %s=%s, which does not go with profiles", t->dir,
                plain[i].option, value);
        return err_hint(err,
                        "'meson configure -D%s=%s \"%s\"' changes it; pgo makes its own build "
                        "directories",
                        plain[i].option, plain[i].value, t->dir);
    }
    for (size_t i = 0; i < PGO_COUNT(flags); i++) {
        const char *hit = strstr(meson_option(t, flags[i]), "\"-fprofile-");
        if (!hit)
            continue;
        err_set(err, "'%s' was configured with '%.*s' in %s: pgo gives such flags itself", t->dir,
                (int)strcspn(hit + 1, "\"=,"), hit + 1, flags[i]);
        return err_hint(err, "take it out: meson configure -D%s=… '%s'", flags[i], t->dir);
    }
    return 0;
}

void meson_compiler_words(const char *ninja, const char *language, struct vec *words)
{
    static const char *const forms[] = {"", "_RSP"};
    for (size_t i = 0; i < PGO_COUNT(forms) && !words->n; i++) {
        char *rule = str_fmt("%s_COMPILER%s", language, forms[i]);
        ninja_compiler(ninja, rule, words);
        free(rule);
    }
}

/* A launcher (ccache) may stand before it, and options behind. */
static int meson_compiler(const struct vec *words, struct compiler *out, struct err *err)
{
    int rc = family_identify(words->v[0], out, err);
    for (size_t i = 1; i < words->n && *words->v[i] != '-' && rc != 0; i++) {
        struct compiler next = {0};
        struct err ignored = ERR_INIT;
        if (family_identify(words->v[i], &next, &ignored) == 0) {
            compiler_release(out);
            err_release(err);
            *out = next;
            rc = 0;
        } else {
            compiler_release(&next);
        }
        err_release(&ignored);
    }
    return rc;
}

static bool meson_takes_b_pgo(const char *rule)
{
    static const char *const languages[] = {"c_", "cpp_", "objc_", "objcpp_", "fortran_"};
    for (size_t i = 0; i < PGO_COUNT(languages); i++)
        if (str_starts(rule, languages[i]))
            return true;
    return strstr(rule, "_COMPILER") == NULL;
}

/* What the project compiles. The driver is in C whatever the project is in, and compiled by a rule
   of the project's where Meson (1.12) has no other. */
static void meson_used(struct tree *t, const char *ninja, struct vec *used)
{
    struct meson_tree *m = t->state;
    struct ninja_reader r;
    ninja_start(&r, ninja);
    m->takes_b_pgo = true;
    for (const struct ninja_line *l; (l = ninja_next(&r));) {
        if (!l->rule)
            continue;
        t->other_languages |= l->kind == NINJA_LINK_OTHERS || l->kind == NINJA_COMPILE_RUST;
        m->takes_b_pgo &= meson_takes_b_pgo(l->rule);
        if (l->kind == NINJA_COMPILE && l->options && !ninja_has(l, MESON_DRIVER_FLAG)) {
            char *language = str_ndup(l->rule, strcspn(l->rule, "_"));
            if (!vec_has(used, language))
                vec_add(used, language);
            free(language);
        }
    }
}

static int meson_compilers(struct tree *t, const char *ninja, struct err *err)
{
    struct meson_tree *m = t->state;
    struct compiler *const both[] = {&t->compiler, &t->other};
    struct vec used = VEC_INIT;
    size_t n = 0;
    int rc = 0;
    meson_used(t, ninja, &used);
    for (size_t i = 0; i < PGO_COUNT(meson_languages) && rc == 0; i++) {
        struct vec *words = &m->compilers[i];
        if (vec_has(&used, meson_languages[i]))
            meson_compiler_words(ninja, meson_languages[i], words);
        if (words->n && (rc = meson_compiler(words, both[n++], err)) != 0)
            err_hint(err, "configure with GCC 12 or newer, or Clang 14 or newer");
    }
    vec_release(&used);
    if (rc == 0 && !n)
        return err_set(err,
                       "nothing in '%s' is compiled by a C or C++ compiler: there is nothing "
                       "to optimize",
                       t->dir);
    return rc == 0 && n == 2 ? family_check_same(both[0], both[1], err) : rc;
}

/* Machine files put options behind the compiler or into its arguments: a list in brackets. */
static void meson_machine(struct tree *t)
{
    const struct meson_tree *m = t->state;
    for (size_t i = 0; i < PGO_COUNT(meson_languages) && !t->machine.n; i++) {
        char *option = str_fmt("%s_args", meson_languages[i]);
        char *words = vec_join(&m->compilers[i], " ");
        char *list = str_replace(meson_option(t, option), ", ", " ");
        for (char *c = list; *c; c++)
            *c = *c == '[' || *c == ']' ? ' ' : *c;
        if (m->compilers[i].n) {
            command_machine(words, &t->machine);
            command_machine(list, &t->machine);
        }
        free(option);
        free(words);
        free(list);
    }
}

/* The Meson and the ninja that build.ninja itself starts. */
static int meson_tools(struct tree *t, const char *ninja, struct err *err)
{
    static const char regenerate[] = " --internal regenerate", clean[] = " -t clean\n";
    struct meson_tree *m = t->state;
    ninja_rule(ninja, "REGENERATE_BUILD", regenerate, &m->command);
    const char *end = strstr(ninja, clean), *start = end;
    while (start && start > ninja && start[-1] != '\n')
        start--;
    start = start && str_starts(start, " COMMAND = ") ? start + strlen(" COMMAND = ") : NULL;
    if (start) {
        struct vec words = VEC_INIT;
        char *text = str_ndup(start, (size_t)(end - start)), *plain = str_replace(text, "$ ", " ");
        vec_shell(&words, plain);
        m->ninja = words.n ? str_dup(words.v[0]) : NULL;
        vec_release(&words);
        free(text);
        free(plain);
    }
    return m->command.n && m->ninja ? 0 : meson_incomplete(t, err);
}

static int meson_open_configured(struct tree *t, struct err *err)
{
    struct meson_tree *m = t->state;
    struct buf ninja = BUF_INIT;
    char *path = path_join(t->dir, MESON_NINJA_FILE), *muon = path_join(t->dir, ".muon");
    int rc = 0;
    if (fs_exists(muon)) {
        rc = err_set(err, "'%s' was configured by muon, with which pgo does not work", t->dir);
        err_hint(err, "configure it with Meson 1.0 or newer, in a new directory");
    }
    if (rc == 0)
        rc = meson_identify(t, err);
    if (rc == 0)
        rc = meson_options(t->dir, &m->options, err);
    if (rc == 0)
        rc = meson_check_options(t, err);
    if (rc == 0)
        rc = fs_read(path, &ninja, err);
    if (rc == 0)
        rc = meson_tools(t, buf_str(&ninja), err);
    if (rc == 0)
        rc = meson_compilers(t, buf_str(&ninja), err);
    if (rc == 0)
        meson_machine(t);
    buf_release(&ninja);
    free(path);
    free(muon);
    return rc;
}

static int meson_open(struct tree *t, struct err *err)
{
    char *info = path_join(t->dir, "meson-info"), *private = path_join(t->dir, "meson-private");
    int rc = fs_is_dir(info) || fs_is_dir(private) ? 1 : 0;
    if (rc == 1) {
        t->state = mem_alloc(sizeof(struct meson_tree));
        if (t->config)
            rc = err_status(err, PGO_USAGE, "'%s' has one configuration: '--config' is for others",
                            t->dir);
        else
            rc = meson_open_configured(t, err) == 0 ? 1 : -1;
    }
    free(info);
    free(private);
    return rc;
}

static int meson_parts(const struct tree *t, struct map *parts, struct err *err)
{
    static const char *const files[] = {"meson-private/coredata.dat", "meson-private/cmd_line.txt"};
    const struct meson_tree *m = t->state;
    int rc = 0;
    char *program = fs_find_program(m->command.v[0]), *stamp = fs_stamp(program ? program : "");
    parts_text(parts, "Meson's version", m->version);
    parts_words(parts, "the command that starts Meson", &m->command);
    parts_text(parts, "Meson's program", stamp); /* another one of the same name */
    free(program);
    free(stamp);
    for (size_t i = 0; i < m->options.keys.n; i++) {
        char *name = str_fmt("the setting %s", m->options.keys.v[i]);
        parts_text(parts, name, m->options.values.v[i]);
        free(name);
    }
    for (size_t i = 0; i < PGO_COUNT(files) && rc == 0; i++) {
        char hex[HASH_HEX + 1], *path = path_join(t->dir, files[i]);
        char *name = str_fmt("the file %s", path);
        rc = hash_file(path, hex, err);
        if (rc == 0)
            parts_hex(parts, name, hex);
        free(name);
        free(path);
    }
    return rc;
}

static bool meson_own_file(const char *name)
{
    static const char *const own[] = {".ninja_log", ".ninja_deps", ".ninja_lock", "meson-logs"};
    for (size_t i = 0; i < PGO_COUNT(own); i++)
        if (strcmp(name, own[i]) == 0)
            return true;
    return false;
}

/* A target of that name at the top, or one that is in a directory of that name. */
static bool meson_makes(const struct tree *t, const char *name)
{
    const struct stage user = {.dir = t->dir};
    struct model all = MODEL_INIT;
    struct err ignored = ERR_INIT;
    bool makes = false;
    if (meson_targets(&user, &all, &ignored) == 0)
        for (size_t i = 0; i < all.targets_n; i++) {
            size_t n = strcspn(all.targets[i].goal, "/");
            makes |= n == strlen(name) && strncmp(all.targets[i].goal, name, n) == 0;
        }
    model_release(&all);
    err_release(&ignored);
    return makes;
}

static const struct tree_words meson_words = {
    .training = "benchmark('NAME', program, args: […], suite: 'pgo')",
    .held_out = "benchmark('NAME', program, suite: 'pgo', env: {'PGO_HELD_OUT': '1'})",
    .tests = "the suite 'pgo' or the option pgo:train_with_tests",
    .exclude = "override_options: ['b_pgo=off']",
    .timeout = "timeout:",
    .inputs = "PGO_INPUTS or PGO_STDIN",
    .depends = "depends:",
    .dataset = "pgo:dataset",
    .min_match = "pgo:min_match",
    .min_coverage = "pgo:min_coverage",
    .max_dropped = "pgo:max_dropped",
    .atomic = "pgo:atomic",
};

const struct tree_ops tree_meson = {
    .name = "meson",
    .words = &meson_words,
    .relative = true,
    .open = meson_open,
    .close = meson_close,
    .parts = meson_parts,
    .configure = meson_configure,
    .build = meson_build,
    .outdated = meson_outdated,
    .model_id = meson_model_id,
    .model = meson_model,
    .plan = meson_plan,
    .tests = meson_tests,
    .test_names = meson_test_names,
    .tests_id = meson_tests_id,
    .list_tests = meson_list_tests,
    .run_tests = meson_run_tests,
    .install = meson_install,
    .prefix = meson_prefix,
    .own_file = meson_own_file,
    .makes = meson_makes,
    .setup = meson_tree_setup,
};
