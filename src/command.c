#include "command.h"

#include "fs.h"
#include "json.h"
#include "msg.h"

#include <stdlib.h>
#include <string.h>

/* How many words from the first on are this option of the stage, <OBJECT> being `object`; else 0.
 */
static size_t command_option(const char *option, const char *object, char *const *words)
{
    struct vec ours = VEC_INIT;
    if (strncmp(option, words[0], strcspn(option, "\n<")) != 0)
        return 0;
    char *text = str_replace(option, "<OBJECT>", object);
    size_t n = 0;
    vec_split(&ours, text, '\n');
    while (n < ours.n && words[n] && strcmp(words[n], ours.v[n]) == 0)
        n++;
    n = n == ours.n ? n : 0;
    vec_release(&ours);
    free(text);
    return n;
}

/* The stage's own flags are left out of the settings, and what names this object. */
void command_describe(const struct tree *t, const struct stage *s, const struct vec *words,
                      const char *object, struct object *o)
{
    const char *mark = t->compiler.family->marks[s->phase];
    const struct vec *lists[] = {&s->flags.compile, &s->flags.object};
    struct vec rest = VEC_INIT;
    for (size_t i = 0; i < words->n; i++) {
        const char *word = words->v[i];
        size_t own = 0;
        for (size_t k = 0; k < PGO_COUNT(lists); k++)
            for (size_t j = 0; j < lists[k]->n && !own; j++)
                own = command_option(lists[k]->v[j], object, words->v + i);
        o->flagged |= own && mark && str_starts(word, mark);
        if (own)
            i += own - 1;
        else if (strcmp(word, "-o") == 0 || strcmp(word, "-c") == 0)
            i++;
        else
            vec_take(&rest, str_replace(word, s->dir, "{build}"));
    }
    o->settings = vec_join(&rest, "\n");
    vec_release(&rest);
}

bool command_is_assembler(const char *source)
{
    return str_ends(source, ".S") || str_ends(source, ".s") || str_ends(source, ".asm");
}

void command_machine(const char *flags, struct vec *out)
{
    static const char *const starts[] = {"-m", "--target", "-target", "--sysroot",
                                         "--gcc-toolchain"};
    struct vec words = VEC_INIT;
    vec_shell(&words, flags);
    for (size_t i = 0; i < words.n; i++) {
        const char *word = words.v[i];
        bool two = strcmp(word, "-target") == 0 || strcmp(word, "--target") == 0 ||
                   strcmp(word, "--sysroot") == 0 || strcmp(word, "-mllvm") == 0;
        for (size_t k = 0; k < PGO_COUNT(starts) && strcmp(word, "-mllvm") != 0; k++) {
            if (!str_starts(word, starts[k]))
                continue;
            vec_add(out, word);
            if (two && i + 1 < words.n)
                vec_add(out, words.v[i + 1]);
            break;
        }
        i += two;
    }
    vec_release(&words);
}

bool command_optimizes(const char *words)
{
    bool found = false;
    for (const char *hit = words; (hit = strstr(hit, "-O")); hit++)
        if ((hit == words || strchr(" \n\"", hit[-1])) && strchr("0123sgzf \n\"", hit[2]))
            found = hit[2] != '0'; /* the last one counts */
    return found;
}

/* Those that only add checks, and work with a profile. */
static bool command_is_hardening(const char *sanitizer)
{
    static const char *const known[] = {"cfi", "kcfi", "safe-stack", "shadow-call-stack"};
    bool is = str_starts(sanitizer, "cfi-");
    for (size_t i = 0; i < PGO_COUNT(known); i++)
        is |= strcmp(sanitizer, known[i]) == 0;
    return is;
}

bool command_profiles(const char *option)
{
    static const char *const starts[] = {
        "-fprofile-generate", "-fprofile-use",   "-fprofile-arcs", "-fprofile-instr-",
        "-fprofile-sample-",  "-fprofile-dir",   "-fcs-profile-",  "-fauto-profile",
        "-fcoverage-mapping", "-ftest-coverage", "--coverage",     "-fbranch-probabilities"};
    for (size_t i = 0; i < PGO_COUNT(starts); i++)
        if (str_starts(option, starts[i]))
            return true;
    return false;
}

char *command_sanitizers(const char *words)
{
    struct vec all = VEC_INIT, on = VEC_INIT;
    vec_split(&all, words, '\n');
    for (size_t i = 0; i < all.n; i++) {
        static const char add[] = "-fsanitize=", take[] = "-fno-sanitize=";
        bool adds = str_starts(all.v[i], add);
        struct vec names = VEC_INIT;
        if (!adds && !str_starts(all.v[i], take))
            continue;
        vec_split(&names, strchr(all.v[i], '=') + 1, ',');
        for (size_t k = 0; k < names.n; k++) {
            if (!adds && strcmp(names.v[k], "all") == 0)
                vec_release(&on);
            else if (!adds)
                vec_remove(&on, names.v[k]);
            else if (!command_is_hardening(names.v[k]) && !vec_has(&on, names.v[k]))
                vec_add(&on, names.v[k]);
        }
        vec_release(&names);
    }
    char *text = on.n ? vec_join(&on, ",") : NULL;
    vec_release(&all);
    vec_release(&on);
    return text;
}

void command_warn_plain(const struct model *m)
{
    struct vec names = VEC_INIT;
    for (size_t i = 0; i < m->objects_n; i++)
        if (m->objects[i].flagged && !command_optimizes(m->objects[i].settings) &&
            !vec_has(&names, m->objects[i].target))
            vec_add(&names, m->objects[i].target);
    if (names.n) {
        char *list = vec_some(&names, 5);
        msg_warn("compiled without optimization (-O), in the stages as in your tree: %s", list);
        free(list);
    }
    vec_release(&names);
}

bool commands_optimized(const char *dir, const char *except)
{
    struct json j;
    struct err ignored = ERR_INIT;
    char *path = path_join(dir, "compile_commands.json");
    size_t n = 0, optimized = 0;
    if (json_read(path, &j, &ignored) == 0) {
        for (size_t i = 0; i < json_count(&j); i++) {
            const char *command = json_str(json_at(&j, i), "command");
            bool counts = !except || !strstr(command, except);
            n += counts;
            optimized += counts && command_optimizes(command);
        }
        json_release(&j);
    }
    free(path);
    err_release(&ignored);
    return !n || 2 * optimized > n;
}
