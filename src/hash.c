#include "hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const uint32_t hash_k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t hash_rot(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static void hash_block(struct hash *h, const unsigned char *p)
{
    uint32_t w[64];
    uint32_t v0 = h->h[0], v1 = h->h[1], v2 = h->h[2], v3 = h->h[3];
    uint32_t v4 = h->h[4], v5 = h->h[5], v6 = h->h[6], v7 = h->h[7];
    for (size_t i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 |
               (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
    for (size_t i = 16; i < 64; i++) {
        uint32_t a = hash_rot(w[i - 15], 7) ^ hash_rot(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t b = hash_rot(w[i - 2], 17) ^ hash_rot(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + a + w[i - 7] + b;
    }
    for (size_t i = 0; i < 64; i++) {
        uint32_t s1 = hash_rot(v4, 6) ^ hash_rot(v4, 11) ^ hash_rot(v4, 25);
        uint32_t t1 = v7 + s1 + ((v4 & v5) ^ (~v4 & v6)) + hash_k[i] + w[i];
        uint32_t s0 = hash_rot(v0, 2) ^ hash_rot(v0, 13) ^ hash_rot(v0, 22);
        uint32_t t2 = s0 + ((v0 & v1) ^ (v0 & v2) ^ (v1 & v2));
        v7 = v6;
        v6 = v5;
        v5 = v4;
        v4 = v3 + t1;
        v3 = v2;
        v2 = v1;
        v1 = v0;
        v0 = t1 + t2;
    }
    const uint32_t v[8] = {v0, v1, v2, v3, v4, v5, v6, v7};
    for (size_t i = 0; i < 8; i++)
        h->h[i] += v[i];
}

void hash_init(struct hash *h)
{
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memset(h, 0, sizeof(*h));
    memcpy(h->h, start, sizeof(start));
}

void hash_add(struct hash *h, const void *data, size_t len)
{
    const unsigned char *p = data;
    size_t fill = (size_t)(h->len % 64);
    h->len += len;
    if (fill) {
        size_t n = len < 64 - fill ? len : 64 - fill;
        memcpy(h->block + fill, p, n);
        if (fill + n < 64)
            return;
        hash_block(h, h->block);
        p += n;
        len -= n;
    }
    for (; len >= 64; p += 64, len -= 64)
        hash_block(h, p);
    if (len)
        memcpy(h->block, p, len);
}

void hash_str(struct hash *h, const char *s)
{
    hash_add(h, s ? "s" : "0", 1);
    if (s)
        hash_add(h, s, strlen(s) + 1);
}

void hash_vec(struct hash *h, const struct vec *v)
{
    for (size_t i = 0; i < v->n; i++)
        hash_str(h, v->v[i]);
    hash_str(h, NULL);
}

void hash_hex(struct hash *h, char out[HASH_HEX + 1])
{
    uint64_t bits = h->len * 8;
    unsigned char tail[8];
    for (size_t i = 0; i < 8; i++)
        tail[i] = (unsigned char)(bits >> (56 - 8 * i));
    hash_add(h, "\x80", 1);
    while (h->len % 64 != 56)
        hash_add(h, "", 1);
    hash_add(h, tail, 8);
    for (size_t i = 0; i < HASH_HEX / 8; i++)
        snprintf(out + 8 * i, 9, "%08x", (unsigned)h->h[i]);
}

void hash_text(const char *text, size_t len, char out[HASH_HEX + 1])
{
    struct hash h;
    hash_init(&h);
    hash_add(&h, text, len);
    hash_hex(&h, out);
}

int hash_file(const char *path, char out[HASH_HEX + 1], struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_sys(err, errno, NULL, "cannot open '%s'", path);
    struct hash h;
    hash_init(&h);
    char chunk[65536];
    ssize_t n;
    while ((n = read(fd, chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR))
        hash_add(&h, chunk, n > 0 ? (size_t)n : 0);
    int num = errno;
    close(fd);
    if (n < 0)
        return err_sys(err, num, NULL, "cannot read '%s'", path);
    hash_hex(&h, out);
    return 0;
}
