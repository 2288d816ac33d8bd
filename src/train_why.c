/* Why a training did not go well, and what is to be said of one that did. */
#include "fs.h"
#include "msg.h"
#include "proc.h"
#include "train_run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define TRAIN_NOT_FOUND 127 /* a shell's status for a command that it does not find */
#define TRAIN_ROOM 65536    /* bytes, below which a disk is full */
#define TRAIN_NAMES 5       /* processes that a message names */

/* Adds the training's last lines to its failure. */
static int train_show_log(struct train_run *r, const char *name)
{
    char *log = path_join(r->dir, name);
    if (fs_exists(log))
        proc_log_tail(&r->err, log, 0);
    free(log);
    return -1;
}

static int train_fail(struct train_run *r, const struct exec_result *result)
{
    if (result->timed_out) {
        err_set(&r->err, "training '%s' was stopped at its time limit of %ld s", r->t->name,
                r->t->timeout);
        err_hint(&r->err,
                 "raise %s (--timeout), or train with less data (%s, --dataset); instrumented "
                 "programs are slower",
                 r->s->tree.ops->words->timeout, r->s->tree.ops->words->dataset);
    } else if (result->sig) {
        err_set(&r->err, "training '%s'%s%s was killed by %s after %.1f s", r->t->name,
                result->who ? ": " : "", result->who ? result->who : "",
                proc_signal_name(result->sig), result->elapsed);
    } else {
        err_set(&r->err, "training '%s' failed: %s exited with status %d", r->t->name,
                result->who ? result->who : "it", result->code);
        if (result->code == TRAIN_NOT_FOUND)
            err_hint(&r->err, "in a script the project's programs are {build}/…, for example "
                              "sh -c '{build}/prog file'");
        else if (plan_find(&r->s->given, r->t->name))
            err_hint(&r->err, "give it anew, --train '%s=…', or '--forget %s'", r->t->name,
                     r->t->name);
    }
    return train_show_log(r, "log");
}

/* A run can fail without a word when its log could not be written either. What it began to write is
   removed again, so there is some room. */
static bool train_disk_full(const struct train_run *r)
{
    return fs_room(r->dir) < TRAIN_ROOM;
}

static int train_fail_full(struct train_run *r, const char *what)
{
    err_set(&r->err, "training '%s' %s: the disk of '%s' is full (%.0f bytes free)", r->t->name,
            what, r->dir, fs_room(r->dir));
    return err_hint(&r->err,
                    "make room and run the same command again; finished trainings are kept");
}

/* No raw profile: says how the program ended and what the ways are in which nothing is written. */
static int train_fail_empty(struct train_run *r, const struct exec_result *result,
                            const struct journal *journal)
{
    const struct artifact *a = train_artifact(r->artifacts, r->t->command.v[0]);
    if (train_disk_full(r))
        return train_fail_full(r, "left no profile");
    if (proc_crashed(result->sig)) {
        err_set(&r->err, "training '%s' crashed by %s after %.1f s, and left no profile",
                r->t->name, proc_signal_name(result->sig), result->elapsed);
        err_hint(&r->err, "run it by hand to see why: its programs are in '%s'", r->place->build);
        return train_show_log(r, "log");
    }
    if (result->sig)
        err_set(&r->err, "training '%s' left no profile: the process was killed by %s after %.1f s",
                r->t->name, proc_signal_name(result->sig), result->elapsed);
    else if (journal->pids.n)
        err_set(&r->err, "training '%s' left no profile: process %s (%s) ended without writing one",
                r->t->name, journal->pids.v[0], journal->names.v[0]);
    else if (a)
        err_set(
            &r->err,
            "training '%s' left no profile: '%s' is instrumented and ended well, but wrote nothing",
            r->t->name, a->target);
    else
        err_set(
            &r->err,
            "training '%s' left no profile: no instrumented program that it ran came to write one",
            r->t->name);
    err_hint(
        &r->err,
        "one that is killed by SIGKILL, leaves by a system call of its own or becomes a user who "
        "may not write there writes none: let it end by exit() or a signal like TERM, or call "
        "pgo_flush() before; a script must run the programs, or load the modules, of '%s', and "
        "what is excluded writes none",
        r->place->build);
    return train_show_log(r, "log");
}

/* There is no record of it. */
static int train_fail_unknown(struct train_run *r, int status)
{
    if (r->err.msg)
        return -1;
    if (r->t->test)
        return err_set(&r->err, "test '%s' was not run by the project's test runner", r->t->name);
    if (train_disk_full(r))
        train_fail_full(r, "could not be run");
    else if (WIFSIGNALED(status))
        err_set(&r->err, "training '%s' was not supervised to its end: 'pgo exec' was killed by %s",
                r->t->name, proc_signal_name(WTERMSIG(status)));
    else
        err_set(&r->err, "training '%s' could not be run", r->t->name);
    return train_show_log(r, "log");
}

int train_why(struct train_run *r, const struct exec_result *result, const struct journal *journal,
              int status, bool wrote)
{
    if (proc_signal())
        return err_set(&r->err, "training '%s' was interrupted", r->t->name);
    if (!result)
        return train_fail_unknown(r, status);
    if (r->t->test) {
        if (!wrote)
            msg_warn("test '%s' passed or was skipped without leaving a profile", r->t->name);
        return 0;
    }
    if (result->fault) {
        err_set(&r->err, "training '%s': %s", r->t->name, result->fault);
        err_hint(&r->err, "%s", result->hint);
        return train_show_log(r, "log.server");
    }
    if (result->code && (wrote || !result->sig || result->timed_out))
        return train_fail(r, result);
    return wrote ? 0 : train_fail_empty(r, result, journal);
}

/* Whether it is among those that had to be killed, "PID NAME, ...". */
static bool train_killed(const struct exec_result *result, const char *pid)
{
    char *list = str_fmt(", %s", result->killed ? result->killed : ""),
         *one = str_fmt(", %s ", pid);
    bool is = strstr(list, one) != NULL;
    free(list);
    free(one);
    return is;
}

/* Of a file that a process was killed in while it wrote, GCC's runtime complains ever after. */
static void train_warn_runtime(const struct train_run *r)
{
    struct buf text = BUF_INIT;
    struct err ignored = ERR_INIT;
    char *log = path_join(r->dir, "runtime.log");
    if (fs_is_file(log) && fs_read(log, &text, &ignored) == 0 && text.len)
        msg_warn("training '%s': the compiler's profile runtime says: %.*s (log: %s)", r->t->name,
                 (int)strcspn(buf_str(&text), "\n"), buf_str(&text), log);
    buf_release(&text);
    err_release(&ignored);
    free(log);
}

void train_warn(const struct train_run *r, const struct exec_result *result,
                const struct journal *journal)
{
    if (result->killed)
        msg_warn("training '%s' left processes that did not end when they were asked to, and were "
                 "killed, without their counts: %s",
                 r->t->name, result->killed);
    train_warn_runtime(r);
    struct vec names = VEC_INIT;
    for (size_t i = 0; i < journal->pids.n; i++)
        if (!train_killed(result, journal->pids.v[i]))
            vec_addf(&names, "%s (%s)", journal->names.v[i], journal->pids.v[i]);
    char *some = vec_some(&names, TRAIN_NAMES);
    if (names.n)
        msg_warn(
            "training '%s': %zu of its %zu processes left no counts: %s; let them end by exit() "
            "or a signal like TERM (a server's is STOP_SIGNAL, PGO_STOP, --stop), or call "
            "pgo_flush() before they are killed",
            r->t->name, names.n, journal->seen, some);
    free(some);
    vec_release(&names);
}
