/* Which functions of an object found their profile, with Clang. It says so in warnings, which it
   also appends to a file (CC_LOG_DIAGNOSTICS_FILE), an entry per compile. Optimization records
   would say more, and also under -w, but asking for them changes what is inlined before profiles
   are matched, and thereby loses profiles (seen with Clang 14 on cmark's hottest function). */
#ifndef PGO_CLANG_MATCH_H
#define PGO_CLANG_MATCH_H

#include "family.h"

void clang_watch_env(const char *diagnostics, struct vec *env);
void *clang_match_open(const struct match_request *r, struct err *err);
int clang_match_object(void *state, const struct object *o, struct match *out, struct err *err);
char *clang_match_example(void *state, const struct object *o);
void clang_match_close(void *state);

#endif
