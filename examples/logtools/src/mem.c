#include "mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *mem_check(void *memory)
{
    if (!memory) {
        fputs("logtools: error: out of memory\n", stderr);
        exit(2);
    }
    return memory;
}

void *mem_alloc(size_t count, size_t size)
{
    return mem_check(calloc(count ? count : 1, size));
}

void *mem_resize(void *memory, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return mem_check(NULL);
    return mem_check(realloc(memory, count && size ? count * size : 1));
}

char *mem_text(const char *text, size_t length)
{
    char *copy = mem_resize(NULL, length + 1, 1);

    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

void *mem_grow(void *array, size_t count, size_t size)
{
    if (count & (count - 1))
        return array;
    return mem_resize(array, count ? count * 2 : 1, size);
}
