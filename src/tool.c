#include "tool.h"

#include "exec.h"
#include "fs.h"
#include "proc.h"

#include <stdlib.h>

int tool_run(const struct vec *words, const char *cwd, const struct vec *env, const char *log,
             const char *what, struct err *err)
{
    struct vec argv = VEC_INIT;
    vec_add(&argv, exec_path());
    vec_add(&argv, "exec");
    if (cwd)
        vec_addf(&argv, "--cwd=%s", cwd);
    vec_add(&argv, "--");
    vec_all(&argv, words);
    struct proc p = {.argv = &argv, .env = env, .log = log, .group = true};
    int rc = proc_must(&p, what, err);
    if (rc != 0 && err->msg && !proc_signal()) {
        char *ours = str_fmt("'%s'", path_base(exec_path()));
        char *tool = str_fmt("'%s'", path_base(words->v[0]));
        char *msg = str_replace(err->msg, ours, tool);
        free(ours);
        free(tool);
        free(err->msg);
        err->msg = msg;
    }
    vec_release(&argv);
    return rc;
}

int tool_install(const struct vec *words, const char *log, struct err *err)
{
    struct vec env = VEC_INIT;
    const char *given = getenv("DESTDIR");
    char *destdir = given && *given ? path_abs(given) : NULL;
    proc_clean_env(&env);
    if (destdir)
        proc_set_env(&env, "DESTDIR", destdir);
    int rc = tool_run(words, NULL, &env, log, "installing the optimized programs", err);
    free(destdir);
    vec_release(&env);
    return rc;
}
