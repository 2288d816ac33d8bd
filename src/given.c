#include "given.h"

#include "fs.h"
#include "msg.h"

#include <stdlib.h>
#include <string.h>

int given_read(const char *path, struct plan *given, struct err *err)
{
    int rc = plan_read(path, given, err);
    return rc == 0 ? 0 : err_hint(err, "remove it, and give its trainings again");
}

int given_write(const char *path, const struct plan *given, struct err *err)
{
    char *text = plan_text(given);
    int rc = fs_replace(path, text, strlen(text), err);
    free(text);
    return rc;
}

/* The names that can be forgotten, for a hint. */
static char *given_names(const struct plan *given)
{
    struct vec names = VEC_INIT;
    for (size_t i = 0; i < given->n; i++)
        vec_add(&names, given->trainings[i].name);
    for (size_t i = 0; i < given->tests_n; i++)
        vec_add(&names, given->tests[i].regex);
    vec_all(&names, &given->excluded);
    char *text = names.n ? vec_join(&names, ", ") : str_dup("none");
    vec_release(&names);
    return text;
}

static int given_unknown(const struct plan *given, const char *option, const char *name,
                         struct err *err)
{
    char *names = given_names(given);
    err_status(err, PGO_USAGE, "'--%s': nothing of the name '%s' was given", option, name);
    err_hint(err, "given and remembered: %s", names);
    free(names);
    return -1;
}

/* Whether it is the option `wanted`; *value is what stands behind it. */
static bool given_option(const char *declared, const char *wanted, const char **value)
{
    size_t n = strcspn(declared, "\n");
    *value = declared + n + 1;
    return strlen(wanted) == n && strncmp(declared, wanted, n) == 0;
}

int given_forget(struct plan *given, const struct vec *declared, struct vec *forgotten,
                 struct err *err)
{
    const char *name;
    bool any = false;
    for (size_t i = 0; i < declared->n; i++) {
        if (!given_option(declared->v[i], "forget", &name))
            continue;
        size_t before = forgotten->n;
        plan_remove(given, name, forgotten);
        if (forgotten->n == before)
            return given_unknown(given, "forget", name, err);
        any = true;
    }
    return any;
}

/* NAME=rest: the caller frees NAME; *rest is NULL when there is no '='. */
static char *given_split(const char *value, const char **rest)
{
    size_t n = strcspn(value, "=");
    *rest = value[n] ? value + n + 1 : NULL;
    return str_ndup(value, n);
}

/* "{sorce}" is no placeholder, and braces that are none stay as they are. */
static void given_warn_placeholders(const struct training *t, const char *word)
{
    struct vec known = VEC_INIT;
    vec_words(&known, training_placeholders);
    for (const char *at = word; (at = strchr(at, '{')); at++) {
        size_t n = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz");
        char *name = str_ndup(at, n + 2);
        const char *near = n && at[n + 1] == '}' ? vec_nearest(&known, name) : NULL;
        if (near && strcmp(near, name) != 0)
            msg_warn("training '%s': '%s' is no placeholder and stays as it is; did you mean '%s'?",
                     t->name, name, near);
        free(name);
    }
    vec_release(&known);
}

/* Words of a training are relative to the stage's directory, which is not where the user is. */
static void given_warn_words(const struct training *t)
{
    struct vec words = VEC_INIT, programs = VEC_INIT;
    training_words(t, &words);
    training_programs(t, &programs);
    for (size_t i = 0; i < words.n; i++) {
        const char *word = words.v[i];
        given_warn_placeholders(t, word);
        if (vec_has(&programs, word))
            continue;
        if (*word != '/' && strchr(word, '.') && fs_is_file(word))
            msg_warn(
                "training '%s': '%s' is taken relative to the stage's build directory; for the "
                "file here write its full path, or {source}/…",
                t->name, word);
    }
    vec_release(&words);
    vec_release(&programs);
}

/* A program is named from where the user is. */
static char *given_find(const char *word, void *arg)
{
    (void)arg;
    return strchr(word, '/') && *word != '{' && *word != '/' ? path_abs(word) : NULL;
}

/* The command of --train and --held-out, split by POSIX quoting; nothing else is expanded. */
static int given_training(struct plan *given, const char *option, const char *value,
                          struct err *err)
{
    const char *command;
    char *name = given_split(value, &command);
    struct vec words = VEC_INIT;
    int rc = 0;
    if (!command || !training_name_ok(name))
        rc =
            err_status(err, PGO_USAGE,
                       "'--%s' wants NAME=COMMAND, a name of letters, digits and . _ + -, not '%s'",
                       option, value);
    else if (!vec_shell(&words, command))
        rc = err_status(err, PGO_USAGE, "'--%s': a quote is not closed in '%s'", option, command);
    else if (!words.n)
        rc = err_status(err, PGO_USAGE, "training '%s' has no command", name);
    if (rc == 0 && words.n) {
        struct training *t = plan_find(given, name);
        if (t) {
            training_release(t);
            training_init(t, name);
        } else {
            t = plan_add(given, name);
        }
        t->held_out = strcmp(option, "held-out") == 0;
        vec_all(&t->command, &words);
        training_resolve(t, given_find, NULL);
        given_warn_words(t);
    }
    vec_release(&words);
    free(name);
    return rc;
}

static int given_tests(struct plan *given, const char *option, const char *value, struct err *err)
{
    (void)err;
    (void)option;
    for (size_t i = 0; i < given->tests_n; i++)
        if (strcmp(given->tests[i].regex, value) == 0)
            return 0;
    plan_add_tests(given)->regex = str_dup(value);
    return 0;
}

static int given_exclude(struct plan *given, const char *option, const char *value, struct err *err)
{
    (void)err;
    (void)option;
    if (!vec_has(&given->excluded, value))
        vec_add(&given->excluded, value);
    return 0;
}

/* Warns of what one attribute alone brings. */
static void given_warn_attribute(const char *name, const char *option, const char *text)
{
    struct training only;
    struct err ignored = ERR_INIT;
    training_init(&only, name);
    if (training_declare(&only, option, text, &ignored) == 0)
        given_warn_words(&only);
    err_release(&ignored);
    training_release(&only);
}

/* --weight NAME=3 and its like; files are named from where the user is. */
static int given_attribute(struct plan *given, const char *option, const char *value,
                           struct err *err)
{
    static const char *const files[] = {"input", "stdin", "cwd"};
    static const char *const flags[] = {"serial", "parallel"};
    const char *text;
    char *name = given_split(value, &text), *path = NULL;
    struct training *t = plan_find(given, name);
    bool flag = false;
    for (size_t i = 0; i < PGO_COUNT(flags); i++)
        flag |= strcmp(option, flags[i]) == 0;
    int rc = 0;
    if (!t)
        rc = given_unknown(given, option, name, err);
    else if (flag == (text != NULL))
        rc = err_status(err, PGO_USAGE, "'--%s' wants %s, not '%s'", option,
                        flag ? "the NAME of a training" : "NAME=VALUE", value);
    else if (strcmp(option, "env") == 0 && (*text == '=' || !strchr(text, '=')))
        rc = err_status(err, PGO_USAGE, "'--env' wants NAME=K=V, not '%s'", value);
    for (size_t i = 0; i < PGO_COUNT(files) && rc == 0; i++)
        if (strcmp(option, files[i]) == 0 && *text != '{')
            path = path_abs(text);
    if (rc == 0)
        rc = training_declare(t, option, path ? path : flag ? "1" : text, err);
    if (rc == 0)
        given_warn_attribute(name, option, path ? path : flag ? "1" : text);
    if (rc == 0)
        training_resolve(t, given_find, NULL);
    free(path);
    free(name);
    return rc;
}

/* --repeat without a name is none of a training, and not remembered. */
static bool given_is_iterations(const char *declared)
{
    const char *value;
    return given_option(declared, "repeat", &value) && !strchr(value, '=');
}

int given_iterations(const struct vec *declared, long *out, struct err *err)
{
    *out = 1;
    for (size_t i = 0; i < declared->n; i++) {
        const char *value = strchr(declared->v[i], '\n') + 1;
        if (given_is_iterations(declared->v[i]) && !str_long(value, 1, 1000000, out))
            return err_status(err, PGO_USAGE,
                              "'--repeat' wants N or NAME=N, N from 1 to 1000000, not '%s'", value);
    }
    return 0;
}

/* In this order, whatever stands first on the command line. */
static const struct {
    const char *option;
    int (*take)(struct plan *given, const char *option, const char *value, struct err *err);
} given_options[] = {
    {"train", given_training},          {"held-out", given_training},
    {"train-with-tests", given_tests},  {"exclude", given_exclude},
    {"weight", given_attribute},        {"timeout", given_attribute},
    {"repeat", given_attribute},        {"input", given_attribute},
    {"stdin", given_attribute},         {"env", given_attribute},
    {"cwd", given_attribute},           {"serial", given_attribute},
    {"server", given_attribute},        {"also", given_attribute},
    {"parallel", given_attribute},      {"ready", given_attribute},
    {"stop", given_attribute},          {"grace", given_attribute},
    {"ready-timeout", given_attribute},
};

/* The later of two would win in silence. */
static int given_twice(const struct vec *declared, struct err *err)
{
    struct vec names = VEC_INIT;
    int rc = 0;
    for (size_t i = 0; i < declared->n && rc == 0; i++) {
        const char *value, *command;
        if (!given_option(declared->v[i], "train", &value) &&
            !given_option(declared->v[i], "held-out", &value))
            continue;
        char *name = given_split(value, &command);
        if (vec_has(&names, name))
            rc = err_status(err, PGO_USAGE, "the training '%s' is given twice", name);
        vec_take(&names, name);
    }
    vec_release(&names);
    return rc;
}

bool given_tests_new(const struct vec *declared)
{
    const char *value;
    for (size_t i = 0; i < declared->n; i++)
        if (given_option(declared->v[i], "train-with-tests", &value))
            return true;
    return false;
}

int given_add(struct plan *given, const struct plan *project, const struct vec *declared,
              struct err *err)
{
    const char *value;
    bool any = false;
    if (given_twice(declared, err) != 0)
        return -1;
    for (size_t k = 0; k < PGO_COUNT(given_options); k++) {
        for (size_t i = 0; i < declared->n; i++) {
            if (!given_option(declared->v[i], given_options[k].option, &value) ||
                given_is_iterations(declared->v[i]))
                continue;
            if (strchr(value, '\n'))
                return err_status(err, PGO_USAGE, "'--%s': a newline in '%s' cannot be remembered",
                                  given_options[k].option, value);
            if (given_options[k].take(given, given_options[k].option, value, err) != 0)
                return -1;
            any = true;
        }
    }
    for (size_t i = 0; i < given->n; i++) {
        if (plan_find(project, given->trainings[i].name)) {
            err_status(err, PGO_USAGE, "the training '%s' is declared by the project itself",
                       given->trainings[i].name);
            return err_hint(err, "give it another name; '--forget %s' removes a remembered one",
                            given->trainings[i].name);
        }
    }
    return any;
}
