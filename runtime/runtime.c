/* What pgo links into each instrumented program, shared library and plugin: it sees to it that a
   process leaves its profile however it ends, and that no call is counted twice.

   One copy is in each module (program or library). Copies of one process find each other by an ELF
   note and share a registry. Counts are written
     at exit and at dlclose, by a destructor behind all of the program's own;
     before _exit, quick_exit, daemon and exec*, which the linker turns to us (--wrap);
     in a signal that would end the process and has no handler of the program's own: by system calls
     only, since the signal may have come inside of malloc; the process then dies of that signal.
   A fork child counts from zero. A vfork child shares our memory, and is known by its process id.

   It is compiled without instrumentation, by the project's compiler, as one file, so that of its
   names only __wrap_* and pgo_runtime_* are seen by the linker, and those by no other module. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define HOOK __attribute__((visibility("hidden"), used))
/* A project that wraps the same function for itself, for its tests perhaps, keeps it. */
#define WRAP __attribute__((visibility("hidden"), used, weak))
#define COUNT(array) (sizeof(array) / sizeof *(array))

enum how {
    BY_LIBRARY, /* the compiler's own writer may be called, which takes locks */
    BY_SYSCALLS
};

struct module {
    struct module *next;
    void (*write)(enum how how);
    void (*reset)(void);
    void (*snapshot)(const char *directory);
    void (*handler)(int sig);
};

struct registry {
    struct module *modules; /* those with counters */
    pid_t pid;              /* of the process whose counts these are */
    uid_t user;             /* at its start */
    int busy;               /* somebody writes */
    bool journal;           /* `raw` is a training's own: events are told beside it */
    uint64_t started;       /* ns; with the pid it names the process */
    char raw[4096];         /* where raw profiles go; "" for nowhere */
};

static struct registry *registry;

#include "file.c"
#ifdef __clang__
#include "clang.c"
#else
#include "gcc.c"
#endif

static void on_signal(int sig);

static struct module module = {NULL, counts_write, counts_reset, counts_snapshot, on_signal};

/* --- the registry --- */

#define NOTE_TYPE 0x5047

/* Leads from a module's note to the registry; the note holds the distance to it. */
struct descriptor {
    char magic[8];
    struct registry *registry;
};
__attribute__((visibility("hidden"), used)) struct descriptor pgo_runtime_descriptor = {"pgo-r1",
                                                                                        NULL};
__asm__(".pushsection .note.pgo,\"a\",%note\n"
        ".balign 4\n.long 4\n.long 4\n.long 0x5047\n.asciz \"pgo\"\n"
        "1: .long pgo_runtime_descriptor - 1b\n"
        ".popsection\n");

static struct registry *registry_in_notes(const char *at, const char *end, size_t align)
{
    while (at + sizeof(ElfW(Nhdr)) <= end) {
        const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
        const char *name = at + sizeof *note;
        const char *value = at + ((sizeof *note + note->n_namesz + align - 1) & ~(align - 1));
        if (note->n_type == NOTE_TYPE && note->n_namesz == 4 && memcmp(name, "pgo", 4) == 0) {
            const struct descriptor *d = (const void *)(value + *(const int32_t *)value);
            if (memcmp(d->magic, pgo_runtime_descriptor.magic, sizeof d->magic) == 0 && d->registry)
                return d->registry;
        }
        at = value + ((note->n_descsz + align - 1) & ~(align - 1));
    }
    return NULL;
}

static int registry_visit(struct dl_phdr_info *info, size_t size, void *result)
{
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        if (h->p_type != PT_NOTE)
            continue;
        const char *start = (const char *)info->dlpi_addr + h->p_vaddr;
        struct registry *found =
            registry_in_notes(start, start + h->p_memsz, h->p_align == 8 ? 8 : 4);
        if (found) {
            *(struct registry **)result = found;
            return 1;
        }
    }
    return 0;
}

/* That of this process, if there is one. */
static struct registry *registry_find(void)
{
    struct registry *found = NULL;
    if (!registry)
        dl_iterate_phdr(registry_visit, &found);
    return registry ? registry : found;
}

/* False when somebody else goes on writing for seconds. */
static bool registry_lock(struct registry *r)
{
    for (int ms = 0; __atomic_exchange_n(&r->busy, 1, __ATOMIC_ACQUIRE); ms++)
        if (ms == 5000 || (poll(NULL, 0, 1) < 0 && errno != EINTR))
            return false;
    return true;
}

static void registry_unlock(struct registry *r)
{
    __atomic_store_n(&r->busy, 0, __ATOMIC_RELEASE);
}

static void signals_block(sigset_t *old)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, old);
}

/* Writes what all modules have counted, which then count from zero. */
static void flush(enum how how)
{
    struct registry *r = registry_find();
    int saved = errno;
    sigset_t old;
    if (!r || r->pid != getpid())
        return;
    signals_block(&old);
    if (registry_lock(r)) {
        for (struct module *m = r->modules; m && r->raw[0]; m = m->next)
            m->write(how);
        for (struct module *m = r->modules; m; m = m->next)
            m->reset();
        if (r->modules)
            journal(r, '-');
        registry_unlock(r);
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    errno = saved;
}

/* For calls that a signal handler may make: some signal is blocked then. */
static void flush_before(void)
{
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    flush(sigisemptyset(&blocked) ? BY_LIBRARY : BY_SYSCALLS);
}

/* --- signals --- */

static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGALRM, SIGXCPU, SIGABRT};

extern int __real_sigaction(int sig, const struct sigaction *new, struct sigaction *old);

static bool signal_is_watched(int sig)
{
    for (size_t i = 0; i < COUNT(signals); i++)
        if (signals[i] == sig)
            return true;
    return false;
}

static void on_signal(int sig)
{
    static const unsigned long by_default[32]; /* struct sigaction as the kernel has it */
    sigset_t one;
    flush(BY_SYSCALLS);
    syscall(SYS_rt_sigaction, sig, by_default, NULL, _NSIG / 8);
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), sig);
    sigemptyset(&one);
    sigaddset(&one, sig);
    pthread_sigmask(SIG_UNBLOCK, &one, NULL);
}

static void signal_watch(struct sigaction *action)
{
    memset(action, 0, sizeof *action);
    action->sa_handler = on_signal;
    sigfillset(&action->sa_mask);
}

/* Whether it is the handler of a module of ours. */
static bool signal_is_ours(void (*handler)(int))
{
    for (struct module *m = registry ? registry->modules : NULL; m; m = m->next)
        if (m->handler == handler)
            return true;
    return handler == on_signal;
}

static void signals_watch(void)
{
    struct sigaction now, watch;
    signal_watch(&watch);
    for (size_t i = 0; i < COUNT(signals); i++)
        if (__real_sigaction(signals[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
            __real_sigaction(signals[i], &watch, NULL);
}

/* This module goes: another one's handler takes over. */
static void signals_hand_over(void)
{
    struct sigaction now;
    for (size_t i = 0; i < COUNT(signals); i++) {
        if (__real_sigaction(signals[i], NULL, &now) != 0 || now.sa_handler != on_signal)
            continue;
        now.sa_handler = registry->modules ? registry->modules->handler : SIG_DFL;
        __real_sigaction(signals[i], &now, NULL);
    }
}

/* --- the life of a module --- */

static void in_fork_child(void)
{
    if (!registry)
        return;
    bool half = registry->busy;
    if (registry->pid != getpid()) {
        registry->pid = getpid();
        registry->busy = 0;
        registry->started = now();
        journal(registry, '+');
    }
    counts_reset_in_child(half);
}

static struct registry *registry_new(void)
{
    struct registry *r =
        mmap(NULL, sizeof *r, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (r == MAP_FAILED)
        return NULL;
    r->pid = getpid();
    r->user = geteuid();
    r->started = now();
    raw_find(r);
    journal(r, '+');
    return r;
}

/* Behind the compiler's own constructors (priority 100), before all others. */
__attribute__((constructor(101))) static void module_start(void)
{
    sigset_t old;
    struct registry *r = registry_find();
    if (!counts_any()) {
        registry = r; /* for the calls that come to us: a library has counters */
        return;
    }
    signals_block(&old); /* a signal finds nothing half done */
    registry = r ? r : registry_new();
    if (registry) {
        pgo_runtime_descriptor.registry = registry;
        module.next = registry->modules;
        registry->modules = &module;
        pthread_atfork(NULL, NULL, in_fork_child);
    }
    if (registry && !r)
        signals_watch();
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

/* Behind all other destructors, before those of the compiler. */
__attribute__((destructor(101))) static void module_end(void)
{
    sigset_t old;
    if (!pgo_runtime_descriptor.registry)
        return;
    signals_block(&old);
    bool ours = registry->pid == getpid() && registry_lock(registry);
    counts_end(ours && registry->raw[0]);
    if (ours)
        registry_unlock(registry);
    for (struct module **m = &registry->modules; *m; m = &(*m)->next) {
        if (*m == &module) {
            *m = module.next;
            break;
        }
    }
    if (!registry->modules && registry->pid == getpid())
        journal(registry, '-');
    signals_hand_over();
    registry = NULL;
    pgo_runtime_descriptor.registry = NULL;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

#include "calls.c"
