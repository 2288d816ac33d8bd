#include "stray.h"

#include "buf.h"
#include "fs.h"
#include "proc.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STRAY_LIMIT 5.0         /* seconds in which a killed process is gone */
#define STRAY_AGAIN 10000000    /* ns */
#define STRAY_ENVIRON (1 << 20) /* bytes of an environment that are looked at */

/* Whether the variable PGO_RAW of a process is below `dir`. */
static bool stray_is(const char *pid, const char *dir, char *text)
{
    static const char name[] = "PGO_RAW=";
    char *path = str_fmt("/proc/%s/environ", pid);
    size_t n = fs_head(path, text, STRAY_ENVIRON);
    bool is = false;
    text[n] = '\0';
    for (const char *at = text; at < text + n && !is; at += strlen(at) + 1)
        is = str_starts(at, name) && path_below(at + strlen(name), dir);
    free(path);
    return is;
}

static long stray_kill(const char *dir, char *text)
{
    struct vec names = VEC_INIT;
    struct err ignored = ERR_INIT;
    long found = 0, pid;
    fs_list("/proc", &names, &ignored);
    for (size_t i = 0; i < names.n; i++)
        if (str_long(names.v[i], 2, INT32_MAX, &pid) && pid != getpid() &&
            stray_is(names.v[i], dir, text) && kill((pid_t)pid, SIGKILL) == 0)
            found++;
    vec_release(&names);
    err_release(&ignored);
    return found;
}

long stray_end(const char *dir)
{
    char *text = mem_alloc(STRAY_ENVIRON + 1);
    double until = proc_now() + STRAY_LIMIT;
    long first = stray_kill(dir, text), left = first;
    while (left && proc_now() < until) { /* they may have forked meanwhile */
        nanosleep(&(struct timespec){0, STRAY_AGAIN}, NULL);
        left = stray_kill(dir, text);
    }
    free(text);
    return first;
}
