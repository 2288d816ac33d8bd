/* build.ninja as Meson writes it: rules "<language>_COMPILER" and "<language>_LINKER", and build
   statements whose options are in the variables ARGS and LINK_ARGS. The source of the form is
   mesonbuild/backend/ninjabackend.py (1.0 to 1.12). */
#ifndef PGO_MESON_NINJA_H
#define PGO_MESON_NINJA_H

#include "buf.h"
#include "family.h"

enum ninja_kind {
    NINJA_OTHER,        /* nothing of ours */
    NINJA_COMPILE,      /* of C and what is compiled like it */
    NINJA_LINK,         /* by a compiler of those */
    NINJA_LINK_OTHERS,  /* by a compiler of another language */
    NINJA_COMPILE_RUST, /* which may link as well */
};

/* One line of the file; `kind` and what follows it are of the build statement that it is in. */
struct ninja_line {
    const char *text;
    size_t len; /* without the newline */
    enum ninja_kind kind;
    char *rule, *out, *in; /* the first of each; owned by the reader */
    const char *options;   /* within the line, when it sets the options of the command; else NULL */
};

struct ninja_reader {
    const char *next;
    struct ninja_line line;
};

void ninja_start(struct ninja_reader *r, const char *text);
/* The next line, or NULL at the end, where the reader is released. */
const struct ninja_line *ninja_next(struct ninja_reader *r);
/* The options in a line, as the compiler gets them. */
void ninja_words(const struct ninja_line *line, struct vec *words);
/* Whether `word`, which has nothing to be quoted, is one of them. */
bool ninja_has(const struct ninja_line *line, const char *word);

/* The words of a rule's command before `stop`; none when there is no such rule. */
void ninja_rule(const char *text, const char *rule, const char *stop, struct vec *words);
/* Those before the options of a compiler's rule. */
void ninja_compiler(const char *text, const char *rule, struct vec *words);

/* What is in a build.ninja after Meson has put its own flag `mark` there for the stage: a copy in
   which the stage's flags stand in its place. What Meson gives none gets none; when there is no
   mark, NULL, all that is like C gets them. Not in the directories `excluded` (relative, with a
   slash at the end). Link flags go to all. */
void ninja_rewrite(struct buf *out, const char *text, const char *mark, const struct flags *f,
                   const struct vec *excluded);

#endif
