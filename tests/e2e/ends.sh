# However a process ends, its profile is there, and each call is counted once: signals, _exit, fork, exec,
# plugins, threads; in dynamic and in static programs, and in a plugin of a program without counters.
. "$(dirname "$0")/../lib.sh"
mkdir -p src
cat >src/hot.c <<'END'
#include "hot.h"
/* Its inner block is the hottest of all: ten counts a call. */
void hot(int n)
{
    static volatile int sum;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 10; k++)
            sum += i & k;
}
END
echo 'void hot(int n);' >src/hot.h
cat >src/plugin.c <<'END'
#define hot plug
#include "hot.c"
END
cat >src/cases.c <<'END'
#define _GNU_SOURCE
#include "hot.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t caught;
static void catches(int sig) { caught = sig; }
static void leaves(int sig) { (void)sig; _exit(0); }
static void again(int sig) { signal(sig, SIG_DFL); raise(sig); }
static void *works(void *arg) { hot(100); for (;;) free(malloc(100)); return arg; }
static void dies(int sig) { kill(getpid(), sig); for (;;) pause(); }
static pid_t child(void) { fflush(stdout); return fork(); }

static void with_fork(const char *how, char **self)
{
    int many = strcmp(how, "fork-200") == 0 ? 200 : 1;
    for (int i = 0; i < many; i++) {
        if (child())
            continue;
        hot(10);
        if (strcmp(how, "fork-_exit") == 0) _exit(0);
        if (strcmp(how, "fork-term") == 0) dies(SIGTERM);
        if (strcmp(how, "fork-exec") == 0) execl(self[0], self[0], "return", (char *)NULL);
        if (strcmp(how, "fork-twice") == 0) {
            if (!child()) { hot(10); _exit(0); }
            wait(NULL);
        }
        if (strcmp(how, "fork-setsid") == 0) setsid();
        exit(0);
    }
    while (wait(NULL) > 0)
        ;
    hot(100);
}

static int with_exec(const char *how, char **self)
{
    char *args[] = {self[0], "return", NULL}, *none[] = {NULL};
    if (strcmp(how, "execl") == 0) execl(self[0], self[0], "return", (char *)NULL);
    if (strcmp(how, "execle") == 0) execle(self[0], self[0], "return", (char *)NULL, environ);
    if (strcmp(how, "execlp") == 0) execlp(self[0], self[0], "return", (char *)NULL);
    if (strcmp(how, "execv") == 0) execv(self[0], args);
    if (strcmp(how, "execve") == 0) execve(self[0], args, environ);
    if (strcmp(how, "execve-env") == 0) execve(self[0], args, none);
    if (strcmp(how, "execvp") == 0) execvp(self[0], args);
    if (strcmp(how, "execvpe") == 0) execvpe(self[0], args, environ);
    if (strcmp(how, "fexecve") == 0) fexecve(open(self[0], O_RDONLY), args, environ);
    if (strcmp(how, "exec-fails") == 0) execl("/nowhere", "nowhere", (char *)NULL);
    hot(100);
    return 0;
}

static int with_vfork(const char *how)
{
    char *args[] = {"true", NULL};
    pid_t pid;
    if (strcmp(how, "vfork-exec") == 0 && !vfork()) { execv("/bin/true", args); _exit(1); }
    if (strcmp(how, "vfork-_exit") == 0 && !vfork()) _exit(0);
    if (strcmp(how, "vfork-fails") == 0 && !vfork()) { execv("/nowhere", args); _exit(1); }
    if (strcmp(how, "spawn") == 0) posix_spawn(&pid, "/bin/true", NULL, NULL, args, environ);
    if (strcmp(how, "spawn-fails") == 0) posix_spawn(&pid, "/nowhere", NULL, NULL, args, environ);
    if (strcmp(how, "system") == 0 && system("true") != 0) abort();
    while (wait(NULL) > 0)
        ;
    hot(100);
    return 0;
}

#ifdef WITH_PLUGIN
static int with_plugin(const char *how, const char *path)
{
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void (*plug)(int) = module ? (void (*)(int))dlsym(module, "plug") : NULL;
    if (!plug)
        return 9;
    plug(2000);
    if (strcmp(how, "plugin-close") == 0) dlclose(module);
    if (strcmp(how, "plugin-term") == 0) dies(SIGTERM);
    if (strcmp(how, "plugin-close-term") == 0) { dlclose(module); dies(SIGTERM); }
    if (strcmp(how, "plugin-_exit") == 0) _exit(0);
    return 0;
}
#endif

static int with_signal(const char *how)
{
    struct sigaction old;
    sigset_t blocked;
    if (strcmp(how, "own") == 0) { signal(SIGTERM, catches); raise(SIGTERM); return caught != SIGTERM; }
    if (strcmp(how, "own-_exit") == 0) { signal(SIGTERM, leaves); raise(SIGTERM); }
    if (strcmp(how, "own-again") == 0) { signal(SIGTERM, again); raise(SIGTERM); }
    if (strcmp(how, "ignored") == 0) { signal(SIGTERM, SIG_IGN); raise(SIGTERM); return 0; }
    if (strcmp(how, "restored") == 0) { signal(SIGTERM, catches); signal(SIGTERM, SIG_DFL); raise(SIGTERM); }
    if (strcmp(how, "seen") == 0) /* what it finds is the default */
        return sigaction(SIGTERM, NULL, &old) != 0 || old.sa_handler != SIG_DFL || old.sa_flags ||
               signal(SIGINT, catches) != SIG_DFL;
    if (strcmp(how, "blocked") == 0) {
        sigfillset(&blocked);
        sigprocmask(SIG_BLOCK, &blocked, NULL);
        raise(SIGTERM);
        hot(100);
        sigprocmask(SIG_UNBLOCK, &blocked, NULL);
    }
    return 1;
}

void late(void);
int main(int argc, char **argv)
{
    static const struct { const char *name; int sig; } signals[] = {
        {"TERM", SIGTERM}, {"INT", SIGINT}, {"HUP", SIGHUP}, {"QUIT", SIGQUIT},
        {"PIPE", SIGPIPE}, {"ALRM", SIGALRM}, {"XCPU", SIGXCPU}, {"KILL", SIGKILL}};
    const char *how = argc > 1 ? argv[1] : "return";
    pthread_t thread;
    hot(1000);
    late();
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (strcmp(how, signals[i].name) == 0) dies(signals[i].sig);
    if (strcmp(how, "return") == 0) return 0;
    if (strcmp(how, "exit") == 0) exit(0);
    if (strcmp(how, "_exit") == 0) _exit(0);
    if (strcmp(how, "_Exit") == 0) _Exit(0);
    if (strcmp(how, "quick_exit") == 0) quick_exit(0);
    if (strcmp(how, "abort") == 0) abort();
    if (strcmp(how, "no-environment") == 0) { clearenv(); return 0; }
    if (strcmp(how, "no-files") == 0) { for (int i = 0; i < 1024; i++) close(i); return 0; }
    if (strcmp(how, "elsewhere") == 0) return chdir("/");
    if (strcmp(how, "daemon") == 0) { if (daemon(1, 1) != 0) return 8; hot(10); return 0; }
    if (strcmp(how, "threads-TERM") == 0) {
        for (int i = 0; i < 4; i++)
            pthread_create(&thread, NULL, works, NULL);
        usleep(200000);
        dies(SIGTERM);
    }
    if (strncmp(how, "fork", 4) == 0) { with_fork(how, argv); return 0; }
    if (strncmp(how, "exec", 4) == 0 || strcmp(how, "fexecve") == 0) return with_exec(how, argv);
    if (strncmp(how, "vfork", 5) == 0 || strncmp(how, "s", 1) == 0) {
        if (strcmp(how, "seen") != 0) return with_vfork(how);
    }
#ifdef WITH_PLUGIN
    if (strncmp(how, "plugin", 6) == 0) return with_plugin(how, argv[2]);
#endif
    return with_signal(how);
}
END
cat >src/host.c <<'END'
#include <dlfcn.h>
#include <stdio.h>
int main(int argc, char **argv)
{
    void *module = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
    void (*plug)(int) = module ? (void (*)(int))dlsym(module, "plug") : NULL;
    if (!plug)
        return fprintf(stderr, "%s\n", dlerror());
    plug(2000);
    return argc > 2 ? dlclose(module) : 0;
}
END
# Its destructor, which runs behind those of the program, forks.
cat >src/late.c <<'END'
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
void late(void);
void late(void) {}
__attribute__((destructor)) static void at_last(void)
{
    int status = 0;
    if (!getenv("LATE"))
        return;
    pid_t pid = fork();
    if (!pid)
        _exit(0);
    if (waitpid(pid, &status, 0) != pid || status)
        _exit(9);
}
END
# A program without counters on a library that has some: its calls are seen all the same.
cat >src/shell.c <<'END'
#include "hot.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>
static void catches(int sig) { (void)sig; }
int main(int argc, char **argv)
{
    char *args[] = {"true", NULL};
    hot(1000);
    signal(SIGTERM, catches);
    signal(SIGTERM, SIG_DFL);
    if (argc > 1 && strcmp(argv[1], "_exit") == 0)
        _exit(0);
    if (argc > 1 && strcmp(argv[1], "exec") == 0)
        execv("/bin/true", args);
    return raise(SIGTERM);
}
END
start src ends
target src shared work hot.c
target src shared late late.c
target src static hotlib hot.c
target src module plug plugin.c
target src program cases cases.c hotlib late
target src program shell shell.c work
target src program cases_static "cases.c late.c" hotlib
target src program host host.c
in_cmake src <<'END'
target_compile_definitions(cases PRIVATE WITH_PLUGIN)
target_link_options(cases_static PRIVATE -static-pie)
target_link_libraries(cases pthread dl)
target_link_libraries(cases_static pthread)
END
if [ "$SYSTEM" = meson ]; then
    more src cases "c_args: '-DWITH_PLUGIN', dependencies: dependency('threads')"
    more src cases_static "link_args: '-static', dependencies: dependency('threads')"
fi
exclude src host shell

# Calls of hot() that a case makes, and its exit status as a shell has it.
cat >cases <<'END'
return 1000 0
exit 1000 0
_exit 1000 0
_Exit 1000 0
quick_exit 1000 0
TERM 1000 143
INT 1000 130
HUP 1000 129
QUIT 1000 131
PIPE 1000 141
ALRM 1000 142
XCPU 1000 152
abort 1000 134
own 1000 0
own-_exit 1000 0
own-again 1000 143
ignored 1000 0
restored 1000 143
seen 1000 0
blocked 1100 143
threads-TERM 1400 143
fork 1110 0
fork-_exit 1110 0
fork-term 1110 0
fork-exec 2110 0
fork-twice 1120 0
fork-setsid 1110 0
fork-200 3100 0
vfork-exec 1100 0
vfork-_exit 1100 0
vfork-fails 1100 0
spawn 1100 0
spawn-fails 1100 0
system 1100 0
execl 2000 0
execle 2000 0
execlp 2000 0
execv 2000 0
execve 2000 0
execve-env 2000 0
execvp 2000 0
execvpe 2000 0
fexecve 2000 0
exec-fails 1100 0
no-environment 1000 0
no-files 1000 0
elsewhere 1000 0
END
plugins='plugin-close plugin-term plugin-close-term plugin-_exit'
status() {
    case $1 in
    *-term) echo 143 ;;
    *) echo 0 ;;
    esac
}
while read -r case _ wanted; do
    for program in cases cases_static; do
        # shellcheck disable=SC2016
        training src "$program.$case" -- sh -c '"$0" "$1"; got=$?; test $got = $2 || { echo "status $got"; exit 1; }' \
            "{build}/$program" "$case" "$wanted"
    done
done <cases
for case in $plugins; do
    # shellcheck disable=SC2016
    training src "cases.$case" -- sh -c '"$0" "$1" "$2"; test $? = $3' \
        "{build}/cases" "$case" "{build}/libplug.so" "$(status "$case")"
done
# The daemon is given time: what is left of a training is ended.
training src cases.daemon -- sh -c '"$0" daemon && sleep 0.5' "{build}/cases"
# A program without counters: its plugin writes at the end, or when it is unloaded.
training src host.exit -- sh -c '"$0" "$1"' "{build}/host" "{build}/libplug.so"
training src host.close -- sh -c '"$0" "$1" close' "{build}/host" "{build}/libplug.so"
training src late -- sh -c 'LATE=1 "$0" return' "{build}/cases"
training src shell.TERM -- sh -c '"$0"; test $? = 143' "{build}/shell"
training src shell._exit -- sh -c '"$0" _exit' "{build}/shell"
training src shell.exec -- sh -c '"$0" exec' "{build}/shell"
training src env-i -- env -i "{build}/cases" fork

configure src build
run 0 "$PGO" -C build train

# counted TRAINING CALLS [MORE]: of hot() in the program, or the plugin when it is called more often there.
counted() {
    run 0 "$PGO" merge --raw "build/pgo/train/$1/raw" --output "merged/$1" --compiler "$CC"
    has out "highest count $(($2 * 10)),"
    if [ -f "build/pgo/train/$1/processes" ]; then
        sort "build/pgo/train/$1/processes" | sed 's/ .*//' | cut -c 2- | sort | uniq -c | grep -q ' 1 ' &&
            fail "$1: a process wrote nothing"
    fi
    :
}
while read -r case calls _; do
    counted "cases.$case" "$calls"
    counted "cases_static.$case" "$calls"
done <cases
for case in $plugins; do
    counted "cases.$case" 2000 # the plugin's
done
counted cases.daemon 1010
counted host.exit 2000
counted host.close 2000
counted env-i 1110
counted late 1000
for case in TERM _exit exec; do
    counted "shell.$case" 1000
done
