/* Memory that is always there: when it runs out, the program says so and exits with 2. */
#ifndef LOGTOOLS_MEM_H
#define LOGTOOLS_MEM_H

#include <stddef.h>

/* The caller frees what these return with free(). */
void *mem_alloc(size_t count, size_t size); /* zeroed */
void *mem_resize(void *memory, size_t count, size_t size);
char *mem_text(const char *text, size_t length); /* a copy, ended by a NUL */

/* Room for one more element in an array of COUNT elements that only ever grew through this
 * function: its capacity is the next power of two, so it need not be stored. */
void *mem_grow(void *array, size_t count, size_t size);

#endif
