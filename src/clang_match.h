/* Which functions of an object found their profile, with Clang. It says so in warnings, which it
   also writes to a file beside each object (--serialize-diagnostics). Optimization records would
   say more, and also under -w, but asking for them changes what is inlined before profiles are
   matched, and thereby loses profiles (seen with Clang 14 on cmark's hottest function). */
#ifndef PGO_CLANG_MATCH_H
#define PGO_CLANG_MATCH_H

#include "family.h"

void *clang_match_open(const struct match_request *r, struct err *err);
int clang_match_object(void *state, const struct object *o, struct match *out, struct err *err);
char *clang_match_example(void *state, const struct object *o);
char *clang_match_record(const char *object);
void clang_match_close(void *state);

#endif
