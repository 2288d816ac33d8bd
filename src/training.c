#include "training.h"

#include "buf.h"
#include "fs.h"
#include "proc.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum training_kind {
    TRAINING_LIST,
    TRAINING_SET,
    TRAINING_ENV,
    TRAINING_TEXT,
    TRAINING_COUNT,
    TRAINING_SIGNAL,
    TRAINING_FLAG
};

static const struct {
    const char *key;
    enum training_kind kind;
    size_t offset;
    long min;
} training_keys[] = {
    {"arg", TRAINING_LIST, offsetof(struct training, command), 0},
    {"weight", TRAINING_COUNT, offsetof(struct training, weight), 1},
    {"timeout", TRAINING_COUNT, offsetof(struct training, timeout), 0},
    {"repeat", TRAINING_COUNT, offsetof(struct training, repeat), 1},
    {"input", TRAINING_SET, offsetof(struct training, inputs), 0},
    {"env", TRAINING_ENV, offsetof(struct training, env), 0},
    {"depends", TRAINING_SET, offsetof(struct training, depends), 0},
    {"stdin", TRAINING_TEXT, offsetof(struct training, std_in), 0},
    {"cwd", TRAINING_TEXT, offsetof(struct training, cwd), 0},
    {"server", TRAINING_LIST, offsetof(struct training, server), 0},
    {"ready", TRAINING_LIST, offsetof(struct training, ready), 0},
    {"also", TRAINING_LIST, offsetof(struct training, also), 0},
    {"stop", TRAINING_SIGNAL, offsetof(struct training, stop), 0},
    {"grace", TRAINING_COUNT, offsetof(struct training, grace), 0},
    {"ready-timeout", TRAINING_COUNT, offsetof(struct training, ready_timeout), 1},
    {"parallel", TRAINING_FLAG, offsetof(struct training, parallel), 0},
    {"serial", TRAINING_FLAG, offsetof(struct training, serial), 0},
    {"held-out", TRAINING_FLAG, offsetof(struct training, held_out), 0},
};

void training_init(struct training *t, const char *name)
{
    memset(t, 0, sizeof(*t));
    t->name = str_dup(name);
    t->weight = 1;
    t->timeout = 600;
    t->repeat = 1;
    t->grace = 10;
    t->ready_timeout = 60;
}

void training_release(struct training *t)
{
    vec_release(&t->command);
    vec_release(&t->inputs);
    vec_release(&t->env);
    vec_release(&t->depends);
    vec_release(&t->server);
    vec_release(&t->ready);
    vec_release(&t->also);
    free(t->stop);
    free(t->name);
    free(t->std_in);
    free(t->cwd);
    free(t->tmp);
    free(t->dataset);
    memset(t, 0, sizeof(*t));
}

/* The last value of a variable counts. */
static void training_set_env(struct vec *env, const char *pair)
{
    size_t n = strcspn(pair, "=");
    char *key = str_ndup(pair, n);
    proc_set_env(env, key, pair[n] ? pair + n + 1 : "");
    free(key);
}

static int training_set_signal(const struct training *t, char **field, const char *value,
                               struct err *err)
{
    const char *name = str_starts(value, "SIG") ? value + 3 : value;
    int sig = proc_signal_number(name);
    if (!sig || sig == SIGKILL)
        return err_status(err, PGO_USAGE,
                          "training '%s': a server is stopped by TERM, INT or another signal that "
                          "can be handled, not by '%s'",
                          t->name, value);
    free(*field);
    *field = str_dup(name);
    return 0;
}

int training_set(struct training *t, const char *key, const char *value, struct err *err)
{
    for (size_t i = 0; i < PGO_COUNT(training_keys); i++) {
        void *field = (char *)t + training_keys[i].offset;
        if (strcmp(training_keys[i].key, key) != 0)
            continue;
        switch (training_keys[i].kind) {
        case TRAINING_LIST:
            vec_add(field, value);
            return 0;
        case TRAINING_SET:
            if (!vec_has(field, value))
                vec_add(field, value);
            return 0;
        case TRAINING_ENV:
            training_set_env(field, value);
            return 0;
        case TRAINING_TEXT:
            free(*(char **)field);
            *(char **)field = str_dup(value);
            return 0;
        case TRAINING_SIGNAL:
            return training_set_signal(t, field, value, err);
        case TRAINING_FLAG:
            *(bool *)field = true;
            return 0;
        case TRAINING_COUNT:
            if (str_long(value, training_keys[i].min, 1000000, field))
                return 0;
            return err_status(
                err, PGO_USAGE,
                "training '%s': %s must be a whole number from %ld to 1000000, not '%s'", t->name,
                key, training_keys[i].min, value);
        }
    }
    return err_set(err, "training '%s': unknown attribute '%s'", t->name, key);
}

void training_text(const struct training *t, struct buf *out)
{
    struct training plain;
    training_init(&plain, "");
    for (size_t i = 0; i < PGO_COUNT(training_keys); i++) {
        const void *field = (const char *)t + training_keys[i].offset;
        const struct vec *list = field;
        const char *key = training_keys[i].key, *text;
        switch (training_keys[i].kind) {
        case TRAINING_LIST:
        case TRAINING_SET:
        case TRAINING_ENV:
            for (size_t k = 0; k < list->n; k++)
                buf_addf(out, "%s %s\n", key, list->v[k]);
            break;
        case TRAINING_TEXT:
        case TRAINING_SIGNAL:
            text = *(char *const *)field;
            if (text)
                buf_addf(out, "%s %s\n", key, text);
            break;
        case TRAINING_FLAG:
            if (*(const bool *)field)
                buf_addf(out, "%s 1\n", key);
            break;
        case TRAINING_COUNT:
            if (*(const long *)field !=
                *(const long *)((const char *)&plain + training_keys[i].offset))
                buf_addf(out, "%s %ld\n", key, *(const long *)field);
            break;
        }
    }
    training_release(&plain);
}

/* How a server is seen to be ready: the kinds, and how many words follow each. */
static const struct {
    const char *kind;
    size_t min, max;
} training_ready[] = {{"port", 0, 0}, {"socket", 1, 1}, {"line", 1, 1}, {"command", 1, SIZE_MAX}};

static int training_bad_ready(const struct training *t, struct err *err)
{
    char *words = vec_join(&t->ready, " ");
    err_status(err, PGO_USAGE,
               "training '%s': a server is ready by 'port', 'socket PATH', 'line TEXT' or 'command "
               "WORD...', not '%s'",
               t->name, words);
    free(words);
    return -1;
}

int training_declare(struct training *t, const char *key, const char *text, struct err *err)
{
    bool ready = strcmp(key, "ready") == 0, also = strcmp(key, "also") == 0;
    struct vec words = VEC_INIT;
    if (!ready && !also && strcmp(key, "server") != 0)
        return training_set(t, key, text, err);
    size_t kind = ready ? strcspn(text, " ") : 0;
    const char *rest = text + kind + (ready && text[kind] == ' ');
    int rc = 0;
    if (ready)
        vec_take(&words, str_ndup(text, kind));
    if (ready && *rest && strcmp(words.v[0], "command") != 0)
        vec_add(&words, rest);
    else if (!vec_shell(&words, rest))
        rc = err_status(err, PGO_USAGE, "training '%s': a quote is not closed in '%s'", t->name,
                        text);
    else if (!words.n)
        rc = err_status(err, PGO_USAGE, "training '%s': '%s' is no command", t->name, text);
    if (rc == 0 && also) {
        const char separator[] = {TRAINING_SEPARATOR, '\0'};
        vec_take(&t->also, vec_join(&words, separator));
    } else if (rc == 0) {
        struct vec *list = ready ? &t->ready : &t->server;
        vec_release(list);
        vec_all(list, &words);
    }
    vec_release(&words);
    return rc;
}

bool training_uses(const struct training *t, const char *placeholder)
{
    const struct vec *const lists[] = {&t->command, &t->also, &t->server, &t->ready, &t->env};
    bool uses =
        (t->std_in && strstr(t->std_in, placeholder)) || (t->cwd && strstr(t->cwd, placeholder));
    for (size_t k = 0; k < PGO_COUNT(lists); k++)
        for (size_t i = 0; i < lists[k]->n; i++)
            uses |= strstr(lists[k]->v[i], placeholder) != NULL;
    return uses;
}

int training_check(const struct training *t, struct err *err)
{
    size_t kind = 0;
    if (!t->server.n && (t->ready.n || t->stop)) {
        err_status(err, PGO_USAGE, "training '%s' has no server that could be %s", t->name,
                   t->ready.n ? "ready" : "stopped");
        return err_hint(err, "declare its server's command (SERVER, PGO_SERVER, --server)");
    }
    if (t->server.n && !t->ready.n && !training_uses(t, "{port}")) {
        err_status(err, PGO_USAGE,
                   "training '%s': nothing says when its server '%s' is ready for the command",
                   t->name, t->server.v[0]);
        return err_hint(err, "let it listen on {port}, or declare what to wait for (READY, "
                             "PGO_READY, --ready): a socket, a line of its output or a command");
    }
    if (!t->ready.n)
        return 0;
    while (kind < PGO_COUNT(training_ready) &&
           strcmp(training_ready[kind].kind, t->ready.v[0]) != 0)
        kind++;
    if (kind == PGO_COUNT(training_ready) || t->ready.n - 1 < training_ready[kind].min ||
        t->ready.n - 1 > training_ready[kind].max || (t->ready.n > 1 && !*t->ready.v[1]))
        return training_bad_ready(t, err);
    if (strcmp(t->ready.v[0], "port") == 0 && !training_uses(t, "{port}"))
        return err_status(err, PGO_USAGE,
                          "training '%s': its server is to be ready by its port, but no word of "
                          "it holds {port}",
                          t->name);
    return 0;
}

void training_split(const char *also, struct vec *words)
{
    const char *end;
    for (; (end = strchr(also, TRAINING_SEPARATOR)); also = end + 1)
        vec_take(words, str_ndup(also, (size_t)(end - also)));
    vec_add(words, also);
}

void training_words(const struct training *t, struct vec *out)
{
    vec_all(out, &t->command);
    for (size_t i = 0; i < t->also.n; i++)
        training_split(t->also.v[i], out);
    vec_all(out, &t->server);
    for (size_t i = 1; i < t->ready.n && strcmp(t->ready.v[0], "command") == 0; i++)
        vec_add(out, t->ready.v[i]);
}

static char *training_same(const char *word, void *arg)
{
    vec_add(arg, word);
    return NULL;
}

void training_programs(const struct training *t, struct vec *out)
{
    training_resolve((struct training *)t, training_same, out); /* replaces nothing */
}

static void training_resolve_word(char **word, training_find *find, void *arg)
{
    size_t n = strcspn(*word, (const char[]){TRAINING_SEPARATOR, '\0'});
    char *first = str_ndup(*word, n), *found = find(first, arg);
    if (found) {
        char *all = str_fmt("%s%s", found, *word + n);
        free(*word);
        *word = all;
    }
    free(first);
    free(found);
}

void training_resolve(struct training *t, training_find *find, void *arg)
{
    if (t->command.n)
        training_resolve_word(&t->command.v[0], find, arg);
    for (size_t i = 0; i < t->also.n; i++)
        training_resolve_word(&t->also.v[i], find, arg);
    if (t->server.n)
        training_resolve_word(&t->server.v[0], find, arg);
    if (t->ready.n > 1 && strcmp(t->ready.v[0], "command") == 0)
        training_resolve_word(&t->ready.v[1], find, arg);
}

bool training_name_ok(const char *name)
{
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("._+-", *c))
            return false;
    return *name && *name != '.';
}

/* In the order of the values in training_fill. */
const char *const training_placeholders[] = {"{build}", "{source}", "{dataset}",
                                             "{tmp}",   "{port}",   NULL};

char *training_fill(const char *text, const struct training_place *place)
{
    const char *values[] = {place->build, place->source, place->dataset, place->tmp, place->port};
    struct buf b = BUF_INIT;
    while (*text) {
        size_t i = 0;
        while (training_placeholders[i] &&
               !(values[i] && str_starts(text, training_placeholders[i])))
            i++;
        if (training_placeholders[i]) {
            buf_adds(&b, values[i]);
            text += strlen(training_placeholders[i]);
        } else if (!place->port && str_starts(text, "{{port}")) {
            buf_adds(&b, "{{port}"); /* filled when its time comes */
            text += strlen("{{port}");
        } else {
            buf_addc(&b, *text);
            text += str_starts(text, "{{") ? 2 : 1;
        }
    }
    return buf_detach(&b);
}

typedef char *training_change(const char *text, const void *arg);

/* Fills `to` with `from`, each of its texts changed. */
static void training_map(struct training *to, const struct training *from, training_change *change,
                         const void *arg)
{
    training_init(to, from->name);
    for (size_t i = 0; i < PGO_COUNT(training_keys); i++) {
        void *out = (char *)to + training_keys[i].offset;
        const void *in = (const char *)from + training_keys[i].offset;
        const struct vec *list = in;
        char *const *text = in;
        switch (training_keys[i].kind) {
        case TRAINING_LIST:
        case TRAINING_SET:
        case TRAINING_ENV:
            for (size_t k = 0; k < list->n; k++)
                vec_take(out, change(list->v[k], arg));
            break;
        case TRAINING_TEXT:
        case TRAINING_SIGNAL:
            *(char **)out = *text ? change(*text, arg) : NULL;
            break;
        case TRAINING_COUNT:
            *(long *)out = *(const long *)in;
            break;
        case TRAINING_FLAG:
            *(bool *)out = *(const bool *)in;
            break;
        }
    }
    to->test = from->test;
}

static char *training_filled(const char *text, const void *place)
{
    return training_fill(text, place);
}

void training_expand(struct training *to, const struct training *from,
                     const struct training_place *place)
{
    training_map(to, from, training_filled, place);
    to->tmp = place->tmp && training_uses(from, "{tmp}") ? str_dup(place->tmp) : NULL;
    if (place->dataset && training_uses(from, "{dataset}"))
        to->dataset = str_dup(place->dataset);
    char *cwd = path_join(place->build, to->cwd ? to->cwd : "");
    free(to->cwd);
    to->cwd = cwd;
}

static char *training_moved(const char *text, const void *places)
{
    const char *const *from_to = places;
    return str_replace(text, from_to[0], from_to[1]);
}

void training_move(struct training *to, const struct training *from, const char *old,
                   const char *now)
{
    const char *const places[] = {old, now};
    training_map(to, from, training_moved, places);
    to->tmp = from->tmp ? str_dup(from->tmp) : NULL;
    to->dataset = from->dataset ? str_dup(from->dataset) : NULL;
}

void training_parts(const struct training *t, struct map *parts)
{
    char *repeat = str_fmt("%ld", t->repeat);
    parts_text(parts, "the data set", t->dataset);
    parts_words(parts, "its command", &t->command);
    parts_words(parts, "the commands after its command", &t->also);
    parts_text(parts, "whether its commands run at once", t->parallel ? "yes" : "no");
    parts_words(parts, "its environment", &t->env);
    parts_text(parts, "its standard input", t->std_in);
    parts_text(parts, "its working directory", t->cwd);
    parts_text(parts, "the number of its runs", repeat);
    parts_words(parts, "its server", &t->server);
    parts_words(parts, "when its server is ready", &t->ready);
    parts_text(parts, "what ends its server", t->stop);
    free(repeat);
}

char *training_slug(const char *name)
{
    struct buf b = BUF_INIT;
    bool plain = *name && strlen(name) <= 60 && *name != '.';
    for (const char *c = name; *c && b.len < 60; c++) {
        bool ok = isalnum((unsigned char)*c) || (*c && strchr("._-+", *c));
        buf_addc(&b, ok ? *c : '_');
        plain &= ok;
    }
    if (!plain) {
        char hex[HASH_HEX + 1];
        hash_text(name, strlen(name), hex);
        buf_addf(&b, "~%.8s", hex);
        if (b.p[0] == '.')
            b.p[0] = '_';
    }
    return buf_detach(&b);
}
