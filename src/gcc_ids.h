/* The numbers by which a .gcda file knows functions. GCC makes them of names, the path of the
   source among them (gcc/coverage.cc: coverage_compute_profile_id,
   coverage_compute_lineno_checksum), so a function of a generated source or header has other ones
   in each stage. The .gcno file beside an instrumented object (gcc/gcov-io.h of GCC 12) has names,
   paths and numbers: a number that is the one computed from a path below one directory becomes that
   of the same path below another; others are left alone. */
#ifndef PGO_GCC_IDS_H
#define PGO_GCC_IDS_H

#include "gcda.h"

struct gcc_id {
    uint32_t ident, new_ident, lines, new_lines;
};

struct gcc_ids {
    struct gcc_id *v;
    size_t n;
    long thunks; /* functions of C++ that are nothing but another's entry */
};

void gcc_ids_release(struct gcc_ids *ids);
/* GCC's crc32_string: the terminating zero counts. */
uint32_t gcc_ids_crc(uint32_t crc, const char *text);
/* Adds the functions of a .gcno file whose numbers change when what is below `from` is below `to`.
   A file that is not there or not understood has none. */
void gcc_ids_read(struct gcc_ids *ids, const char *gcno, const char *from, const char *to);
/* The name of the function of that number in a .gcno file, NULL when there is none; the caller
   frees it. */
char *gcc_ids_name(const char *gcno, uint32_t ident);
void gcc_ids_sort(struct gcc_ids *ids); /* before they are looked up */
/* Replaces the numbers of a file's functions by those of its own .gcno file. */
void gcc_ids_rename(const struct gcc_ids *ids, struct gcda *g);
/* Replaces numbers where they are targets of indirect calls; `all` are those of all files. */
void gcc_ids_retarget(const struct gcc_ids *all, struct gcda *g);

#endif
