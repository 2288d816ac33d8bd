/* Which of the project's own tests a test runner runs: it does not tell the wrapper the test's
   name. */
#include "exec.h"

#include "fs.h"
#include "plan.h"

#include <stdlib.h>
#include <string.h>

void exec_one_line(struct vec *words)
{
    for (size_t i = 0; i < words->n; i++)
        for (char *c = words->v[i]; (c = strchr(c, '\n')); c++)
            *c = ' ';
}

/* How much of a test's environment and directory is what we run in: a runner may add to a variable.
 */
static int exec_fits(const struct training *t)
{
    char *here = path_abs(".");
    int fits = !t->cwd ? 0 : strcmp(t->cwd, here) == 0 ? 1 : -1;
    for (size_t i = 0; i < t->env.n; i++) {
        const char *pair = t->env.v[i], *value = pair + strcspn(pair, "=");
        char *name = str_ndup(pair, (size_t)(value - pair));
        const char *now = getenv(name);
        const char *wanted = value + (*value == '=');
        fits += !now ? -1 : strcmp(now, wanted) == 0 ? 2 : strstr(now, wanted) ? 1 : -1;
        free(name);
    }
    free(here);
    return fits;
}

/* Test runners put an emulator before a command, and options of theirs behind it. */
static bool exec_runs(const struct vec *args, const struct vec *command)
{
    for (size_t at = 0; at + command->n <= args->n; at++) {
        size_t n = 0;
        while (n < command->n && strcmp(command->v[n], args->v[at + n]) == 0)
            n++;
        if (n == command->n)
            return true;
    }
    return false;
}

/* The directory name of the test in a plan whose command we run: that of the longest, and of those
   the one that fits best; NULL when there is none. The caller frees it. */
static char *exec_test(const struct plan *plan, const struct vec *args)
{
    const struct training *found = NULL;
    for (size_t i = 0; i < plan->n; i++) {
        const struct training *t = &plan->trainings[i];
        size_t n = t->command.n, most = found ? found->command.n : 0;
        if (exec_runs(args, &t->command) &&
            (n > most || (found && n == most && exec_fits(t) > exec_fits(found))))
            found = t;
    }
    return found ? training_slug(found->name) : NULL;
}

/* A test that nobody chose is run as it is. */
int exec_as_test(const struct options *o, struct options *out, struct err *err)
{
    struct plan plan = PLAN_INIT;
    if (plan_read(o->test_of, &plan, err) != 0)
        return -1;
    struct vec args = VEC_INIT;
    vec_all(&args, &o->args);
    exec_one_line(&args);
    char *slug = exec_test(&plan, &args);
    vec_release(&args);
    *out = *o;
    out->env = (struct vec)VEC_INIT;
    for (size_t i = 0; slug && i < o->env.n; i++)
        vec_take(&out->env, str_replace(o->env.v[i], "{slug}", slug));
    out->record = slug && o->record ? str_replace(o->record, "{slug}", slug) : NULL;
    out->test_of = NULL;
    free(slug);
    plan_release(&plan);
    return 0;
}
