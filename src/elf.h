/* Sections of an ELF file of this machine's byte order, 32 or 64 bit (System V ABI, chapter 4). */
#ifndef PGO_ELF_H
#define PGO_ELF_H

#include "buf.h"
#include "err.h"

/* Appends the content of all sections of that name. 1 when there is one, 0 when there is none or
   the file is no ELF, -1 when it cannot be read. */
int elf_section(const char *path, const char *name, struct buf *out, struct err *err);

/* Bytes: machine code; what the `size` program calls text, which is all that is loaded and not
   written to, and data; the file. False when it is no ELF file. */
struct elf_size {
    uint64_t code, text, data, file;
};
bool elf_size(const char *path, struct elf_size *out);
/* Whether a section with machine code in it is not empty; false also when it is no ELF file. */
bool elf_has_code(const char *path);

#endif
