/* The command line. One table of commands and one of options give parsing, help and the nearest
   valid word for a wrong one. */
#ifndef PGO_OPT_H
#define PGO_OPT_H

#include "err.h"
#include "vec.h"

struct options {
    const char *command; /* its name */
    /* of every command */
    const char *dir; /* -C; "." */
    long jobs;       /* at least 1 */
    bool verbose, quiet, json, no_wait, help, version;
    /* of the stages */
    const char *config;                                 /* NULL: chosen */
    const char *dataset;                                /* NULL: what the tree declares */
    const char *min_match, *min_coverage, *max_dropped; /* per cent, NULL: the tree's */
    const char *atomic;                                 /* a mode, NULL: the tree's */
    struct vec declared; /* "option\nvalue": trainings and more that the command line declares */
    struct vec only;     /* names of trainings */
    const char *profile_dir, *out_dir;
    /* of single commands */
    long runs;                 /* compare; 0: as many as it takes */
    double precision, seconds; /* per cent; of each workload */
    bool fail_if_slower, check_output, csv, markdown;
    const char *require, *vs, *a, *b;
    const char *max_size, *archive;           /* check */
    struct vec waive;                         /* check */
    bool stability;                           /* check */
    const char *prefix, *component;           /* install */
    bool strip;                               /* install */
    const char *stage, *compiler, *profile;   /* flags */
    const char *raw, *output, *part, *source; /* flags, merge */
    const char *use_in;                       /* merge */
    bool cmake;                               /* flags */
    struct vec env;                           /* exec */
    const char *log, *record, *std_in, *cwd, *test_of;
    double timeout; /* seconds */
    long repeat;
    struct vec server, ready, also; /* words; each of `also` is a whole command */
    const char *stop, *tmp;
    double grace, ready_timeout; /* seconds */
    bool parallel, leave, count;
    const char *cpu;
    /* what is left */
    struct vec args;
};

struct command {
    const char *name;
    const char *args; /* for the usage line */
    const char *summary;
    int (*run)(const struct options *o, struct err *err); /* 0, or -1 and err */
};

extern const struct command opt_commands[]; /* ends with a NULL name; defined in main.c */

/* Parses argv; *cmd is NULL when only --help or --version was asked for. On failure -1, status 2.
 */
int opt_parse(struct options *o, const struct command **cmd, int argc, char **argv,
              struct err *err);
void opt_release(struct options *o);
/* Help on all commands, or on one. */
void opt_help(const struct command *cmd);
/* The command of that name; otherwise NULL and `err` names the nearest one. */
const struct command *opt_command(const char *name, struct err *err);

#endif
