#include "lock.h"

#include "buf.h"
#include "fs.h"
#include "msg.h"
#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static int lock_wait(int fd, const char *path, bool wait, struct err *err)
{
    struct buf holder = BUF_INIT;
    struct err ignored = ERR_INIT;
    int rc = 0;
    fs_read(path, &holder, &ignored);
    err_release(&ignored);
    const char *who = holder.len ? buf_str(&holder) : "another process";
    if (!wait) {
        err_set(err, "%s works on this tree", who);
        err_hint(err, "without --no-wait this run would wait for it");
        rc = -1;
    } else {
        msg_note("waiting for %s, which works on this tree", who);
        while ((rc = flock(fd, LOCK_EX)) != 0 && errno == EINTR && !proc_signal())
            ;
        if (rc != 0)
            err_status(err, proc_signal() ? 128 + proc_signal() : PGO_FAILED,
                       "gave up waiting for %s", who);
    }
    buf_release(&holder);
    return rc;
}

/* Whether the file is still the one that is locked. */
static bool lock_is_current(int fd, const char *path)
{
    struct stat held, there;
    return fstat(fd, &held) == 0 && stat(path, &there) == 0 && held.st_ino == there.st_ino &&
           held.st_dev == there.st_dev;
}

static int lock_refused(const char *path, struct err *err)
{
    err_sys(err, errno, path, "cannot open the lock '%s'", path);
    return err_hint(err, "make the build directory writable for you, or use one of your own");
}

/* `pgo clean` may remove the file, and another run make it anew, while we wait for it. */
static int lock_open(struct lock *lock, const char *path, bool wait, struct err *err)
{
    for (;;) {
        int rc = 0, fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (fd < 0)
            return errno == ENOENT ? 1 : lock_refused(path, err);
        if (flock(fd, LOCK_EX | LOCK_NB) != 0)
            rc = errno == EWOULDBLOCK ? lock_wait(fd, path, wait, err)
                                      : err_sys(err, errno, path, "cannot lock '%s'", path);
        if (rc == 0 && lock_is_current(fd, path)) {
            lock->fd = fd;
            return 0;
        }
        close(fd);
        if (rc != 0)
            return -1;
    }
}

int lock_take(struct lock *lock, const char *path, const char *command, bool wait, struct err *err)
{
    int rc = lock_open(lock, path, wait, err);
    if (rc != 0)
        return rc;
    char *who = str_fmt("process %ld (pgo %s)", (long)getpid(), command);
    ssize_t n = ftruncate(lock->fd, 0) == 0 ? write(lock->fd, who, strlen(who)) : -1;
    free(who);
    proc_keep(lock->fd);
    /* Only a message depends on the text; a full disk is met again, and named, at the first
       file that matters. */
    (void)n;
    return 0;
}

/* The device that the system names for an open file, "254:1 …": of its mount, since what stat()
   tells may be another one for all files of one. NULL when it is not told. */
static const char *lock_device(int fd, const char *mounts)
{
    struct buf info = BUF_INIT;
    struct err ignored = ERR_INIT;
    char *path = str_fmt("/proc/self/fdinfo/%d", fd);
    fs_read(path, &info, &ignored);
    const char *id = strstr(buf_str(&info), "mnt_id:");
    char *start = id ? str_fmt("\n%ld ", strtol(id + strlen("mnt_id:"), NULL, 10)) : NULL;
    const char *line = start ? strstr(mounts, start) : NULL;
    line = line ? strchr(line + strlen(start), ' ') : NULL;
    err_release(&ignored);
    buf_release(&info);
    free(path);
    free(start);
    return line ? line + 1 : NULL;
}

/* As /proc/locks writes a file, " fe:01:1234 "; the caller frees it. */
static char *lock_file(const char *path)
{
    struct buf mounts = BUF_INIT;
    struct err ignored = ERR_INIT;
    struct stat st;
    char *end, *out = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    buf_addc(&mounts, '\n');
    const char *device =
        fd >= 0 && fstat(fd, &st) == 0 && fs_read("/proc/self/mountinfo", &mounts, &ignored) == 0
            ? lock_device(fd, buf_str(&mounts))
            : NULL;
    if (device) {
        long major = strtol(device, &end, 10);
        out = str_fmt(" %02lx:%02lx:%lu ", major, strtol(end + 1, NULL, 10),
                      (unsigned long)st.st_ino);
    }
    if (fd >= 0)
        close(fd);
    buf_release(&mounts);
    err_release(&ignored);
    return out;
}

char *lock_holder(const char *path)
{
    struct buf locks = BUF_INIT, holder = BUF_INIT;
    struct err ignored = ERR_INIT;
    bool held = false;
    char *file = lock_file(path);
    if (file && fs_read("/proc/locks", &locks, &ignored) == 0)
        for (const char *line = buf_str(&locks); line && *line && !held;) {
            size_t n = strcspn(line, "\n");
            char *one = str_ndup(line, n);
            held = strstr(one, " FLOCK ") && !strstr(one, "->") && strstr(one, file);
            line += n + (line[n] == '\n');
            free(one);
        }
    if (held && fs_read(path, &holder, &ignored) == 0 && !holder.len)
        buf_adds(&holder, "another process");
    free(file);
    buf_release(&locks);
    err_release(&ignored);
    return held ? buf_detach(&holder) : NULL;
}

void lock_release(struct lock *lock)
{
    if (lock->fd >= 0)
        close(lock->fd);
    lock->fd = -1;
    proc_keep(-1);
}
