/* CMakeCache.txt: read, and rewritten for a clone of its build directory. */
#ifndef PGO_CMAKE_CACHE_H
#define PGO_CMAKE_CACHE_H

#include "buf.h"
#include "err.h"
#include "vec.h"

struct cache {
    struct map values; /* key → value */
    struct map types;  /* key → BOOL, PATH, INTERNAL, … */
    struct vec lines;  /* the file, line by line */
    struct map given;  /* keys from the command line that nothing has declared */
};

#define CACHE_INIT                                                                                 \
    {                                                                                              \
        MAP_INIT, MAP_INIT, VEC_INIT, MAP_INIT                                                     \
    }

void cache_release(struct cache *c);
int cache_read(const char *path, struct cache *c, struct err *err);
const char *cache_get(const struct cache *c, const char *key); /* "" when not there */
/* The text of the cache of a clone in `stage` of the tree `user`: inputs are kept, outputs that
   point into the user tree point into the stage. The caller frees it. */
char *cache_clone(const struct cache *c, const char *user, const char *stage);
/* A script for cmake -C that sets what the user can have set: all such entries, or those that are
   surely the user's or CMake's own (`plain` NULL, `all` false), or these and what is not the same
   in `plain`, which a configure with only these gave. The caller frees it. */
char *cache_script(const struct cache *c, const char *user, const char *stage, bool all,
                   const struct cache *plain);
/* Appends a space and the text as a bracket argument: nothing in it is special to CMake. */
void cache_bracket(struct buf *b, const char *text);
/* Names of checks (INTERNAL entries) that came out otherwise in `other`. */
void cache_differences(const struct cache *c, const struct cache *other, struct vec *names);

#endif
