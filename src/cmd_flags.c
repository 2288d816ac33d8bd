/* flags, help, version: what needs no tree. */
#include "cmake_stage.h"
#include "cmd.h"
#include "family.h"
#include "fs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* For a shell or a Makefile: quoted where a plain word would not do. */
static void flags_word(const char *word)
{
    bool plain =
        *word && strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "-_./=+:,@%") == strlen(word);
    char *safe = str_replace(word, "'", "'\\''");
    printf(plain ? " %s" : " '%s'", safe);
    free(safe);
}

static void flags_print(const struct vec *options)
{
    for (size_t i = 0; i < options->n; i++) {
        struct vec words = VEC_INIT;
        vec_split(&words, options->v[i], '\n');
        for (size_t k = 0; k < words.n; k++)
            flags_word(words.v[k]);
        vec_release(&words);
    }
}

static int flags_place(const struct options *o, enum phase phase, struct flag_place *place,
                       char **own, struct err *err)
{
    own[0] = path_abs(o->source ? o->source : ".");
    char *resolved = realpath(own[0], NULL);
    if (resolved) {
        free(own[0]);
        own[0] = resolved;
    }
    own[1] = path_join(own[0], o->raw ? o->raw : "pgo-raw");
    own[2] = o->profile ? path_abs(o->profile) : NULL;
    *place = (struct flag_place){.build = own[0], .raw = own[1], .profile = own[2]};
    if (o->atomic && family_atomic(o->atomic, "the way to count", &place->atomic, err) != 0)
        return -1;
    if (phase == PHASE_USE && !o->profile)
        return err_status(err, PGO_USAGE, "'--stage use' wants '--profile PATH'");
    if (phase == PHASE_USE && !fs_exists(own[2]))
        return err_status(err, PGO_FAILED, "the profile '%s' is not there", own[2]);
    return 0;
}

int cmd_flags(const struct options *o, struct err *err)
{
    static const char *const stages[] = {"baseline", "instrument", "use"};
    struct compiler c = {0};
    struct flags f = {VEC_INIT, VEC_INIT, VEC_INIT, VEC_INIT};
    struct flag_place place;
    char *own[3] = {NULL, NULL, NULL};
    enum phase phase = PHASE_BASELINE;
    for (size_t i = 1; i < PGO_COUNT(stages); i++)
        if (o->stage && strcmp(o->stage, stages[i]) == 0)
            phase = (enum phase)i;
    if (phase == PHASE_BASELINE)
        return err_status(err, PGO_USAGE, "'--stage' must be 'instrument' or 'use'%s%s%s",
                          o->stage ? ", not '" : "", o->stage ? o->stage : "", o->stage ? "'" : "");
    if (o->part && strcmp(o->part, "compile") != 0 && strcmp(o->part, "link") != 0)
        return err_status(err, PGO_USAGE, "'--part' must be 'compile' or 'link', not '%s'",
                          o->part);
    int rc = flags_place(o, phase, &place, own, err);
    if (rc == 0)
        rc = family_probe(o->compiler ? o->compiler : "cc", &c, err);
    if (rc == 0) {
        place.linked_by_others = o->cmake ? &c : NULL;
        c.family->flags(phase, &place, &f);
        if (o->cmake) {
            struct buf text = BUF_INIT;
            cmake_stage_text(&text, stages[phase], &f, NULL);
            fputs(buf_str(&text), stdout);
            buf_release(&text);
        } else if (o->part) {
            flags_print(strcmp(o->part, "link") == 0 ? &f.link : &f.compile);
            putchar('\n');
        } else {
            fputs("compile:", stdout);
            flags_print(&f.compile);
            fputs("\nlink:", stdout);
            flags_print(&f.link);
            putchar('\n');
        }
    }
    for (size_t i = 0; i < PGO_COUNT(own); i++)
        free(own[i]);
    flags_release(&f);
    compiler_release(&c);
    return rc;
}

int cmd_help(const struct options *o, struct err *err)
{
    const struct command *cmd = NULL;
    if (o->args.n && !(cmd = opt_command(o->args.v[0], err)))
        return -1;
    opt_help(cmd);
    return 0;
}

int cmd_version(const struct options *o, struct err *err)
{
    (void)err;
    printf(o->json ? "{\"version\": \"%s\"}\n" : "pgo %s\n", PGO_VERSION);
    return 0;
}
