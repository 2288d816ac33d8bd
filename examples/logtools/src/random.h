/* Random numbers that are the same everywhere for the same seed (SplitMix64). */
#ifndef LOGTOOLS_RANDOM_H
#define LOGTOOLS_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state; /* the seed to begin with */
};

static inline uint64_t random_next(struct random *random)
{
    uint64_t x = random->state += UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* From 0 to LIMIT - 1; LIMIT is small, so that no value is likelier than another to notice. */
static inline unsigned random_below(struct random *random, unsigned limit)
{
    return (unsigned)((random_next(random) >> 32) * limit >> 32);
}

#endif
