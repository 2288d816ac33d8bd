/* Command lines of the compiler. */
#ifndef PGO_COMMAND_H
#define PGO_COMMAND_H

#include "tree.h"

/* Fills in what the command line of an object, by its words, says of it: whether the stage's flags
   are there, and all others. `object`: its name in that command. */
void command_describe(const struct tree *t, const struct stage *s, const struct vec *words,
                      const char *object, struct object *o);
/* Some projects call assembler files C, to have them compiled by its compiler. */
bool command_is_assembler(const char *source);
/* Whether an option has a build make or use profiles of its own; one that takes that back (-fno-…)
   has not, and where it takes ours back, the instrumented program is found to have no counters. */
bool command_profiles(const char *option);
/* The sanitizers that a command line, its words separated by newlines, turns on, "a,b"; those that
   merely harden a program are passed over. NULL when there is none; the caller frees it. */
char *command_sanitizers(const char *words);
/* Names the targets with flags that are compiled without optimization. */
void command_warn_plain(const struct model *m);
/* Adds those words of a compiler's flags that choose the machine: -m32, --target=, --sysroot=, … */
void command_machine(const char *flags, struct vec *out);
/* Whether a command line asks for an optimization level above 0 in the end. */
bool command_optimizes(const char *words);
/* Whether most commands in compile_commands.json of a build directory ask for an optimization level
   above 0; those that hold `except` do not count (NULL: all do). */
bool commands_optimized(const char *dir, const char *except);

#endif
