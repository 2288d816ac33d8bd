/* The machine and the environment. What is missing here stops nothing. */
#include "counter.h"
#include "doctor.h"
#include "fs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOCTOR_PARANOID "/proc/sys/kernel/perf_event_paranoid"
#define DOCTOR_PARANOID_MOST 2 /* above it nobody but root may count anything */

/* Variables that would send profiles elsewhere, or change what is compiled; the first ones are not
   passed on. */
void doctor_environment(struct doctor *d, struct finding *f)
{
    static const char *const dropped[] = {"LLVM_PROFILE_FILE", "GCOV_PREFIX", "GCOV_PREFIX_STRIP"};
    static const char *const kept[] = {"CCACHE_PREFIX", "CCACHE_RECACHE", "COMPILER_PATH",
                                       "GCC_EXEC_PREFIX", "LD_PRELOAD"};
    struct vec off = VEC_INIT, on = VEC_INIT;
    (void)d;
    for (size_t i = 0; i < PGO_COUNT(dropped); i++)
        if (getenv(dropped[i]))
            vec_add(&off, dropped[i]);
    for (size_t i = 0; i < PGO_COUNT(kept); i++)
        if (getenv(kept[i]))
            vec_add(&on, kept[i]);
    char *passed_by = vec_join(&off, ", "), *in_use = vec_join(&on, ", ");
    if (on.n)
        doctor_say(f, DOCTOR_NOTE, "unset it when the compiler is not what you expect",
                   "%s reaches the compiler and what it builds%s%s", in_use,
                   off.n ? "; pgo takes away " : "", off.n ? passed_by : "");
    else if (off.n)
        doctor_say(f, DOCTOR_NOTE, NULL, "pgo takes away %s: profiles are written where it looks",
                   passed_by);
    else
        doctor_say(f, DOCTOR_OK, NULL, "nothing that redirects compilers or profiles");
    free(passed_by);
    free(in_use);
    vec_release(&off);
    vec_release(&on);
}

void doctor_cpus(struct doctor *d, struct finding *f)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    (void)d;
    if (cpus > 1)
        doctor_say(f, DOCTOR_OK, NULL, "%ld", cpus);
    else
        doctor_say(f, DOCTOR_NOTE, NULL,
                   "one: what else runs takes its time from 'pgo compare', which then needs more "
                   "runs for the same answer");
}

static void doctor_counted(struct finding *f, int fd, const char *yes, const char *no)
{
    int failed = errno;
    if (fd >= 0)
        doctor_say(f, DOCTOR_OK, NULL, "%s", yes);
    else if (failed == EACCES || failed == EPERM)
        doctor_say(f, DOCTOR_NOTE, "sysctl kernel.perf_event_paranoid=2", "%s: not permitted", no);
    else if (failed == ENOENT || failed == EOPNOTSUPP)
        doctor_say(f, DOCTOR_NOTE, NULL,
                   "%s: the machine has no counters for it, as most virtual ones", no);
    else
        doctor_say(f, DOCTOR_NOTE, NULL, "%s: %s", no, strerror(failed));
    if (fd >= 0)
        close(fd);
}

void doctor_counters(struct doctor *d, struct finding *f)
{
    (void)d;
    errno = ENOSYS;
    doctor_counted(f, counter_open(), "instructions can be counted",
                   "instructions cannot be counted");
}

void doctor_branches(struct doctor *d, struct finding *f)
{
    (void)d;
    errno = ENOSYS;
    doctor_counted(f, counter_branches(), "the processor records branches",
                   "branches cannot be recorded");
}

void doctor_perf(struct doctor *d, struct finding *f)
{
    struct buf b = BUF_INIT;
    struct err ignored = ERR_INIT;
    char *perf = fs_find_program("perf");
    long level = -1;
    (void)d;
    if (fs_read(DOCTOR_PARANOID, &b, &ignored) == 0) {
        char *text = str_ndup(b.p, strcspn(b.p, "\n"));
        str_long(text, -1, 10, &level);
        free(text);
    }
    if (!perf)
        doctor_say(f, DOCTOR_NOTE, "apt install linux-perf (Ubuntu: linux-tools-generic)",
                   "the program 'perf' is not there; pgo works without");
    else if (level > DOCTOR_PARANOID_MOST)
        doctor_say(f, DOCTOR_NOTE, "sysctl kernel.perf_event_paranoid=2",
                   "%s, but " DOCTOR_PARANOID " is %ld", perf, level);
    else
        doctor_say(f, DOCTOR_OK, NULL, "%s; " DOCTOR_PARANOID " is %ld", perf, level);
    free(perf);
    buf_release(&b);
    err_release(&ignored);
}

void doctor_bolt(struct doctor *d, struct finding *f)
{
    struct vec places = VEC_INIT;
    char *found = fs_find_program("llvm-bolt");
    const char *version = d->tree.compiler.version ? d->tree.compiler.version : "";
    vec_addf(&places, "/usr/lib/llvm-%.*s/bin/llvm-bolt", (int)strcspn(version, "."), version);
    for (int newest = 30; newest > 14; newest--)
        vec_addf(&places, "/usr/lib/llvm-%d/bin/llvm-bolt", newest);
    for (size_t i = 0; i < places.n && !found; i++)
        found = fs_find_program(places.v[i]);
    if (found)
        doctor_say(f, DOCTOR_OK, NULL, "%s", found);
    else
        doctor_say(f, DOCTOR_NOTE, "apt install bolt-19",
                   "the program 'llvm-bolt' is not there; pgo works without");
    vec_release(&places);
    free(found);
}
