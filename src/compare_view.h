/* What `pgo compare` prints: one comparison in four forms. */
#ifndef PGO_COMPARE_VIEW_H
#define PGO_COMPARE_VIEW_H

#include "comparison.h"

void compare_table(const struct comparison *c);
void compare_json(const struct comparison *c);
/* The same object, for views that tell of more. */
void comparison_json(const struct comparison *c, const char *key, struct buf *out);
/* One line for each workload, and a header. */
void compare_csv(const struct comparison *c);
/* Tables as a CI service shows them. */
void compare_markdown(const struct comparison *c);

#endif
