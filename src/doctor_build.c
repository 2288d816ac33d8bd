/* The build directory: what configured it, what builds it, and what its settings have against
   profiles. */
#include "command.h"
#include "doctor.h"
#include "fs.h"
#include "proc.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOCTOR_STAGES 3   /* copies of the tree that are built: instrument, use, baseline */
#define DOCTOR_ROOM 1e6   /* bytes for records and profiles of a small project */
#define DOCTOR_DEEPER 200 /* what our folder adds to the paths of a tree, at most */

void doctor_tree(struct doctor *d, struct finding *f)
{
    if (!d->known && d->options->compiler)
        return;
    if (!d->known)
        doctor_say(f, DOCTOR_NOTE, "name one with -C",
                   "'%s' is none: the compiler and the machine alone are checked", d->options->dir);
    else if (!d->tree.ops)
        doctor_fail(f, DOCTOR_WRONG, NULL, &d->refused);
    else if (!doctor_there(d->setup.configure))
        doctor_say(f, DOCTOR_MISSING, "install it again, or configure anew in a new directory",
                   "'%s', which configured '%s', is not there", d->setup.configure, d->tree.dir);
    else
        doctor_say(f, DOCTOR_OK, NULL, "'%s', %s%s%s%s (%s)", d->tree.dir, d->setup.system,
                   *d->setup.type ? ", " : "", d->setup.type, d->tree.config ? " of several" : "",
                   d->setup.configure);
}

/* The first line of a program's answer to --version; the caller frees it. */
static char *doctor_version(const char *program, struct err *err)
{
    struct vec argv = VEC_INIT;
    struct buf out = BUF_INIT;
    int status = 0;
    vec_add(&argv, program);
    vec_add(&argv, "--version");
    char *line = NULL;
    if (proc_capture(&argv, &out, &status, err) == 0 && proc_ok(status))
        line = str_ndup(buf_str(&out), strcspn(buf_str(&out), "\n"));
    else if (!err->msg)
        err_set(err, "'%s --version' fails", program);
    vec_release(&argv);
    buf_release(&out);
    return line;
}

void doctor_tool(struct doctor *d, struct finding *f)
{
    struct err err = ERR_INIT;
    if (!d->tree.ops)
        return;
    bool there = doctor_there(d->setup.build);
    char *version = there ? doctor_version(d->setup.build, &err) : NULL;
    const char *mend =
        strstr(d->setup.generator, "Ninja") ? "apt install ninja-build" : "apt install make";
    if (!there)
        doctor_say(f, DOCTOR_MISSING, mend, "'%s', for the generator '%s', is not there",
                   d->setup.build, d->setup.generator);
    else if (!version)
        doctor_fail(f, DOCTOR_WRONG, mend, &err);
    else
        doctor_say(f, DOCTOR_OK, NULL, "%s %s (%s)", d->setup.generator, version, d->setup.build);
    free(version);
    err_release(&err);
}

void doctor_tests(struct doctor *d, struct finding *f)
{
    struct vec names = VEC_INIT;
    if (!d->tree.ops)
        return;
    d->tree.ops->test_names(&d->tree, NULL, &names);
    if (!doctor_there(d->setup.tests))
        doctor_say(f, names.n ? DOCTOR_MISSING : DOCTOR_NOTE, "install it with the build system",
                   "'%s' is not there", d->setup.tests);
    else
        doctor_say(f, DOCTOR_OK, NULL, "%s: %zu of the project's own%s", d->setup.tests, names.n,
                   names.n ? "" : " before it is built");
    vec_release(&names);
}

/* Where CMake makes no targets, and where profile runtimes would misread the path. */
void doctor_path(struct doctor *d, struct finding *f)
{
    if (!d->tree.ops)
        return;
    const char *dir = d->tree.dir;
    if (strlen(dir) + DOCTOR_DEEPER > PATH_MAX)
        doctor_say(f, DOCTOR_WRONG, "configure in a directory that is less deep",
                   "the build directory's path has %zu bytes: no room for files below it",
                   strlen(dir));
    else if (d->tree.ops == &tree_cmake && strpbrk(dir, "#<>"))
        doctor_say(f, DOCTOR_NOTE, "call the driver: pgo -C DIR use",
                   "CMake allows no custom targets in a directory with # < or >: there is no "
                   "pgo-use");
    else if (strchr(dir, '%'))
        doctor_say(f, DOCTOR_NOTE, NULL, "it has a '%%': profiles are written by a link in /tmp");
    else
        doctor_say(f, DOCTOR_OK, NULL, "nothing in it that build tools or profiles misread");
}

void doctor_write(struct doctor *d, struct finding *f)
{
    if (!d->tree.ops)
        return;
    const char *where = fs_exists(d->tree.home) ? d->tree.home : d->tree.dir;
    if (access(where, W_OK | X_OK) == 0)
        doctor_say(f, DOCTOR_OK, NULL, "files can be made in '%s'", where);
    else
        doctor_say(f, DOCTOR_WRONG, "make it writable, or configure in another directory",
                   "files cannot be made in '%s'", where);
}

/* Each stage becomes about as large as the user's own build. */
void doctor_disk(struct doctor *d, struct finding *f)
{
    if (!d->tree.ops)
        return;
    double size = (double)fs_tree_size(d->tree.dir), ours = 0;
    if (fs_exists(d->tree.home))
        ours = (double)fs_tree_size(d->tree.home);
    double room = fs_room(d->tree.dir), wanted = DOCTOR_STAGES * (size - ours) + DOCTOR_ROOM - ours;
    if (room < wanted)
        doctor_say(f, DOCTOR_WRONG, "make room, or configure on another disk",
                   "%.1f MB are free in '%s'; three stages of a tree of %.1f MB want about %.1f MB",
                   room / 1e6, d->tree.dir, (size - ours) / 1e6, wanted / 1e6);
    else
        doctor_say(f, DOCTOR_OK, NULL,
                   "%.0f MB are free; your tree takes %.0f MB, each of three "
                   "stages about as much as it does when it is built",
                   room / 1e6, (size - ours) / 1e6);
}

/* What stands before the compiler, or in its place under its name. */
static char *doctor_launching(const struct doctor *d)
{
    static const char *const caches[] = {"ccache", "sccache"};
    const struct vec *start = &d->setup.start[0];
    if (start->n && strcmp(start->v[0], d->tree.compiler.path) != 0 && !doctor_there(start->v[0]))
        return str_dup(start->v[0]);
    char *first = start->n ? fs_find_program(start->v[0]) : NULL;
    char *real = first ? realpath(first, NULL) : NULL, *found = NULL;
    char *compiler = d->tree.compiler.path ? fs_find_program(d->tree.compiler.path) : NULL;
    for (size_t i = 0; i < PGO_COUNT(caches) && real; i++)
        if (strcmp(path_base(real), caches[i]) == 0)
            found = str_dup(real);
    if (!found && first && compiler && strcmp(first, compiler) != 0)
        found = str_dup(first);
    free(first);
    free(real);
    free(compiler);
    return found;
}

void doctor_launcher(struct doctor *d, struct finding *f)
{
    struct err err = ERR_INIT;
    if (!d->works)
        return;
    char *launcher = doctor_launching(d);
    bool there = launcher && doctor_there(launcher);
    char *version = there ? doctor_version(launcher, &err) : NULL;
    if (!launcher) {
        doctor_say(f, DOCTOR_NOTE, NULL, "none");
    } else if (!there) {
        char *mend = str_fmt("apt install %s, or configure without it", path_base(launcher));
        doctor_say(f, DOCTOR_MISSING, mend, "'%s', which starts the compiler, is not there",
                   launcher);
        free(mend);
    } else {
        doctor_say(f, DOCTOR_OK, NULL, "%s%s%s", launcher, version && *version ? ": " : "",
                   version ? version : "");
    }
    free(launcher);
    free(version);
    err_release(&err);
}

/* Options that do not go with ours, wherever they come from. */
static const char *doctor_conflict(const char *word)
{
    static const char *const starts[] = {
        "-fprofile-", "-fno-profile-", "-fcs-profile-",   "-fauto-profile",   "-fcoverage-mapping",
        "--coverage", "-coverage",     "-ftest-coverage", "-fno-branch-prob", "-fbranch-prob"};
    for (size_t i = 0; i < PGO_COUNT(starts); i++)
        if (str_starts(word, starts[i]))
            return starts[i];
    return NULL;
}

/* The first option of one command that does, as it is to be told; the caller frees it. */
static char *doctor_conflict_in(const char *lines)
{
    struct vec words = VEC_INIT;
    char *sanitizers = command_sanitizers(lines), *found = NULL;
    vec_split(&words, lines, '\n');
    for (size_t i = 0; i < words.n && !found; i++)
        if (doctor_conflict(words.v[i]))
            found = str_ndup(words.v[i], strcspn(words.v[i], "="));
    if (!found && sanitizers)
        found = str_fmt("-fsanitize=%s", sanitizers);
    free(sanitizers);
    vec_release(&words);
    return found;
}

/* The setting that has an option, or NULL when the project itself gives it. */
static const char *doctor_setting(const struct doctor *d, const char *option)
{
    for (size_t i = 0; i < d->setup.settings.keys.n; i++)
        if (strstr(d->setup.settings.values.v[i], option))
            return d->setup.settings.keys.v[i];
    return NULL;
}

/* What the tree's commands have against profiles. Those of settings are in all targets, and fail;
   one in a target of the project's may be excluded, which we do not know. */
void doctor_flags(struct doctor *d, struct finding *f)
{
    const struct map *commands = &d->setup.commands;
    struct vec settings = VEC_INIT, targets = VEC_INIT;
    size_t plain = 0;
    if (!d->tree.ops)
        return;
    for (size_t i = 0; i < commands->keys.n; i++) {
        char *option = doctor_conflict_in(commands->keys.v[i]);
        const char *setting = option ? doctor_setting(d, option) : NULL;
        char *text = option ? str_fmt("%s (%s%s%s)", option, setting ? "" : "target '",
                                      setting ? setting : commands->values.v[i], setting ? "" : "'")
                            : NULL;
        struct vec *to = setting ? &settings : &targets;
        if (text && !vec_has(to, text))
            vec_add(to, text);
        plain += !command_optimizes(commands->keys.v[i]);
        free(option);
        free(text);
    }
    char *in_settings = vec_some(&settings, 5), *in_targets = vec_some(&targets, 5);
    if (settings.n)
        doctor_say(f, DOCTOR_WRONG,
                   "take it out: pgo gives profile flags itself, and makes its "
                   "own build directories",
                   "%s does not go with profiles", in_settings);
    else if (targets.n)
        doctor_say(f, DOCTOR_NOTE, "exclude these targets, or take it out",
                   "%s does not go with profiles", in_targets);
    else if (commands->keys.n && plain == commands->keys.n)
        doctor_say(f, DOCTOR_NOTE, "configure with an optimized build type",
                   "everything is compiled without optimization (-O)");
    else
        doctor_say(f, DOCTOR_OK, NULL, "none that conflicts with those of profiles");
    free(in_settings);
    free(in_targets);
    vec_release(&settings);
    vec_release(&targets);
}
