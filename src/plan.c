#include "plan.h"

#include "buf.h"
#include "fs.h"

#include <stdlib.h>
#include <string.h>

#define PLAN_HEAD "pgo-plan 1"

static void plan_tests_release(struct plan_tests *t)
{
    free(t->regex);
    free(t->exclude);
    vec_release(&t->labels);
}

void plan_release(struct plan *p)
{
    for (size_t i = 0; i < p->n; i++)
        training_release(&p->trainings[i]);
    for (size_t i = 0; i < p->tests_n; i++)
        plan_tests_release(&p->tests[i]);
    free(p->trainings);
    free(p->tests);
    map_release(&p->settings);
    vec_release(&p->excluded);
    *p = (struct plan)PLAN_INIT;
}

struct training *plan_add(struct plan *p, const char *name)
{
    p->trainings = mem_grow(p->trainings, p->n + 1, sizeof(*p->trainings));
    training_init(&p->trainings[p->n], name);
    return &p->trainings[p->n++];
}

struct plan_tests *plan_add_tests(struct plan *p)
{
    p->tests = mem_grow(p->tests, p->tests_n + 1, sizeof(*p->tests));
    struct plan_tests *t = &p->tests[p->tests_n++];
    memset(t, 0, sizeof(*t));
    t->weight = 1;
    return t;
}

struct training *plan_find(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->trainings[i].name, name) == 0)
            return &p->trainings[i];
    return NULL;
}

void plan_remove(struct plan *p, const char *name, struct vec *removed)
{
    struct training *t = plan_find(p, name);
    if (t) {
        vec_addf(removed, "the %s '%s'", t->held_out ? "held-out workload" : "training", name);
        training_release(t);
        *t = p->trainings[--p->n];
    }
    for (size_t i = 0; i < p->tests_n; i++) {
        if (p->tests[i].regex && strcmp(p->tests[i].regex, name) == 0) {
            vec_addf(removed, "the tests '%s'", name);
            plan_tests_release(&p->tests[i]);
            p->tests[i--] = p->tests[--p->tests_n];
        }
    }
    if (vec_remove(&p->excluded, name))
        vec_addf(removed, "the exclusion of '%s'", name);
}

static int plan_tests_set(struct plan_tests *t, const char *key, const char *value, struct err *err)
{
    char **text = strcmp(key, "regex") == 0     ? &t->regex
                  : strcmp(key, "exclude") == 0 ? &t->exclude
                                                : NULL;
    if (text) {
        free(*text);
        *text = str_dup(value);
    } else if (strcmp(key, "label") == 0) {
        vec_add(&t->labels, value);
    } else if (strcmp(key, "weight") != 0 || !str_long(value, 1, 1000000, &t->weight)) {
        return err_set(err, "unknown attribute '%s %s' of tests", key, value);
    }
    return 0;
}

struct plan_reader {
    struct plan *plan;
    struct training *training; /* the open section, or NULL */
    struct plan_tests *tests;
    bool ended;
};

static int plan_line(struct plan_reader *r, char *line, struct err *err)
{
    char *value = strchr(line, ' ');
    if (value)
        *value++ = '\0';
    else
        value = line + strlen(line);
    if (r->ended)
        return err_set(err, "text after 'end'");
    if (!*line) {
        r->training = NULL;
        r->tests = NULL;
    } else if (r->training) {
        return training_set(r->training, line, value, err);
    } else if (r->tests) {
        return plan_tests_set(r->tests, line, value, err);
    } else if (strcmp(line, "training") == 0 && *value) {
        r->training = plan_add(r->plan, value);
    } else if (strcmp(line, "tests") == 0) {
        r->tests = plan_add_tests(r->plan);
    } else if (strcmp(line, "setting") == 0 && strchr(value, ' ')) {
        char *text = strchr(value, ' ');
        *text++ = '\0';
        map_set(&r->plan->settings, value, text);
    } else if (strcmp(line, "exclude") == 0 && *value) {
        vec_add(&r->plan->excluded, value);
    } else if (strcmp(line, "end") == 0) {
        r->ended = true;
    } else {
        return err_set(err, "unknown line '%s'", line);
    }
    return 0;
}

static int plan_parse(struct plan *p, char *text, size_t *number, struct err *err)
{
    struct plan_reader r = {p, NULL, NULL, false};
    *number = 0;
    while (*text) {
        size_t n = strcspn(text, "\n");
        bool last = !text[n];
        text[n] = '\0';
        ++*number;
        if (*number == 1 ? strcmp(text, PLAN_HEAD) != 0 : plan_line(&r, text, err) != 0)
            return err->msg ? -1 : err_set(err, "the first line is not '%s'", PLAN_HEAD);
        text += n + !last;
    }
    return r.ended ? 0 : err_set(err, "it ends early");
}

int plan_read(const char *path, struct plan *p, struct err *err)
{
    struct buf b = BUF_INIT;
    size_t line;
    if (!fs_exists(path))
        return 0;
    int rc = fs_read(path, &b, err);
    if (rc == 0) {
        buf_addc(&b, '\0');
        if (plan_parse(p, b.p, &line, err) != 0) {
            char *why = str_dup(err->msg);
            int status = err->status;
            err_status(err, status, "the plan '%s' is damaged at line %zu: %s", path, line, why);
            free(why);
            plan_release(p);
            rc = -1;
        }
    }
    buf_release(&b);
    return rc;
}

char *plan_text(const struct plan *p)
{
    struct buf b = BUF_INIT;
    buf_adds(&b, PLAN_HEAD "\n");
    for (size_t i = 0; i < p->settings.keys.n; i++)
        buf_addf(&b, "setting %s %s\n", p->settings.keys.v[i], p->settings.values.v[i]);
    for (size_t i = 0; i < p->excluded.n; i++)
        buf_addf(&b, "exclude %s\n", p->excluded.v[i]);
    for (size_t i = 0; i < p->n; i++) {
        buf_addf(&b, "training %s\n", p->trainings[i].name);
        training_text(&p->trainings[i], &b);
        buf_addc(&b, '\n');
    }
    for (size_t i = 0; i < p->tests_n; i++) {
        const struct plan_tests *t = &p->tests[i];
        buf_addf(&b, "tests\nweight %ld\n", t->weight);
        if (t->regex)
            buf_addf(&b, "regex %s\n", t->regex);
        if (t->exclude)
            buf_addf(&b, "exclude %s\n", t->exclude);
        for (size_t k = 0; k < t->labels.n; k++)
            buf_addf(&b, "label %s\n", t->labels.v[k]);
        buf_addc(&b, '\n');
    }
    buf_adds(&b, "end\n");
    return buf_detach(&b);
}
