/* What instrumented objects and programs hold, with Clang: how many functions an object has, and
   whether one was linked into what was trained. Read from sections of ELF files; of objects for
   link-time optimization, which are none, from llvm-nm. */
#ifndef PGO_CLANG_CODE_H
#define PGO_CLANG_CODE_H

#include "family.h"

struct clang_code;

/* Looks at the instrumented twins of the request's objects; NULL and err when that fails. */
struct clang_code *clang_code_new(const struct match_request *r, struct err *err);
void clang_code_free(struct clang_code *m);
/* The instrumented twin of an optimized object; the caller frees it. */
char *clang_code_twin(const struct clang_code *m, const char *object);
/* The functions in a twin; an error of status 0 when they cannot be counted. */
int clang_code_count(const struct clang_code *m, const char *twin, long *count, struct err *err);
/* Whether the twin's function of that hash is in something that was trained: 1, 0, or -1 and err.
   Without such a function: whether the twin is. */
int clang_code_linked(struct clang_code *m, const char *twin, unsigned long long hash,
                      struct err *err);

#endif
