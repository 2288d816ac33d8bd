#include "stray.h"

#include "buf.h"
#include "fs.h"
#include "proc.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STRAY_LIMIT 5.0         /* seconds in which a killed process is gone */
#define STRAY_AGAIN 10000000    /* ns */
#define STRAY_ENVIRON (1 << 20) /* bytes of an environment that are looked at */

/* Whether /proc/PID/<name> is a link to something below `dir`; one that is not ours cannot be read.
 */
static bool stray_links(const char *pid, const char *name, const char *dir)
{
    char target[PATH_MAX], *path = str_fmt("/proc/%s/%s", pid, name);
    ssize_t n = readlink(path, target, sizeof(target) - 1);
    target[n > 0 ? n : 0] = '\0';
    free(path);
    return path_below(target, dir) != NULL;
}

/* Root sees all programs, also those of a user who runs one by hand. */
static bool stray_runs(const char *pid, const char *programs)
{
    struct stat st;
    char *path = str_fmt("/proc/%s", pid);
    bool own = programs && stat(path, &st) == 0 && st.st_uid == geteuid();
    free(path);
    return own && stray_links(pid, "exe", programs);
}

/* Whether the variable PGO_RAW of a process is below `dir`. */
static bool stray_writes(const char *pid, const char *dir, char *text)
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

static bool stray_is(const char *pid, const char *dir, const char *programs, char *text)
{
    return stray_writes(pid, dir, text) || stray_links(pid, "fd/1", dir) ||
           stray_links(pid, "fd/2", dir) || stray_runs(pid, programs);
}

static long stray_kill(const char *dir, const char *programs, char *text)
{
    struct vec names = VEC_INIT;
    struct err ignored = ERR_INIT;
    long found = 0, pid;
    fs_list("/proc", &names, &ignored);
    for (size_t i = 0; i < names.n; i++)
        if (str_long(names.v[i], 2, INT32_MAX, &pid) && pid != getpid() &&
            stray_is(names.v[i], dir, programs, text) && kill((pid_t)pid, SIGKILL) == 0)
            found++;
    vec_release(&names);
    err_release(&ignored);
    return found;
}

long stray_end(const char *dir, const char *programs)
{
    char *text = mem_alloc(STRAY_ENVIRON + 1);
    double until = proc_now() + STRAY_LIMIT;
    long first = stray_kill(dir, programs, text), left = first;
    while (left && proc_now() < until) { /* they may have forked meanwhile */
        nanosleep(&(struct timespec){0, STRAY_AGAIN}, NULL);
        left = stray_kill(dir, programs, text);
    }
    free(text);
    return first;
}
