/* What the unit tests share: a directory of their own, files in it, and errors that must not or
   must be there. Include it before any other header: it brings the feature macros and cmocka. */
#ifndef PGO_UNIT_H
#define PGO_UNIT_H

#include "base.h"
#include "fs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The directory of this test program; unit_setup makes it, unit_teardown removes it. */
static char *unit_dir;

static inline int unit_setup(void **state)
{
    const char *tmp = getenv("TMPDIR");
    char *name = str_fmt("%s/pgo unit XXXXXX", tmp && *tmp ? tmp : "/tmp");
    (void)state;
    unit_dir = mkdtemp(name) ? path_abs(name) : NULL;
    free(name);
    return unit_dir ? 0 : -1;
}

static inline int unit_teardown(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    int rc = fs_remove(unit_dir, &err);
    err_release(&err);
    free(unit_dir);
    unit_dir = NULL;
    return rc;
}

/* A path in our directory; the caller frees it. */
static inline char *unit_path(const char *name)
{
    return path_join(unit_dir, name);
}

/* Writes without the functions that are tested. */
static inline void unit_write(const char *path, const void *data, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, len), (ssize_t)len);
    assert_int_equal(close(fd), 0);
}

static inline void unit_text(const char *path, const char *text)
{
    unit_write(path, text, strlen(text));
}

static inline struct buf unit_read(const char *path)
{
    struct buf b = BUF_INIT;
    char chunk[4096];
    ssize_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    while ((n = read(fd, chunk, sizeof(chunk))) > 0)
        buf_add(&b, chunk, (size_t)n);
    assert_int_equal(n, 0);
    close(fd);
    return b;
}

static inline void unit_same_text(const char *path, const char *text)
{
    struct buf b = unit_read(path);
    assert_string_equal(buf_str(&b), text);
    assert_int_equal(b.len, strlen(text));
    buf_release(&b);
}

static inline void unit_contains(const char *text, const char *part)
{
    assert_non_null(text);
    if (!strstr(text, part))
        fail_msg("'%s' is not in '%s'", part, text);
}

static inline void unit_no_error(struct err *err)
{
    if (err->msg)
        fail_msg("unexpected: %s", err->msg);
    assert_int_equal(err->status, 0);
}

/* The message is there and holds `part`; the error is empty afterwards. */
static inline void unit_error(struct err *err, const char *part)
{
    unit_contains(err->msg, part);
    assert_int_not_equal(err->status, 0);
    err_release(err);
}

static inline void unit_vec(const struct vec *v, const char *const *words)
{
    size_t i = 0;
    for (; words[i]; i++) {
        assert_true(i < v->n);
        assert_string_equal(v->v[i], words[i]);
    }
    assert_int_equal(v->n, i);
}

#define UNIT_WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define UNIT_RUN(tests) cmocka_run_group_tests(tests, unit_setup, unit_teardown)

#endif
