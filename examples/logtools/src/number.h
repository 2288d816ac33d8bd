/* Numbers that were text. */
#ifndef LOGTOOLS_NUMBER_H
#define LOGTOOLS_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A whole decimal number from MIN to MAX, and nothing else around it. */
bool number_whole(const char *text, uint64_t min, uint64_t max, uint64_t *value);

/* A finite decimal number such as "12", "-0.5" or "1e3", and nothing else around it. */
bool number_decimal(const char *text, size_t length, double *value);

#endif
