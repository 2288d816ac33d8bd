#include "opt.h"

#include "buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum opt_kind { OPT_FLAG, OPT_TEXT, OPT_LIST, OPT_DECLARE, OPT_COUNT, OPT_SECONDS };

struct opt {
    const char *name;
    char letter;
    enum opt_kind kind;
    size_t offset;
    const char *value;    /* its name in the help */
    const char *commands; /* those that take it, with spaces around; NULL: all */
    const char *help;
};

#define STAGES " instrument train merge use compare check test install status "
#define TRAININGS " instrument train merge use compare test install "
#define AT(field) offsetof(struct options, field)

static const struct opt opt_table[] = {
    {"only", 0, OPT_LIST, AT(only), "NAME", " train merge use ",
     "only this training (repeatable); what others left is kept"},
    {"profile-dir", 0, OPT_TEXT, AT(profile_dir), "DIR", " merge use ",
     "also put the profile and its manifest there"},
    {"out-dir", 0, OPT_TEXT, AT(out_dir), "DIR", " use ",
     "also put the optimized programs and libraries there"},
    {"precision", 0, OPT_SECONDS, AT(precision), "PERCENT", " compare ",
     "run each workload until its interval is narrower (1)"},
    {"time", 0, OPT_SECONDS, AT(seconds), "S", " compare ", "or for so many seconds (10)"},
    {"runs", 0, OPT_COUNT, AT(runs), "N", " compare ",
     "run each workload so often on each side instead"},
    {"fail-if-slower", 0, OPT_FLAG, AT(fail_if_slower), NULL, " compare ",
     "status 3 when a workload or a mean is slower"},
    {"require", 0, OPT_TEXT, AT(require), "RATIO", " compare ",
     "status 3 unless a mean ratio of at least RATIO (1.05) is shown"},
    {"vs", 0, OPT_TEXT, AT(vs), "DIR", " compare ",
     "compare with the programs in another build directory of the project"},
    {"a", 0, OPT_TEXT, AT(a), "COMMAND", " compare ",
     "compare two commands, without a shell: this one"},
    {"b", 0, OPT_TEXT, AT(b), "COMMAND", " compare ",
     "and that one; it is the faster or slower one"},
    {"check-output", 0, OPT_FLAG, AT(check_output), NULL, " compare ",
     "fail when both sides do not print the same"},
    {"csv", 0, OPT_FLAG, AT(csv), NULL, " compare ", "print the result as CSV"},
    {"markdown", 0, OPT_FLAG, AT(markdown), NULL, " compare ", "print it as Markdown, for CI"},
    {"waive", 0, OPT_LIST, AT(waive), "NAME", " check ",
     "go on without that check (repeatable; or with commas)"},
    {"stability", 0, OPT_FLAG, AT(stability), NULL, " check ",
     "also leave out each training: is it trained enough?"},
    {"max-size", 0, OPT_TEXT, AT(max_size), "PERCENT", " check ",
     "by which the programs may be larger than the baseline's (5)"},
    {"archive", 0, OPT_TEXT, AT(archive), "DIR", " check ",
     "where the profile must be (default: where --profile-dir put it last)"},
    {"prefix", 0, OPT_TEXT, AT(prefix), "DIR", " install ", "where to install"},
    {"component", 0, OPT_TEXT, AT(component), "NAME", " install ", "install only this component"},
    {"strip", 0, OPT_FLAG, AT(strip), NULL, " install ", "without symbols in what is installed"},
    {"stage", 0, OPT_TEXT, AT(stage), "NAME", " flags ", "instrument or use"},
    {"compiler", 0, OPT_TEXT, AT(compiler), "CC", " flags merge doctor ",
     "the compiler (default: cc)"},
    {"profile", 0, OPT_TEXT, AT(profile), "PATH", " flags ", "the profile to use"},
    {"raw", 0, OPT_TEXT, AT(raw), "DIR", " flags merge ", "where raw profiles are written"},
    {"output", 0, OPT_TEXT, AT(output), "PATH", " merge ", "with --raw: the profile to write"},
    {"part", 0, OPT_TEXT, AT(part), "PART", " flags ", "compile or link: only those flags"},
    {"source", 0, OPT_TEXT, AT(source), "DIR", " flags merge ", "the directory the build runs in"},
    {"use-in", 0, OPT_TEXT, AT(use_in), "DIR", " merge ", "where the optimized build will run"},
    {"cmake", 0, OPT_FLAG, AT(cmake), NULL, " flags ", "print CMake code that sets them"},
    {"env", 0, OPT_LIST, AT(env), "K=V", " exec ", "set a variable"},
    {"log", 0, OPT_TEXT, AT(log), "FILE", " exec ", "write the output there"},
    {"record", 0, OPT_TEXT, AT(record), "FILE", " exec ", "write how it ended there"},
    {"stdin", 0, OPT_TEXT, AT(std_in), "FILE", " exec ", "standard input (default: empty)"},
    {"cwd", 0, OPT_TEXT, AT(cwd), "DIR", " exec ", "run in this directory"},
    {"timeout", 0, OPT_SECONDS, AT(timeout), "S", " exec ", "stop it after S seconds (0: never)"},
    {"repeat", 0, OPT_COUNT, AT(repeat), "N", " exec ", "run it N times"},
    {"server", 0, OPT_LIST, AT(server), "WORD", " exec ", "a word of the server's command"},
    {"ready", 0, OPT_LIST, AT(ready), "WORD", " exec ",
     "port, or the words socket PATH, line TEXT, command WORD..."},
    {"ready-timeout", 0, OPT_SECONDS, AT(ready_timeout), "S", " exec ",
     "wait for the server so long (60)"},
    {"stop", 0, OPT_TEXT, AT(stop), "SIGNAL", " exec ", "what ends the server (TERM)"},
    {"grace", 0, OPT_SECONDS, AT(grace), "S", " exec ", "what the server may take to end (10)"},
    {"also", 0, OPT_LIST, AT(also), "WORDS", " exec ",
     "one more command, its words joined by the byte 31"},
    {"parallel", 0, OPT_FLAG, AT(parallel), NULL, " exec ", "run all commands at once"},
    {"tmp", 0, OPT_TEXT, AT(tmp), "DIR", " exec ", "make DIR anew for each run, remove it after"},
    {"cpu", 0, OPT_TEXT, AT(cpu), "N", " exec ", "run on that CPU alone, if it can be had"},
    {"count", 0, OPT_FLAG, AT(count), NULL, " exec ",
     "record the number of instructions, where the machine counts"},
    {"leave", 0, OPT_FLAG, AT(leave), NULL, " exec ", "leave processes in the background alone"},
    {"test-of", 0, OPT_TEXT, AT(test_of), "PLAN", " exec ",
     "{slug} in values is that of the test in PLAN with this command"},
    {"config", 0, OPT_TEXT, AT(config), "CFG", STAGES "clean doctor ",
     "of a tree of several configurations: the one to work on"},
    {"dataset", 0, OPT_TEXT, AT(dataset), "NAME", STAGES, "what {dataset} stands for in trainings"},
    {"min-match", 0, OPT_TEXT, AT(min_match), "PERCENT", STAGES,
     "fail when fewer functions find their profile (50)"},
    {"min-coverage", 0, OPT_TEXT, AT(min_coverage), "PERCENT", STAGES,
     "fail when the trainings run fewer functions (0)"},
    {"max-dropped", 0, OPT_TEXT, AT(max_dropped), "PERCENT", STAGES,
     "fail when more raw profiles are unusable (10)"},
    {"atomic", 0, OPT_TEXT, AT(atomic), "MODE", STAGES "flags ",
     "count with atomic operations, for threads: ON, OFF or prefer (OFF)"},
    {"train", 0, OPT_DECLARE, AT(declared), "NAME=COMMAND", TRAININGS,
     "train with COMMAND; remembered till the next of NAME"},
    {"held-out", 0, OPT_DECLARE, AT(declared), "NAME=COMMAND", TRAININGS,
     "compare by COMMAND, never train on it"},
    {"train-with-tests", 0, OPT_DECLARE, AT(declared), "REGEX", TRAININGS,
     "also train with the project's own tests of such names"},
    {"weight", 0, OPT_DECLARE, AT(declared), "NAME=N", TRAININGS, "take its counts N times (1)"},
    {"timeout", 0, OPT_DECLARE, AT(declared), "NAME=S", TRAININGS, "stop it after S seconds (600)"},
    {"repeat", 0, OPT_DECLARE, AT(declared), "[NAME=]N", TRAININGS,
     "run it N times in a row (1); without NAME: each of them, this time"},
    {"input", 0, OPT_DECLARE, AT(declared), "NAME=FILE", TRAININGS,
     "run it again when FILE changes"},
    {"stdin", 0, OPT_DECLARE, AT(declared), "NAME=FILE", TRAININGS, "its standard input (empty)"},
    {"env", 0, OPT_DECLARE, AT(declared), "NAME=K=V", TRAININGS, "set a variable for it"},
    {"cwd", 0, OPT_DECLARE, AT(declared), "NAME=DIR", TRAININGS, "run it there (in {build})"},
    {"serial", 0, OPT_DECLARE, AT(declared), "NAME", TRAININGS, "run it while no other runs"},
    {"server", 0, OPT_DECLARE, AT(declared), "NAME=COMMAND", TRAININGS,
     "start that server before its command"},
    {"ready", 0, OPT_DECLARE, AT(declared), "NAME=WHEN", TRAININGS,
     "port (the default), socket PATH, line TEXT or command WORD..."},
    {"ready-timeout", 0, OPT_DECLARE, AT(declared), "NAME=S", TRAININGS,
     "wait for its server so long (60)"},
    {"stop", 0, OPT_DECLARE, AT(declared), "NAME=SIGNAL", TRAININGS, "what ends its server (TERM)"},
    {"grace", 0, OPT_DECLARE, AT(declared), "NAME=S", TRAININGS,
     "what its server may take to end, in seconds (10)"},
    {"also", 0, OPT_DECLARE, AT(declared), "NAME=COMMAND", TRAININGS, "run that after its command"},
    {"parallel", 0, OPT_DECLARE, AT(declared), "NAME", TRAININGS, "run its commands at once"},
    {"exclude", 0, OPT_DECLARE, AT(declared), "TARGET", TRAININGS,
     "compile it without profile flags"},
    {"forget", 0, OPT_DECLARE, AT(declared), "NAME", TRAININGS, "remember that one no more"},
    {"directory", 'C', OPT_TEXT, AT(dir), "DIR", NULL, "the build directory (default: this one)"},
    {"jobs", 'j', OPT_COUNT, AT(jobs), "N", NULL,
     "jobs at once (default: as the calling make, else one per processor)"},
    {"verbose", 'v', OPT_FLAG, AT(verbose), NULL, NULL, "show the output of each tool"},
    {"quiet", 'q', OPT_FLAG, AT(quiet), NULL, NULL, "only results, warnings and errors"},
    {"json", 0, OPT_FLAG, AT(json), NULL, " train compare check test status doctor version ",
     "print results as JSON"},
    {"no-wait", 0, OPT_FLAG, AT(no_wait), NULL, NULL, "fail when another pgo works on the tree"},
    {"help", 'h', OPT_FLAG, AT(help), NULL, NULL, "show this help"},
    {"version", 0, OPT_FLAG, AT(version), NULL, NULL, "show the version"},
};

static bool opt_applies(const struct opt *o, const struct command *cmd)
{
    if (!o->commands || !cmd)
        return !o->commands;
    char *word = str_fmt(" %s ", cmd->name);
    bool found = strstr(o->commands, word) != NULL;
    free(word);
    return found;
}

const struct command *opt_command(const char *name, struct err *err)
{
    struct vec known = VEC_INIT;
    for (const struct command *c = opt_commands; c->name; c++) {
        if (strcmp(c->name, name) == 0) {
            vec_release(&known);
            return c;
        }
        vec_add(&known, c->name);
    }
    const char *near = vec_nearest(&known, name);
    err_status(err, PGO_USAGE, "unknown command '%s'", name);
    if (near)
        err_hint(err, "did you mean '%s'? 'pgo help' lists all", near);
    else
        err_hint(err, "'pgo help' lists the commands");
    vec_release(&known);
    return NULL;
}

static int opt_unknown(const char *word, const struct command *cmd, struct err *err)
{
    struct vec known = VEC_INIT, others = VEC_INIT;
    char *bare = str_ndup(word, strcspn(word, "="));
    for (size_t i = 0; i < PGO_COUNT(opt_table); i++) {
        const struct opt *o = &opt_table[i];
        if (opt_applies(o, cmd))
            vec_addf(&known, "--%s", o->name);
        else if (str_starts(bare, "--") && strcmp(bare + 2, o->name) == 0)
            vec_split(&others, o->commands, ' ');
    }
    char *takers = others.n ? vec_join(&others, ", ") : NULL;
    const char *near = vec_nearest(&known, bare);
    free(bare);
    err_status(err, PGO_USAGE, "unknown option '%s'%s%s", word, cmd ? " of command " : "",
               cmd ? cmd->name : "");
    if (takers)
        err_hint(err, "it is an option of: %s", takers);
    else if (near)
        err_hint(err, "did you mean '%s'?", near);
    else
        err_hint(err, "'pgo help%s%s' lists the options", cmd ? " " : "", cmd ? cmd->name : "");
    vec_release(&known);
    vec_release(&others);
    free(takers);
    return -1;
}

static int opt_store(struct options *o, const struct opt *opt, const char *value, struct err *err)
{
    void *field = (char *)o + opt->offset;
    bool ok = true;
    switch (opt->kind) {
    case OPT_FLAG:
        *(bool *)field = true;
        break;
    case OPT_TEXT:
        *(const char **)field = value;
        break;
    case OPT_LIST:
        vec_add(field, value);
        break;
    case OPT_DECLARE:
        vec_addf(field, "%s\n%s", opt->name, value);
        break;
    case OPT_COUNT:
        ok = str_long(value, 1, 1000000, field);
        break;
    case OPT_SECONDS:
        ok = str_double(value, 0, 1e9, field);
        break;
    }
    if (!ok)
        return err_status(err, PGO_USAGE, "option '--%s' wants a %s, not '%s'", opt->name,
                          opt->kind == OPT_COUNT ? "whole number from 1 to 1000000"
                                                 : "number of seconds from 0",
                          value);
    return 0;
}

/* An option of any command when `cmd` is NULL. */
static const struct opt *opt_find(const char *word, size_t len, const struct command *cmd)
{
    for (size_t i = 0; i < PGO_COUNT(opt_table); i++) {
        const struct opt *o = &opt_table[i];
        bool hit = word[1] == '-'
                       ? strlen(o->name) + 2 == len && strncmp(o->name, word + 2, len - 2) == 0
                       : o->letter == word[1];
        if (hit && (!cmd || opt_applies(o, cmd)))
            return o;
    }
    return NULL;
}

/* Parses the option at argv[*i], with its value in the same word or in the next. */
static int opt_one(struct options *o, const struct command *cmd, int argc, char **argv, int *i,
                   struct err *err)
{
    const char *word = argv[*i], *value = NULL;
    size_t len = word[1] == '-' ? strcspn(word, "=") : 2;
    const struct opt *opt = opt_find(word, len, cmd);
    if (opt && !cmd && !opt_applies(opt, NULL))
        opt = NULL;
    if (!opt)
        return opt_unknown(word, cmd, err);
    if (opt->kind == OPT_FLAG) {
        if (word[len])
            return err_status(err, PGO_USAGE, "option '--%s' takes no value", opt->name);
        return opt_store(o, opt, NULL, err);
    }
    if (word[len])
        value = word + len + (word[1] == '-');
    else if (*i + 1 < argc)
        value = argv[++*i];
    if (!value)
        return err_status(err, PGO_USAGE, "option '--%s' wants a value: %s", opt->name, opt->value);
    return opt_store(o, opt, value, err);
}

/* The command is the first word that is neither an option nor the value of one. */
static const char *opt_scan(int argc, char **argv, int *at)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (word[0] != '-' || !word[1]) {
            *at = i;
            return word;
        }
        size_t len = word[1] == '-' ? strcspn(word, "=") : 2;
        const struct opt *opt = opt_find(word, len, NULL);
        if (opt && opt->kind != OPT_FLAG && !word[len])
            i++;
    }
    return NULL;
}

/* As many as the make that calls us runs, or as CMake is told to; else one per processor. */
static long opt_jobs(void)
{
    const char *make = getenv("MAKEFLAGS"), *level = getenv("CMAKE_BUILD_PARALLEL_LEVEL");
    long cpus = sysconf(_SC_NPROCESSORS_ONLN), jobs = 0;
    struct vec words = VEC_INIT;
    vec_split(&words, make ? make : "", ' ');
    for (size_t i = 0; i < words.n && strcmp(words.v[i], "--") != 0; i++)
        if (str_starts(words.v[i], "-j"))
            str_long(words.v[i] + 2, 1, 1000000, &jobs);
    if (!jobs && level)
        str_long(level, 1, 1000000, &jobs);
    vec_release(&words);
    return jobs ? jobs : cpus > 0 ? cpus : 1;
}

int opt_parse(struct options *o, const struct command **cmd, int argc, char **argv, struct err *err)
{
    memset(o, 0, sizeof(*o));
    o->dir = ".";
    o->jobs = opt_jobs();
    o->precision = 1;
    o->seconds = 10;
    o->repeat = 1;
    o->ready_timeout = 60;
    o->grace = 10;
    int at = argc;
    const char *name = opt_scan(argc, argv, &at);
    *cmd = NULL;
    if (name && !(*cmd = opt_command(name, err)))
        return -1;
    o->command = name;
    for (int i = 1; i < argc; i++) {
        if (i == at)
            continue;
        if (strcmp(argv[i], "--") == 0) {
            while (++i < argc)
                vec_add(&o->args, argv[i]);
        } else if (argv[i][0] == '-' && argv[i][1]) {
            if (opt_one(o, *cmd, argc, argv, &i, err) != 0)
                return -1;
        } else {
            vec_add(&o->args, argv[i]);
        }
    }
    if (*cmd && o->args.n && !(*cmd)->args && !o->help)
        return err_status(err, PGO_USAGE, "'pgo %s' takes no argument, not '%s'", name,
                          o->args.v[0]);
    if (!*cmd && !o->help && !o->version) {
        err_status(err, PGO_USAGE, "no command given");
        return err_hint(err, "'pgo help' lists the commands; 'pgo -C BUILD use' does all of it");
    }
    return 0;
}

void opt_release(struct options *o)
{
    vec_release(&o->declared);
    vec_release(&o->only);
    vec_release(&o->waive);
    vec_release(&o->env);
    vec_release(&o->server);
    vec_release(&o->ready);
    vec_release(&o->also);
    vec_release(&o->args);
}

void opt_help(const struct command *cmd)
{
    if (cmd)
        printf("usage: pgo [-C DIR] %s [option]...%s%s\n\n%s.\n\n", cmd->name, cmd->args ? " " : "",
               cmd->args ? cmd->args : "", cmd->summary);
    else
        fputs("usage: pgo [-C DIR] COMMAND [option]...\n\n"
              "Profile-guided optimization of a CMake or Meson build directory, for example:\n"
              "  pgo -C build use --train 'parse=prog {source}/data.txt'\n\ncommands:\n",
              stdout);
    for (const struct command *c = opt_commands; !cmd && c->name; c++)
        printf("  %-12s %s\n", c->name, c->summary);
    puts(cmd ? "options:" : "\noptions of every command:");
    bool trains = false;
    for (size_t i = 0; i < PGO_COUNT(opt_table); i++) {
        const struct opt *o = &opt_table[i];
        char letter[] = {'-', o->letter, ',', '\0'};
        char *name = str_fmt("--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
        trains |= cmd && opt_applies(o, cmd) && strcmp(o->name, "train") == 0;
        if (opt_applies(o, cmd))
            printf("  %3s %-22s %s\n", o->letter ? letter : "", name, o->help);
        free(name);
    }
    if (trains)
        puts("\nIn a COMMAND and what belongs to it, {source} is the source directory, {build} the "
             "stage's build\ndirectory, {dataset} the data set, {tmp} a fresh directory that is "
             "removed afterwards, {port} a free\nTCP port of 127.0.0.1, also in PGO_PORT, {{ a "
             "brace.");
    if (!cmd)
        fputs("\n'pgo help COMMAND' shows the options of one command.\n"
              "exit status: 0 done, 1 the work failed, 2 used wrongly, 3 a gate said no,\n128+n on "
              "signal n\n",
              stdout);
}
