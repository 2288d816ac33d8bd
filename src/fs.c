#include "fs.h"

#include "hash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

char *path_join(const char *dir, const char *name)
{
    if (name[0] == '/' || !*dir)
        return str_dup(name);
    return str_fmt("%s%s%s", dir, str_ends(dir, "/") ? "" : "/", name);
}

char *path_abs(const char *path)
{
    struct buf b = BUF_INIT;
    struct vec parts = VEC_INIT;
    if (path[0] != '/') {
        char *cwd = getcwd(NULL, 0);
        buf_adds(&b, cwd ? cwd : ".");
        buf_addc(&b, '/');
        free(cwd);
    }
    buf_adds(&b, path);
    vec_split(&parts, buf_str(&b), '/');
    size_t n = 0;
    for (size_t i = 0; i < parts.n; i++) {
        if (strcmp(parts.v[i], "..") == 0)
            n -= n > 0;
        else if (strcmp(parts.v[i], ".") != 0) {
            char *swap = parts.v[n];
            parts.v[n++] = parts.v[i];
            parts.v[i] = swap;
        }
    }
    buf_clear(&b);
    for (size_t i = 0; i < n; i++)
        buf_addf(&b, "/%s", parts.v[i]);
    if (!n)
        buf_addc(&b, '/');
    vec_release(&parts);
    return buf_detach(&b);
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void path_named(const char *word, const char *dir, struct vec *paths)
{
    const char *value = strchr(word, '=');
    const char *both[] = {word, value ? value + 1 : ""};
    for (size_t i = 0; i < PGO_COUNT(both); i++) {
        if (!*both[i])
            continue;
        char *joined = path_join(dir, both[i]);
        vec_take(paths, path_abs(joined));
        free(joined);
    }
}

char *path_dir(const char *path)
{
    const char *base = path_base(path);
    if (base == path)
        return str_dup(".");
    return str_ndup(path, base - path > 1 ? (size_t)(base - path - 1) : 1);
}

char *path_real(const char *path)
{
    char *resolved = realpath(path, NULL);
    return resolved ? resolved : path_abs(path);
}

const char *path_below(const char *path, const char *dir)
{
    size_t n = strlen(dir);
    n -= n && dir[n - 1] == '/'; /* the root directory */
    if (strncmp(path, dir, n) != 0)
        return NULL;
    if (path[n] == '/')
        return path + n + 1;
    return path[n] ? NULL : path + n;
}

char *path_from(const char *path, const char *dir)
{
    struct buf b = BUF_INIT;
    char *top = str_dup(dir);
    while (!path_below(path, top)) {
        char *up = path_dir(top);
        free(top);
        top = up;
        buf_adds(&b, "../");
    }
    buf_adds(&b, path_below(path, top));
    free(top);
    return buf_detach(&b);
}

size_t path_depth(const char *path)
{
    size_t n = 0;
    for (; *path; path++)
        n += *path == '/';
    return n;
}

double fs_room(const char *path)
{
    struct statvfs fs;
    return statvfs(path, &fs) == 0 ? (double)fs.f_bavail * (double)fs.f_frsize : 1e18;
}

bool fs_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

bool fs_is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool fs_is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *fs_stamp(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return str_dup("-");
    return str_fmt("%lld,%lld.%09ld,%llu", (long long)st.st_size, (long long)st.st_mtim.tv_sec,
                   st.st_mtim.tv_nsec, (unsigned long long)st.st_ino);
}

char *fs_stamp_all(const char *dir)
{
    struct buf b = BUF_INIT;
    struct vec names = VEC_INIT;
    struct err ignored = ERR_INIT;
    fs_list(dir, &names, &ignored);
    for (size_t i = 0; i < names.n; i++) {
        char *path = path_join(dir, names.v[i]), *stamp = fs_stamp(path);
        buf_addf(&b, "%s %s\n", names.v[i], stamp);
        free(path);
        free(stamp);
    }
    char hex[HASH_HEX + 1];
    hash_text(buf_str(&b), b.len, hex);
    buf_release(&b);
    vec_release(&names);
    err_release(&ignored);
    return str_dup(hex);
}

size_t fs_head(const char *path, void *out, size_t n)
{
    FILE *file = fopen(path, "re");
    n = file ? fread(out, 1, n, file) : 0;
    if (file)
        fclose(file);
    return n;
}

long fs_tail(const char *path, long from, long n, struct buf *out)
{
    FILE *file = fopen(path, "re");
    long end = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    long start = end - n > from ? end - n : from;
    char chunk[65536];
    size_t got;
    int c = '\n';
    if (end > start && start > from && fseek(file, start - 1, SEEK_SET) == 0)
        while ((c = getc(file)) != EOF && c != '\n')
            start++;
    else if (end > start)
        fseek(file, start, SEEK_SET);
    while (end > start && (got = fread(chunk, 1, sizeof(chunk), file)) > 0)
        buf_add(out, chunk, got);
    if (file)
        fclose(file);
    return end > start ? start - from : 0;
}

int fs_read(const char *path, struct buf *out, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_sys(err, errno, path, "cannot open '%s'", path);
    char chunk[65536];
    ssize_t n;
    while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            int num = errno;
            close(fd);
            return err_sys(err, num, path, "cannot read '%s'", path);
        }
        buf_add(out, chunk, (size_t)n);
    }
    close(fd);
    return 0;
}

static int fs_write_all(int fd, const char *data, size_t len)
{
    while (len) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

int fs_replace(const char *path, const char *data, size_t len, struct err *err)
{
    char *tmp = str_fmt("%s.tmp.%ld", path, (long)getpid());
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool ok = fd >= 0 && fs_write_all(fd, data, len) == 0;
    int num = errno;
    if (fd >= 0 && close(fd) != 0 && ok) {
        ok = false;
        num = errno;
    }
    if (ok && rename(tmp, path) != 0) {
        ok = false;
        num = errno;
    }
    if (!ok) {
        char *dir = path_dir(path);
        bool full = num == ENOSPC || num == EDQUOT;
        err_sys(err, num, dir, full ? "cannot write '%s' (%zu bytes needed)" : "cannot write '%s'",
                path, len);
        err_hint(err, "nothing was changed; make %s, then run the same command again",
                 full ? "room" : "it writable");
        free(dir);
        if (fd >= 0)
            unlink(tmp);
    }
    free(tmp);
    return ok ? 0 : -1;
}

int fs_update(const char *path, const char *text, struct err *err)
{
    struct buf old = BUF_INIT;
    struct err ignored = ERR_INIT;
    bool same = fs_exists(path) && fs_read(path, &old, &ignored) == 0 && old.len == strlen(text) &&
                memcmp(buf_str(&old), text, old.len) == 0;
    buf_release(&old);
    err_release(&ignored);
    if (same)
        return 0;
    return fs_replace(path, text, strlen(text), err) == 0 ? 1 : -1;
}

int fs_mkdirs(const char *path, struct err *err)
{
    if (fs_is_dir(path))
        return 0;
    char *parent = path_dir(path);
    int rc = strcmp(parent, path) == 0 ? 0 : fs_mkdirs(parent, err);
    int num = rc == 0 && mkdir(path, 0777) != 0 ? errno : 0;
    if (num && !(num == EEXIST && fs_is_dir(path)))
        rc = err_sys(err, num, parent, "cannot make directory '%s'", path);
    free(parent);
    return rc;
}

int fs_remove(const char *path, struct err *err)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return 0;
    int rc = 0;
    if (S_ISDIR(st.st_mode)) {
        struct vec names = VEC_INIT;
        if ((st.st_mode & S_IRWXU) !=
            S_IRWXU) /* where that is not ours to do, what follows fails */
            chmod(path, st.st_mode | S_IRWXU);
        rc = fs_list(path, &names, err);
        for (size_t i = 0; i < names.n && rc == 0; i++) {
            char *child = path_join(path, names.v[i]);
            rc = fs_remove(child, err);
            free(child);
        }
        vec_release(&names);
    }
    if (rc == 0 && remove(path) != 0 && errno != ENOENT)
        rc = err_sys(err, errno, NULL, "cannot remove '%s'", path);
    return rc;
}

int fs_rename(const char *from, const char *to, struct err *err)
{
    if (rename(from, to) != 0)
        return err_sys(err, errno, to, "cannot rename '%s' to '%s'", from, to);
    return 0;
}

int fs_like(const char *from, const char *to, struct err *err)
{
    struct stat st;
    if (stat(from, &st) != 0)
        return 0;
    struct timespec times[2] = {st.st_atim, st.st_mtim};
    if (chmod(to, st.st_mode & 07777) != 0 || utimensat(AT_FDCWD, to, times, 0) != 0)
        return err_sys(err, errno, to, "cannot set mode and time of '%s'", to);
    return 0;
}

int fs_copy(const char *from, const char *to, struct err *err)
{
    struct buf b = BUF_INIT;
    int rc = fs_read(from, &b, err);
    if (rc == 0)
        rc = fs_replace(to, buf_str(&b), b.len, err);
    if (rc == 0)
        rc = fs_like(from, to, err);
    buf_release(&b);
    return rc;
}

int fs_copy_tree(const char *from, const char *to, struct err *err)
{
    struct vec names = VEC_INIT;
    int rc = fs_mkdirs(to, err);
    if (rc == 0)
        rc = fs_list(from, &names, err);
    for (size_t i = 0; i < names.n && rc == 0; i++) {
        char *a = path_join(from, names.v[i]), *b = path_join(to, names.v[i]);
        rc = fs_is_dir(a) ? fs_copy_tree(a, b, err) : fs_copy(a, b, err);
        free(a);
        free(b);
    }
    vec_release(&names);
    return rc;
}

int fs_list(const char *dir, struct vec *names, struct err *err)
{
    DIR *d = opendir(dir);
    if (!d)
        return errno == ENOENT ? 0 : err_sys(err, errno, NULL, "cannot list '%s'", dir);
    const struct dirent *entry;
    while ((errno = 0, entry = readdir(d)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            vec_add(names, entry->d_name);
    int num = errno;
    closedir(d);
    if (num)
        return err_sys(err, num, NULL, "cannot list '%s'", dir);
    vec_sort(names);
    return 0;
}

int fs_walk(const char *dir, fs_visit *visit, void *arg, struct err *err)
{
    struct vec names = VEC_INIT;
    int rc = fs_list(dir, &names, err);
    for (size_t i = 0; i < names.n && rc == 0; i++) {
        char *path = path_join(dir, names.v[i]);
        struct stat st;
        if (lstat(path, &st) == 0 && visit(path, &st, arg) && S_ISDIR(st.st_mode))
            rc = fs_walk(path, visit, arg, err);
        free(path);
    }
    vec_release(&names);
    return rc;
}

static bool fs_add_size(const char *path, const struct stat *st, void *arg)
{
    unsigned long long *total = arg;
    (void)path;
    if (S_ISREG(st->st_mode))
        *total += (unsigned long long)st->st_size;
    return true;
}

unsigned long long fs_tree_size(const char *path)
{
    unsigned long long total = 0;
    struct err ignored = ERR_INIT;
    struct stat st;
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
        return (unsigned long long)st.st_size;
    fs_walk(path, fs_add_size, &total, &ignored);
    err_release(&ignored);
    return total;
}

char *fs_find_program(const char *name)
{
    if (strchr(name, '/'))
        return access(name, X_OK) == 0 && fs_is_file(name) ? path_abs(name) : NULL;
    struct vec dirs = VEC_INIT;
    const char *env = getenv("PATH");
    vec_split(&dirs, env ? env : "/usr/local/bin:/usr/bin:/bin", ':');
    char *found = NULL;
    for (size_t i = 0; i < dirs.n && !found; i++) {
        char *candidate = path_join(dirs.v[i], name);
        if (access(candidate, X_OK) == 0 && fs_is_file(candidate))
            found = path_abs(candidate);
        free(candidate);
    }
    vec_release(&dirs);
    return found;
}
