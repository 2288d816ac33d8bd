#include "err.h"

#include <stdarg.h>
#include <stdio.h>

void err_format(struct err *err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
}

void err_print(const struct err *err, const char *program)
{
    if (err->text[0])
        fprintf(stderr, "%s: error: %s\n", program, err->text);
}
