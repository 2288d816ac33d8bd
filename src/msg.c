#include "msg.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum msg_level msg_current = MSG_NORMAL;

void msg_level(enum msg_level level)
{
    msg_current = level;
}

bool msg_is_verbose(void)
{
    return msg_current == MSG_VERBOSE;
}

bool msg_on_terminal(void)
{
    return msg_current == MSG_NORMAL && isatty(STDERR_FILENO);
}

static void msg_print(const char *kind, const char *fmt, va_list ap)
{
    fflush(stdout);
    fputs(kind, stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
}

#define MSG_BODY(minimum, kind)                                                                    \
    do {                                                                                           \
        va_list ap;                                                                                \
        if (msg_current < (minimum))                                                               \
            return;                                                                                \
        va_start(ap, fmt);                                                                         \
        msg_print((kind), fmt, ap);                                                                \
        va_end(ap);                                                                                \
    } while (0)

void msg_note(const char *fmt, ...)
{
    MSG_BODY(MSG_NORMAL, "pgo: ");
}

void msg_verbose(const char *fmt, ...)
{
    MSG_BODY(MSG_VERBOSE, "pgo: ");
}

void msg_warn(const char *fmt, ...)
{
    MSG_BODY(MSG_QUIET, "pgo: warning: ");
}

int msg_error(const struct err *err)
{
    fflush(stdout);
    fprintf(stderr, "pgo: error: %s\n", err->msg ? err->msg : "unknown");
    if (err->detail) {
        const char *line = err->detail;
        while (*line) {
            size_t n = strcspn(line, "\n");
            fprintf(stderr, "    %.*s\n", (int)n, line);
            line += n + (line[n] == '\n');
        }
    }
    if (err->log)
        fprintf(stderr, "  log: %s\n", err->log);
    if (err->hint)
        fprintf(stderr, "  hint: %s\n", err->hint);
    return err->status ? err->status : PGO_FAILED;
}

int msg_flush(struct err *err)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return err_sys(err, errno ? errno : EIO, NULL, "cannot write to standard output");
    return 0;
}
