#include "measure.h"

#include "exec.h"
#include "fs.h"
#include "proc.h"
#include "workload.h"

#include <stdlib.h>
#include <string.h>

void sample_release(struct sample *s)
{
    free(s->failure);
    free(s->log);
    memset(s, 0, sizeof(*s));
}

static void measure_fail(struct sample *out, const struct training *t, int status,
                         const struct exec_result *result, bool known, const char *log)
{
    char *how = result->sig ? str_fmt("was killed by %s", proc_signal_name(result->sig))
                            : proc_status_text(status);
    if (result->fault)
        out->failure = str_dup(result->fault);
    else if (result->timed_out)
        out->failure = str_fmt("it was stopped at its time limit of %ld s", t->timeout);
    else if (!known)
        out->failure = str_dup("it could not be run");
    else if (result->who)
        out->failure = str_fmt("%s %s", result->who, how);
    else
        out->failure = str_fmt("'%s' %s", t->command.v[0], how);
    free(out->log);
    out->log = result->fault ? str_fmt("%s.server", log) : str_dup(log);
    free(how);
}

/* Programs behave differently for where their stack begins, which the size of the environment
   decides (Mytkowicz et al., "Producing wrong data without doing anything obviously wrong!", ASPLOS
   2009): each run has another one. */
static void measure_pad(struct vec *argv)
{
    char *pad = mem_alloc(4097);
    memset(pad, 'x', 4096);
    pad[(size_t)(drand48() * 4096)] = '\0';
    vec_addf(argv, "--env=PGO_PADDING=%s", pad);
    free(pad);
}

static void measure_words(const struct training *t, const char *record, const char *log,
                          long inside, int cpu, struct vec *argv)
{
    workload_exec_words(t, argv);
    vec_addf(argv, "--repeat=%ld", t->repeat * inside);
    vec_addf(argv, "--record=%s", record);
    vec_addf(argv, "--log=%s", log);
    vec_add(argv, "--count");
    if (cpu >= 0)
        vec_addf(argv, "--cpu=%d", cpu);
    measure_pad(argv);
    vec_add(argv, "--");
    vec_all(argv, &t->command);
}

int measure_run(const struct measure_place *place, const struct training *t, const char *side,
                long inside, int cpu, struct sample *out, struct err *err)
{
    struct vec argv = VEC_INIT, env = VEC_INIT;
    struct exec_result result = {0};
    int status = 0;
    char *record = path_join(place->scratch, "run"), *slug = training_slug(t->name);
    char *log = str_fmt("%s/compare.%s.%s.log", place->log_dir, slug, side);
    char *server_log = str_fmt("%s.server", log);
    memset(out, 0, sizeof(*out));
    proc_clean_env(&env);
    measure_words(t, record, log, inside, cpu, &argv);
    struct proc p = {.argv = &argv, .env = &env, .log = log, .group = true};
    int rc = fs_remove(record, err);
    if (rc == 0)
        rc = fs_remove(log, err);
    if (rc == 0)
        rc = fs_remove(server_log, err);
    if (rc == 0)
        rc = proc_run(&p, &status, err);
    bool known = rc == 0 && (proc_ok(status) || fs_exists(record));
    if (known)
        rc = exec_read(record, &result, err);
    out->log = str_dup(log);
    if (rc == 0 && !proc_ok(status))
        measure_fail(out, t, status, &result, known, log);
    out->v[MEASURE_WALL] = result.elapsed / (double)inside;
    out->v[MEASURE_CPU] = result.cpu / (double)inside;
    out->v[MEASURE_MEMORY] = (double)result.memory;
    out->v[MEASURE_INSTRUCTIONS] = result.instructions / (double)inside;
    exec_release(&result);
    vec_release(&argv);
    vec_release(&env);
    free(record);
    free(slug);
    free(log);
    free(server_log);
    return rc;
}
