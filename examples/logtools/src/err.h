/* What went wrong, as one line for the person at the terminal. */
#ifndef LOGTOOLS_ERR_H
#define LOGTOOLS_ERR_H

#if defined(__GNUC__)
#define ERR_PRINTF(at, first) __attribute__((format(printf, at, first)))
#else
#define ERR_PRINTF(at, first)
#endif

/* An empty text is a failure that nobody wants to read about, such as a closed pipe. */
struct err {
    char text[4608]; /* a longest path and what is said of it */
};

/* Sets the text, cut to fit. */
void err_format(struct err *err, const char *format, ...) ERR_PRINTF(2, 3);

/* The same with the value -1, for `return err_set(...)`: a macro, so that the compiler knows the
 * value and does not warn of results that are only there after success. */
#define err_set(err, ...) (err_format((err), __VA_ARGS__), -1)

/* Prints "PROGRAM: error: TEXT" to standard error, or nothing for an empty text. */
void err_print(const struct err *err, const char *program);

#endif
