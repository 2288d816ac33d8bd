/* GCC's .gcda files (format: gcc/gcov-io.h of GCC 12, where lengths are in bytes), read, added up
   and written. gcov-tool is not used for this: of GCC 12, it loses counts of value profiles when it
   merges a third file, and crashes on weights, on damaged files and on directories that differ. */
#ifndef PGO_GCDA_H
#define PGO_GCDA_H

#include "family.h"

#define GCDA_FUNCTION 0x01000000u
#define GCDA_INDIRECT 0x01a90000u /* targets of indirect calls */

struct gcda_record {
    uint32_t tag;
    int32_t length;  /* bytes; negative for counters that are all 0 and not stored */
    uint32_t *words; /* those that are stored */
};

struct gcda {
    uint32_t head[4]; /* magic, version, stamp, checksum */
    struct gcda_record *records;
    size_t n;
};

struct gcda_facts {
    unsigned long long functions, covered, max_count;
};

void gcda_release(struct gcda *g);
/* Reads a file. A damaged one is no error of ours: *fault says what is wrong with it (a constant).
 */
int gcda_read(const char *path, struct gcda *out, const char **fault, struct err *err);
int gcda_write(const char *path, const struct gcda *g, struct err *err);
/* The i-th 64-bit counter of a record. */
int64_t gcda_get(const struct gcda_record *r, size_t i);
void gcda_put(struct gcda_record *r, size_t i, int64_t value);
/* into += weight × from; a reason (a constant) when they are not of the same code, and `into` is
   then as it was. An empty `into` becomes weight × from. */
const char *gcda_add(struct gcda *into, const struct gcda *from, long weight);
/* Adds the arcs' counters of each function that ran, by the name "<file>:<number>". */
void gcda_ran(const struct gcda *g, const char *file, struct counts *out);
void gcda_count(const struct gcda *g, struct gcda_facts *facts); /* adds to the facts */

#endif
