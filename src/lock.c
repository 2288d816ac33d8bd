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

char *lock_holder(const char *path)
{
    struct stat st;
    struct buf locks = BUF_INIT, holder = BUF_INIT;
    struct err ignored = ERR_INIT;
    bool held = false;
    if (stat(path, &st) == 0 && fs_read("/proc/locks", &locks, &ignored) == 0) {
        char *inode = str_fmt(":%lu ", (unsigned long)st.st_ino);
        for (const char *line = buf_str(&locks); line && *line && !held;) {
            size_t n = strcspn(line, "\n");
            char *one = str_ndup(line, n);
            held = strstr(one, " FLOCK ") && !strstr(one, "->") && strstr(one, inode);
            line += n + (line[n] == '\n');
            free(one);
        }
        free(inode);
    }
    if (held && fs_read(path, &holder, &ignored) == 0 && !holder.len)
        buf_adds(&holder, "another process");
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
