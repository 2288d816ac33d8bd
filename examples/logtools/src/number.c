#include "number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Up to 15 digits fit a double exactly, and so do these; one division then rounds correctly. */
static const double powers_of_ten[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                       1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
enum { EXACT_DIGITS = 15 };

bool number_whole(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
    uint64_t number = 0;

    if (!*text)
        return false;
    for (; *text; text++) {
        unsigned digit = (unsigned char)*text - (unsigned)'0';

        if (digit > 9 || number > (UINT64_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    if (number < min || number > max)
        return false;
    *value = number;
    return true;
}

/* Numbers with an exponent or more digits than a double holds. */
static bool number_long(const char *text, size_t length, double *value)
{
    char copy[64];
    char *end;

    if (length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (strspn(copy, "0123456789+-.eE") != length)
        return false;
    *value = strtod(copy, &end);
    return *end == '\0' && isfinite(*value);
}

bool number_decimal(const char *text, size_t length, double *value)
{
    const char *p = text;
    const char *end = text + length;
    uint64_t digits = 0;
    size_t count = 0;
    size_t decimals = 0;
    bool negative = false;

    if (p < end && (*p == '-' || *p == '+'))
        negative = *p++ == '-';
    for (; p < end && *p >= '0' && *p <= '9'; p++, count++)
        digits = digits * 10 + (uint64_t)(*p - '0');
    if (p < end && *p == '.') {
        for (p++; p < end && *p >= '0' && *p <= '9'; p++, count++, decimals++)
            digits = digits * 10 + (uint64_t)(*p - '0');
    }
    if (!count)
        return false;
    if (p < end || count > EXACT_DIGITS)
        return number_long(text, length, value);
    *value = (double)digits / powers_of_ten[decimals];
    if (negative)
        *value = -*value;
    return true;
}
