/* A table of short texts, printed for a terminal or as Markdown. Its first row is the header. */
#ifndef PGO_SHEET_H
#define PGO_SHEET_H

#include "buf.h"
#include "vec.h"

struct sheet {
    const char *align; /* a letter for each column: 'l' left, 'r' right */
    struct vec cells;  /* row by row */
};

void sheet_release(struct sheet *s);
void sheet_cell(struct sheet *s, const char *fmt, ...) PGO_PRINTF(2, 3);
/* Fills the row that was begun with empty cells. */
void sheet_end_row(struct sheet *s);
/* Columns as wide as their cells, indented by two. */
void sheet_text(const struct sheet *s, struct buf *out);
void sheet_markdown(const struct sheet *s, struct buf *out);

#endif
