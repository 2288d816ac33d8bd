#include "err.h"

#include "buf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

void err_release(struct err *e)
{
    free(e->msg);
    free(e->hint);
    free(e->detail);
    free(e->log);
    *e = (struct err)ERR_INIT;
}

static int err_vset(struct err *e, int status, const char *fmt, va_list ap)
{
    struct buf b = BUF_INIT;
    buf_vaddf(&b, fmt, ap);
    err_release(e);
    e->msg = buf_detach(&b);
    e->status = status;
    return -1;
}

int err_set(struct err *e, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    err_vset(e, PGO_FAILED, fmt, ap);
    va_end(ap);
    return -1;
}

int err_status(struct err *e, int status, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    err_vset(e, status, fmt, ap);
    va_end(ap);
    return -1;
}

int err_sys(struct err *e, int num, const char *path, const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_vaddf(&b, fmt, ap);
    va_end(ap);
    buf_addf(&b, ": %s", strerror(num));
    struct statvfs fs;
    if ((num == ENOSPC || num == EDQUOT) && path && statvfs(path, &fs) == 0)
        buf_addf(&b, " (%llu bytes free)",
                 (unsigned long long)fs.f_bavail * (unsigned long long)fs.f_frsize);
    err_release(e);
    e->msg = buf_detach(&b);
    e->status = PGO_FAILED;
    return -1;
}

int err_hint(struct err *e, const char *fmt, ...)
{
    struct buf b = BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    buf_vaddf(&b, fmt, ap);
    va_end(ap);
    free(e->hint);
    e->hint = buf_detach(&b);
    return -1;
}
