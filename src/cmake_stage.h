/* The CMake code that puts a phase's flags on every target of a project. */
#ifndef PGO_CMAKE_STAGE_H
#define PGO_CMAKE_STAGE_H

#include "buf.h"
#include "family.h"

/* For CMAKE_PROJECT_TOP_LEVEL_INCLUDES of a stage tree. `excluded`: what the command line excludes;
   NULL for a tree that the driver does not make (`pgo flags --cmake`). */
void cmake_stage_text(struct buf *out, const char *name, const struct flags *f,
                      const struct vec *excluded);

#endif
