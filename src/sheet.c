#include "sheet.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void sheet_release(struct sheet *s)
{
    vec_release(&s->cells);
}

void sheet_cell(struct sheet *s, const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_vaddf(&b, fmt, ap);
    va_end(ap);
    vec_add(&s->cells, buf_str(&b));
    buf_release(&b);
}

void sheet_end_row(struct sheet *s)
{
    while (s->cells.n % strlen(s->align))
        vec_add(&s->cells, "");
}

/* Characters of UTF-8. */
static size_t sheet_width(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += (*text & 0xc0) != 0x80;
    return n;
}

static void sheet_pad(struct buf *out, size_t n)
{
    while (n--)
        buf_addc(out, ' ');
}

void sheet_text(const struct sheet *s, struct buf *out)
{
    size_t columns = strlen(s->align), *widths = mem_alloc(columns * sizeof(*widths));
    memset(widths, 0, columns * sizeof(*widths));
    for (size_t i = 0; i < s->cells.n; i++) {
        size_t width = sheet_width(s->cells.v[i]), *most = &widths[i % columns];
        *most = width > *most ? width : *most;
    }
    for (size_t row = 0; row < s->cells.n; row += columns) {
        size_t last = columns;
        while (last > 1 && !*s->cells.v[row + last - 1])
            last--;
        for (size_t k = 0; k < last; k++) {
            const char *cell = s->cells.v[row + k];
            size_t pad = widths[k] - sheet_width(cell);
            sheet_pad(out, 2 + (s->align[k] == 'r' ? pad : 0));
            buf_adds(out, cell);
            sheet_pad(out, s->align[k] == 'r' || k + 1 == last ? 0 : pad);
        }
        buf_addc(out, '\n');
    }
    free(widths);
}

void sheet_markdown(const struct sheet *s, struct buf *out)
{
    size_t columns = strlen(s->align);
    for (size_t i = 0; i < s->cells.n; i++) {
        buf_adds(out, i % columns ? " " : "| ");
        for (const char *c = s->cells.v[i]; *c; c++) {
            if (strchr("|*_<", *c))
                buf_addc(out, '\\');
            buf_addc(out, *c);
        }
        buf_adds(out, (i + 1) % columns ? " |" : " |\n");
        for (size_t k = 0; i + 1 == columns && k < columns; k++)
            buf_addf(out, "%s%s", s->align[k] == 'r' ? "|--:" : "|---",
                     k + 1 == columns ? "|\n" : "");
    }
}
