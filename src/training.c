#include "training.h"

#include "buf.h"
#include "fs.h"
#include "proc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum training_kind {
    TRAINING_LIST,
    TRAINING_SET,
    TRAINING_ENV,
    TRAINING_TEXT,
    TRAINING_COUNT,
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
}

void training_release(struct training *t)
{
    vec_release(&t->command);
    vec_release(&t->inputs);
    vec_release(&t->env);
    vec_release(&t->depends);
    free(t->name);
    free(t->std_in);
    free(t->cwd);
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

bool training_name_ok(const char *name)
{
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("._+-", *c))
            return false;
    return *name && *name != '.';
}

/* In the order of the values in training_fill. */
const char *const training_placeholders[] = {"{build}", "{source}", "{dataset}", "{tmp}", NULL};

char *training_fill(const char *text, const struct training_place *place)
{
    const char *values[] = {place->build, place->source, place->dataset, place->tmp};
    struct buf b = BUF_INIT;
    while (*text) {
        size_t i = 0;
        while (training_placeholders[i] &&
               !(values[i] && str_starts(text, training_placeholders[i])))
            i++;
        if (training_placeholders[i]) {
            buf_adds(&b, values[i]);
            text += strlen(training_placeholders[i]);
        } else {
            buf_addc(&b, *text);
            text += str_starts(text, "{{") ? 2 : 1;
        }
    }
    return buf_detach(&b);
}

static void training_fill_list(struct vec *to, const struct vec *from,
                               const struct training_place *place)
{
    for (size_t i = 0; i < from->n; i++)
        vec_take(to, training_fill(from->v[i], place));
}

void training_expand(struct training *to, const struct training *from,
                     const struct training_place *place)
{
    training_init(to, from->name);
    training_fill_list(&to->command, &from->command, place);
    training_fill_list(&to->inputs, &from->inputs, place);
    training_fill_list(&to->env, &from->env, place);
    vec_all(&to->depends, &from->depends);
    to->weight = from->weight;
    to->timeout = from->timeout;
    to->repeat = from->repeat;
    to->serial = from->serial;
    to->held_out = from->held_out;
    to->test = from->test;
    if (from->std_in)
        to->std_in = training_fill(from->std_in, place);
    char *cwd = training_fill(from->cwd ? from->cwd : "", place);
    to->cwd = path_join(place->build, cwd);
    free(cwd);
}

void training_hash(const struct training *t, struct hash *h)
{
    hash_str(h, t->name);
    hash_vec(h, &t->command);
    hash_vec(h, &t->env);
    hash_str(h, t->std_in);
    hash_str(h, t->cwd);
    hash_add(h, &t->repeat, sizeof(t->repeat));
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
