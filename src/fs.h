/* Paths and files. Paths that functions return are allocated; the caller frees them. */
#ifndef PGO_FS_H
#define PGO_FS_H

#include "buf.h"
#include "err.h"
#include "vec.h"

#include <sys/stat.h>

char *path_join(const char *dir, const char *name); /* `name` itself when it is absolute */
/* As a build system spells it: with links resolved, when it is there already. */
char *path_real(const char *path);
char *path_abs(const char *path); /* lexically: no link is followed */
/* Adds the paths that a word of a command may name, seen from `dir`: as it is, and behind its
   "=". */
void path_named(const char *word, const char *dir, struct vec *paths);
char *path_dir(const char *path);
const char *path_base(const char *path);
/* What is left of `path` below `dir` ("" for the directory itself), NULL when it is elsewhere. */
const char *path_below(const char *path, const char *dir);
/* As it is seen from `dir`: "../b"; both are absolute. The caller frees it. */
char *path_from(const char *path, const char *dir);
size_t path_depth(const char *path); /* number of slashes */

/* Bytes that we may still write there; very many when that is not known. */
double fs_room(const char *path);
bool fs_exists(const char *path);
bool fs_is_file(const char *path);
bool fs_is_dir(const char *path);
/* "size,mtime,inode": changes with the content, unless someone restores the time of a file that
   keeps its size. "-" when there is no such file. */
char *fs_stamp(const char *path);
/* A hash over names and stamps of what is in the directory: thousands of raw profiles, perhaps. */
char *fs_stamp_all(const char *dir);

int fs_read(const char *path, struct buf *out, struct err *err);
/* Reads at most `n` bytes from the start of a file: how many there were, 0 when it cannot be read.
 */
size_t fs_head(const char *path, void *out, size_t n);
/* Reads the last `n` bytes, from the start of a line, but nothing before `from`: how many bytes
   there are between. */
long fs_tail(const char *path, long from, long n, struct buf *out);
/* Replaces the file whole: temporary file, written, checked, renamed. */
int fs_replace(const char *path, const char *data, size_t len, struct err *err);
/* The same, and 1 when the content is new, 0 when the file was left alone. */
int fs_update(const char *path, const char *text, struct err *err);
int fs_mkdirs(const char *path, struct err *err);
/* Removes a file or a whole directory, also of directories that are read-only; what is not there is
 * no error. */
int fs_remove(const char *path, struct err *err);
int fs_rename(const char *from, const char *to, struct err *err);
/* Gives `to` the mode and mtime of `from`. */
int fs_like(const char *from, const char *to, struct err *err);
int fs_copy(const char *from, const char *to, struct err *err); /* keeps mode and mtime */
int fs_copy_tree(const char *from, const char *to, struct err *err);
/* Names in a directory, sorted, without "." and "..". A missing directory is empty. */
int fs_list(const char *dir, struct vec *names, struct err *err);

/* Calls `visit` for each file below `dir` (links are not followed); a directory is entered when
   `visit` returns true for it. */
typedef bool fs_visit(const char *path, const struct stat *st, void *arg);
int fs_walk(const char *dir, fs_visit *visit, void *arg, struct err *err);
unsigned long long
fs_tree_size(const char *path); /* bytes, of all files below it or of the one that it is */

/* Full path of a program in $PATH, whose empty parts are passed over; NULL if there is none. A name
   with a slash is a path already. */
char *fs_find_program(const char *name);

#endif
