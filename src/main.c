#include "cmd.h"
#include "exec.h"
#include "msg.h"
#include "proc.h"

#include <signal.h>
#include <string.h>

const struct command opt_commands[] = {
    {"instrument", NULL, "build the instrumented programs in a tree of their own", cmd_instrument},
    {"train", "[NAME]...", "run the trainings that are stale, on the instrumented programs",
     cmd_train},
    {"merge", NULL, "merge what the trainings recorded into one profile", cmd_merge},
    {"use", NULL, "build the optimized programs: all of the above, then this", cmd_use},
    {"compare", NULL, "measure the optimized programs against a baseline built alike", cmd_compare},
    {"test", "[REGEX]",
     "run the project's own tests on the optimized programs; name those that fail only there",
     cmd_test},
    {"check", NULL, "go through the checklist before the programs are handed on", cmd_check},
    {"install", NULL, "install the optimized programs", cmd_install},
    {"status", NULL, "show what is there and what the stages found", cmd_status},
    {"doctor", NULL, "check that all that profiles need is there and works", cmd_doctor},
    {"clean", NULL, "remove everything that pgo made, profiles included", cmd_clean},
    {"flags", NULL, "print the flags of a stage, for a build that pgo does not drive", cmd_flags},
    {"exec", "-- PROGRAM [ARGUMENT]...",
     "run one program with a time limit and record how it ended", exec_run},
    {"help", "[COMMAND]", "show help on all commands or on one", cmd_help},
    {"version", NULL, "print the version", cmd_version},
    {NULL, NULL, NULL, NULL},
};

static int main_run(const struct command *cmd, const struct options *o, struct err *err)
{
    if (o->version || (o->help && !cmd)) {
        if (o->version)
            return cmd_version(o, err);
        opt_help(NULL);
        return 0;
    }
    if (o->help) {
        opt_help(cmd);
        return 0;
    }
    msg_level(o->quiet ? MSG_QUIET : o->verbose ? MSG_VERBOSE : MSG_NORMAL);
    if (cmd->run != exec_run)
        proc_catch_signals();
    return cmd->run(o, err);
}

int main(int argc, char **argv)
{
    struct options o;
    struct err err = ERR_INIT, lost = ERR_INIT;
    const struct command *cmd;
    signal(SIGCHLD, SIG_DFL); /* ignored, as some parents leave it, no child could be waited for */
    exec_self(argv[0]);
    int rc = opt_parse(&o, &cmd, argc, argv, &err);
    if (rc == 0)
        rc = main_run(cmd, &o, &err);
    if (rc == 0 && msg_flush(&err) != 0)
        rc = -1;
    else if (rc < 0 && msg_flush(&lost) != 0)
        msg_warn("%s", lost.msg); /* what else is wrong stood there */
    /* What fails while we are being stopped fails by that. */
    if (rc < 0 && proc_signal() && err.status != 128 + proc_signal())
        err_status(&err, 128 + proc_signal(), "interrupted by %s", proc_signal_name(proc_signal()));
    if (rc < 0)
        rc = msg_error(&err);
    opt_release(&o);
    err_release(&err);
    err_release(&lost);
    if (proc_signal()) {
        signal(proc_signal(), SIG_DFL);
        raise(proc_signal());
    }
    return rc;
}
