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
#define DOCTOR_FEW 1e8    /* bytes that a stage of any size soon takes */
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
    else if (names.n)
        doctor_say(f, DOCTOR_OK, NULL, "%zu of the project's own (%s)", names.n, d->setup.tests);
    else
        doctor_say(f, DOCTOR_NOTE, NULL, "the project has none (%s)", d->setup.tests);
    vec_release(&names);
}

/* Ninja's files, and CMake's for Make, cannot have a | in a path; Meson names the source directory
   from the build directory, and nothing else outside of it. */
static bool doctor_pipe(const struct doctor *d)
{
    const struct tree *t = &d->tree;
    char *source = path_from(t->source, t->dir);
    bool cmake = t->ops == &tree_cmake;
    bool pipe = strchr(source, '|') || (cmake && (strchr(t->source, '|') || strchr(t->dir, '|')));
    free(source);
    return pipe;
}

/* Where CMake makes no targets, and where profile runtimes would misread the path. */
void doctor_path(struct doctor *d, struct finding *f)
{
    if (!d->tree.ops)
        return;
    const char *dir = d->tree.dir;
    if (doctor_pipe(d))
        doctor_say(f, DOCTOR_WRONG, "move the project to a path without it, and configure there",
                   "build tools cannot read the path, which has a '|'");
    else if (strlen(dir) + DOCTOR_DEEPER > PATH_MAX)
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
    else if (room < DOCTOR_FEW)
        doctor_say(f, DOCTOR_NOTE, NULL,
                   "only %.0f MB are free: what three stages take is known once your tree is built",
                   room / 1e6);
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
    d->works = there || !launcher;
    if (!launcher)
        doctor_say(f, DOCTOR_NOTE, NULL, "none");
    else if (!there)
        doctor_say(f, DOCTOR_MISSING, "install it, or configure without it",
                   "'%s', which starts the compiler, is not there", launcher);
    else
        doctor_say(f, DOCTOR_OK, NULL, "%s%s%s", launcher, version && *version ? ": " : "",
                   version ? version : "");
    free(launcher);
    free(version);
    err_release(&err);
}

/* The setting that has an option, or NULL when the project itself gives it. */
static const char *doctor_setting(const struct doctor *d, const char *option)
{
    for (size_t i = 0; i < d->setup.settings.keys.n; i++)
        if (strstr(d->setup.settings.values.v[i], option))
            return d->setup.settings.keys.v[i];
    return NULL;
}

/* What is against profiles in a command, or a setting, that is a list of lines. What stands in a
   setting is in all targets, and fails; a target of the project's own may be excluded, which we do
   not know. */
struct doctor_conflicts {
    struct vec settings, targets;
};

static void doctor_conflict_add(const struct doctor *d, const char *option, const char *target,
                                struct doctor_conflicts *out)
{
    const char *setting = doctor_setting(d, option);
    struct vec *to = setting ? &out->settings : &out->targets;
    char *text =
        setting ? str_fmt("%s (%s)", option, setting) : str_fmt("%s (target '%s')", option, target);
    if (!vec_has(to, text))
        vec_add(to, text);
    free(text);
}

static void doctor_conflicts_in(const struct doctor *d, const char *lines, const char *target,
                                struct doctor_conflicts *out)
{
    struct vec words = VEC_INIT;
    vec_split(&words, lines, '\n');
    for (size_t i = 0; i < words.n; i++) {
        char *option = str_ndup(words.v[i], strcspn(words.v[i], "="));
        if (command_profiles(option))
            doctor_conflict_add(d, option, target, out);
        free(option);
    }
    vec_release(&words);
}

void doctor_flags(struct doctor *d, struct finding *f)
{
    const struct map *commands = &d->setup.commands, *settings = &d->setup.settings;
    struct doctor_conflicts all = {VEC_INIT, VEC_INIT};
    size_t plain = 0;
    if (!d->tree.ops)
        return;
    /* Of a tree that was configured since, Meson writes the commands at the next build. */
    for (size_t i = 0; i < settings->keys.n; i++)
        doctor_conflicts_in(d, settings->values.v[i], NULL, &all);
    for (size_t i = 0; i < commands->keys.n; i++) {
        const char *lines = commands->keys.v[i], *target = commands->values.v[i];
        char *names = command_sanitizers(lines); /* in the end: a target can take them back */
        char *sanitizers = names ? str_fmt("-fsanitize=%s", names) : NULL;
        doctor_conflicts_in(d, lines, target, &all);
        if (sanitizers)
            doctor_conflict_add(d, sanitizers, target, &all);
        plain += !command_optimizes(lines);
        free(names);
        free(sanitizers);
    }
    char *in_settings = vec_some(&all.settings, 5), *in_targets = vec_some(&all.targets, 5);
    if (all.settings.n)
        doctor_say(f, DOCTOR_WRONG,
                   "take them out: pgo gives profile flags itself, and what others count or check "
                   "stays in the optimized programs",
                   "against those of profiles: %s", in_settings);
    else if (all.targets.n)
        doctor_say(f, DOCTOR_NOTE, "exclude these targets, or take the options out",
                   "against those of profiles: %s", in_targets);
    else if (commands->keys.n && plain == commands->keys.n)
        doctor_say(f, DOCTOR_NOTE, "configure with an optimized build type",
                   "everything is compiled without optimization (-O)");
    else
        doctor_say(f, DOCTOR_OK, NULL, "none against those of profiles");
    free(in_settings);
    free(in_targets);
    vec_release(&all.settings);
    vec_release(&all.targets);
}
