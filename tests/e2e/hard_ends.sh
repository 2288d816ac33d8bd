# Ends that are harder: handlers by POSIX's signal() and for one time, small stacks, forks and signals while
# the profile is written, limits, a project's own wraps. What the plain program does, the instrumented one does.
. "$(dirname "$0")/../lib.sh"
mkdir -p src
cat >src/hard.c <<'END'
#define _GNU_SOURCE
#include <pgo.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
void posix_signal(const char *how);
__attribute__((noinline)) static void hot(int n)
{
    static volatile int sum;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 10; k++)
            sum += i & k;
}
static void again(int sig) { raise(sig); }
static void leaves(int sig) { (void)sig; _exit(3); }
static void counts(void) { hot(100); }
static void *allocates(void *arg) { for (;;) free(malloc(1000)); return arg; }
static void *flushes(void *arg) { for (;;) { pgo_flush(); usleep(10); } return arg; }
static void *resets(void *arg) { for (;;) pgo_reset(); return arg; }
static void *snaps(void *arg) { for (;;) pgo_snapshot("often"); return arg; }
static void *forks(void *arg)
{
    int status = 9;
    pid_t pid = fork();
    if (!pid)
        _exit(0);
    return waitpid(pid, &status, 0) == pid && !status ? NULL : arg;
}
static void *dies(void *arg) { raise(SIGTERM); return arg; }

static int in_small_thread(void *(*what)(void *))
{
    pthread_attr_t attr;
    pthread_t thread;
    void *failed = "";
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 16384);
    if (pthread_create(&thread, &attr, what, "") != 0)
        return 8;
    pthread_join(thread, &failed);
    return failed ? 9 : 0;
}

static void with_action(int sig, void (*handler)(int), int flags)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigaction(sig, &action, NULL);
}

/* Four threads do that, and a signal comes meanwhile. */
static int beset(void *(*what)(void *))
{
    pthread_t thread;
    for (int i = 0; i < 4; i++)
        pthread_create(&thread, NULL, what, "");
    usleep(20000);
    return kill(getpid(), SIGTERM) + pause();
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    static char stack[8192];
    struct rlimit none = {0, RLIM_INFINITY};
    pthread_t thread;
    struct sigaction seen;
    hot(1000);
    if (strncmp(how, "posix", 5) == 0) posix_signal(how);
    if (strcmp(how, "once") == 0) { with_action(SIGTERM, again, SA_RESETHAND); raise(SIGTERM); }
    if (strcmp(how, "once-seen") == 0) {
        with_action(SIGTERM, again, (int)SA_RESETHAND | SA_NODEFER);
        sigaction(SIGTERM, NULL, &seen);
        return seen.sa_handler != again || !(seen.sa_flags & (int)SA_RESETHAND) || seen.sa_flags & SA_SIGINFO;
    }
    if (strcmp(how, "nested") == 0) { with_action(SIGTERM, leaves, SA_NODEFER); return beset(allocates); }
    if (strcmp(how, "resets") == 0) return beset(resets);
    if (strcmp(how, "snaps") == 0) return beset(snaps);
    if (strcmp(how, "small-fork") == 0) return in_small_thread(forks);
    if (strcmp(how, "small-term") == 0) return in_small_thread(dies);
    if (strcmp(how, "small-handler") == 0) {
        stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
        sigaltstack(&alternate, NULL);
        with_action(SIGSEGV, leaves, SA_ONSTACK);
        *(volatile int *)8 = 1;
    }
    if (strcmp(how, "fork-flush") == 0) {
        pthread_create(&thread, NULL, flushes, NULL);
        for (int i = 0; i < 300; i++)
            if (forks("")) return 9;
        return 0;
    }
    if (strcmp(how, "at-quick-exit") == 0) { at_quick_exit(counts); quick_exit(0); }
    if (strcmp(how, "no-files") == 0) { setrlimit(RLIMIT_FSIZE, &none); _exit(0); }
    if (strcmp(how, "mocked") == 0) { execv("/bin/true", argv); return 9; }
    return 0;
}
END
cat >src/posix.c <<'END'
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
void posix_signal(const char *how);
static void handled(int sig) { (void)sig; }
static void again(int sig) { raise(sig); }
void posix_signal(const char *how)
{
    if (strcmp(how, "posix-again") == 0) { signal(SIGTERM, again); raise(SIGTERM); }
    if (strcmp(how, "posix-second") == 0) { signal(SIGTERM, handled); raise(SIGTERM); raise(SIGTERM); }
    if (strcmp(how, "posix-seen") == 0) exit(signal(SIGTERM, handled) != SIG_DFL || signal(SIGTERM, SIG_DFL) != handled);
}
END
# The project's own wrap, as tests have them: only what it wraps comes to it.
cat >src/mock.c <<'END'
int __real_execve(const char *, char *const *, char *const *);
int __wrap_execve(const char *path, char *const *argv, char *const *env);
int __wrap_execve(const char *path, char *const *argv, char *const *env) { (void)path, (void)argv, (void)env; return 7; }
END
start src hard
target src program hard "hard.c posix.c mock.c"
module src
in_cmake src <<'END'
set_property(TARGET hard PROPERTY C_EXTENSIONS OFF)
target_link_options(hard PRIVATE -Wl,--wrap=execve)
target_link_libraries(hard pthread PGO::pgo)
END
[ "$SYSTEM" = cmake ] || more src hard \
    "link_args: '-Wl,--wrap=execve', dependencies: [dependency('threads'), dependency('pgo', fallback: 'pgo')]"

# Its exit status, and the least calls of hot() in the profile, 0 where that is not known.
cat >cases <<'END'
posix-again 143 1000
posix-second 143 1000
posix-seen 0 1000
once 143 1000
once-seen 0 1000
nested 3 1000
resets 143 0
snaps 143 1000
small-fork 0 1000
small-term 143 1000
small-handler 3 1000
fork-flush 0 1000
at-quick-exit 0 1100
mocked 0 1000
END
while read -r case wanted _; do
    # shellcheck disable=SC2016
    training src "$case" -- sh -c 'for i in $3; do timeout -k 1 20 "$0" "$1"; got=$?; test $got = $2 || { echo "status $got"; exit 1; }; done' \
        "{build}/hard" "$case" "$wanted" 1
done <cases
configure src build
run 0 goal build
run 0 "$PGO" -C build train
! grep warning: err | grep -v 'all counts are 0 of: resets;' || fail "a warning" # it may have been the last call
while read -r case _ calls; do
    run 0 "$PGO" merge --raw "build/pgo/train/$case/raw" --output "merged/$case" --compiler "$CC"
    [ "$calls" = 0 ] || has out "highest count $((calls * 10)),"
done <cases

# Nothing can be written: the program does not notice, and it is not told as written.
for program in build/hard build/pgo/instrument/hard; do
    mkdir -p none/raw
    PGO_RAW="$work/none/raw" GCOV_PREFIX="$work/none/raw" GCOV_PREFIX_STRIP=99 run 0 "$program" no-files
done
has none/processes "+"
hasnt none/processes "-"
