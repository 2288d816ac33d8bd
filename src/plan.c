#include "plan.h"

#include "buf.h"
#include "fs.h"

#include <stdlib.h>
#include <string.h>

#define PLAN_HEAD "pgo-plan 1"

void plan_release(struct plan *p)
{
    for (size_t i = 0; i < p->n; i++)
        training_release(&p->trainings[i]);
    for (size_t i = 0; i < p->tests_n; i++) {
        free(p->tests[i].regex);
        free(p->tests[i].exclude);
        vec_release(&p->tests[i].labels);
    }
    free(p->trainings);
    free(p->tests);
    map_release(&p->settings);
    *p = (struct plan)PLAN_INIT;
}

struct training *plan_add(struct plan *p, const char *name)
{
    p->trainings = mem_grow(p->trainings, p->n + 1, sizeof(*p->trainings));
    training_init(&p->trainings[p->n], name);
    return &p->trainings[p->n++];
}

static struct plan_tests *plan_add_tests(struct plan *p)
{
    p->tests = mem_grow(p->tests, p->tests_n + 1, sizeof(*p->tests));
    struct plan_tests *t = &p->tests[p->tests_n++];
    memset(t, 0, sizeof(*t));
    t->weight = 1;
    return t;
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
            err_hint(err, "configure the build directory again: it writes this file");
            free(why);
            plan_release(p);
            rc = -1;
        }
    }
    buf_release(&b);
    return rc;
}
