/* Content hashes: SHA-256 (FIPS 180-4), of which the first 128 bits are shown. */
#ifndef PGO_HASH_H
#define PGO_HASH_H

#include "err.h"
#include "vec.h"

#define HASH_HEX 32

struct hash {
    uint32_t h[8];
    uint64_t len; /* bytes */
    unsigned char block[64];
};

void hash_init(struct hash *h);
void hash_add(struct hash *h, const void *data, size_t len);
/* A string and its end, so that ("ab", "c") and ("a", "bc") differ. NULL counts as a third kind. */
void hash_str(struct hash *h, const char *s);
void hash_vec(struct hash *h, const struct vec *v);
void hash_hex(struct hash *h, char out[HASH_HEX + 1]); /* ends the computation */
void hash_text(const char *text, size_t len, char out[HASH_HEX + 1]);
int hash_file(const char *path, char out[HASH_HEX + 1], struct err *err);

#endif
