#include "elf.h"

#include "fs.h"

#include <stdlib.h>
#include <string.h>

/* Where the fields of a header lie; the first row is for 32, the second for 64 bits. */
static const struct elf_layout {
    size_t word;                         /* size of an offset */
    size_t shoff, shentsize;             /* in the file header */
    size_t sh_flags, sh_offset, sh_size; /* in a section header; its type is at 4 */
} elf_layouts[] = {{4, 32, 46, 8, 16, 20}, {8, 40, 58, 8, 24, 32}};

#define ELF_WRITE 1
#define ELF_ALLOC 2
#define ELF_EXECINSTR 4
#define ELF_NOBITS 8 /* a type: it takes no room in the file */

static uint64_t elf_get(const char *p, size_t size)
{
    uint16_t half;
    uint32_t word;
    uint64_t wide;
    switch (size) {
    case 2:
        memcpy(&half, p, size);
        return half;
    case 4:
        memcpy(&word, p, size);
        return word;
    default:
        memcpy(&wide, p, size);
        return wide;
    }
}

struct elf {
    const struct buf *file;
    const struct elf_layout *at;
    uint64_t table, entry, count;
};

static bool elf_inside(const struct elf *e, uint64_t offset, uint64_t size)
{
    return offset <= e->file->len && size <= e->file->len - offset;
}

static bool elf_open(struct elf *e, const struct buf *file)
{
    static const union {
        uint16_t word;
        unsigned char bytes[2];
    } order = {1};
    if (file->len < 64 || memcmp(file->p, "\177ELF", 4) != 0)
        return false;
    unsigned char bits = (unsigned char)file->p[4], data = (unsigned char)file->p[5];
    if (bits < 1 || bits > 2 || data != (order.bytes[0] ? 1 : 2))
        return false;
    e->file = file;
    e->at = &elf_layouts[bits - 1];
    e->table = elf_get(file->p + e->at->shoff, e->at->word);
    e->entry = elf_get(file->p + e->at->shentsize, 2);
    e->count = elf_get(file->p + e->at->shentsize + 2, 2);
    return e->table && e->entry >= e->at->sh_size + e->at->word + 4 &&
           elf_inside(e, e->table, e->entry);
}

static void elf_extent(const struct elf *e, uint64_t i, uint64_t *offset, uint64_t *size)
{
    const char *header = e->file->p + e->table + i * e->entry;
    *offset = elf_get(header + e->at->sh_offset, e->at->word);
    *size = elf_get(header + e->at->sh_size, e->at->word);
}

static bool elf_sections(struct elf *e)
{
    uint64_t offset;
    if (!e->count) /* more than 65,279 sections: the number is in the first header */
        elf_extent(e, 0, &offset, &e->count);
    return e->count <= e->file->len && elf_inside(e, e->table, e->count * e->entry);
}

static int elf_scan(struct elf *e, const char *name, struct buf *out)
{
    uint64_t names = elf_get(e->file->p + e->at->shentsize + 4, 2), offset, size, text, text_size;
    int found = 0;
    if (names == 0xffff)
        names = elf_get(e->file->p + e->table + e->at->sh_size + e->at->word, 4);
    if (!elf_sections(e) || names >= e->count)
        return 0;
    elf_extent(e, names, &text, &text_size);
    if (!elf_inside(e, text, text_size))
        return 0;
    for (uint64_t i = 0; i < e->count; i++) {
        uint64_t at = elf_get(e->file->p + e->table + i * e->entry, 4);
        size_t n = strlen(name) + 1;
        if (at > text_size || text_size - at < n || memcmp(e->file->p + text + at, name, n) != 0)
            continue;
        elf_extent(e, i, &offset, &size);
        if (elf_inside(e, offset, size)) {
            buf_add(out, e->file->p + offset, size);
            found = 1;
        }
    }
    return found;
}

int elf_section(const char *path, const char *name, struct buf *out, struct err *err)
{
    struct buf file = BUF_INIT;
    struct elf e;
    int rc = fs_read(path, &file, err);
    if (rc == 0 && elf_open(&e, &file))
        rc = elf_scan(&e, name, out);
    buf_release(&file);
    return rc;
}

bool elf_size(const char *path, struct elf_size *out)
{
    struct buf file = BUF_INIT;
    struct err ignored = ERR_INIT;
    struct elf e;
    memset(out, 0, sizeof(*out));
    bool ok = fs_read(path, &file, &ignored) == 0 && elf_open(&e, &file) && elf_sections(&e);
    for (uint64_t i = 0; ok && i < e.count; i++) {
        const char *header = file.p + e.table + i * e.entry;
        uint64_t offset, size, flags = elf_get(header + e.at->sh_flags, e.at->word);
        elf_extent(&e, i, &offset, &size);
        if (flags & ELF_EXECINSTR)
            out->code += size;
        if ((flags & (ELF_ALLOC | ELF_WRITE)) == ELF_ALLOC)
            out->text += size;
        else if (flags & ELF_ALLOC && elf_get(header + 4, 4) != ELF_NOBITS)
            out->data += size;
    }
    out->file = file.len;
    buf_release(&file);
    err_release(&ignored);
    return ok;
}

bool elf_has_code(const char *path)
{
    struct elf_size size;
    return elf_size(path, &size) && size.code > 0;
}
