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
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define HOOK __attribute__((visibility("hidden"), used))
/* A project that wraps the same function for itself, for its tests perhaps, keeps it; but one in a
   static library is not looked for when ours is there. */
#define WRAP __attribute__((visibility("hidden"), used, weak))
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGALRM, SIGXCPU, SIGABRT};
enum { SIGNALS = COUNT(signals) };

enum how {
    BY_LIBRARY, /* the compiler's own writer may be called, which takes locks and allocates */
    BY_SYSCALLS
};

struct module {
    struct module *next;
    void (*write)(enum how how);
    void (*reset)(void);
    void (*snapshot)(const char *directory);
    void (*handler)(int sig);                              /* on_signal */
    void (*once)(int sig, siginfo_t *info, void *context); /* on_once */
};

struct registry {
    struct module *modules; /* those with counters */
    pid_t pid;              /* of the process whose counts these are */
    uid_t user;             /* at its start */
    int owner;              /* the thread that has the lock, 0: none */
    int depth;              /* how often */
    bool failed;            /* something could not be written */
    bool nests;             /* the program has a handler during which its signal is not blocked */
    bool journal;           /* `raw` is a training's own: events are told beside it */
    uint64_t started;       /* ns; with the pid it names the process */
    struct sigaction once[SIGNALS]; /* handlers of the program's that the kernel would use once */
    char raw[4096];                 /* where raw profiles go; "" for nowhere */
};

static struct registry *registry; /* NULL: not known, or this module is done */

static void flush(enum how how);
static bool registry_enter(struct registry *r, sigset_t *old);
static void registry_leave(struct registry *r, const sigset_t *old);

#include "file.c"
#include "place.c"
#ifdef __clang__
#include "clang.c"
#else
#include "gcc.c"
#endif

static void on_signal(int sig);
static void on_once(int sig, siginfo_t *info, void *context);

static struct module module = {NULL,      counts_write, counts_reset, counts_snapshot,
                               on_signal, on_once};

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

static void signals_block(sigset_t *old)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, old);
}

/* A write beyond the process's limit of file sizes is not the program's: it does not die of it. */
static void signals_restore(const sigset_t *old)
{
    static const struct timespec none;
    sigset_t limit;
    sigemptyset(&limit);
    sigaddset(&limit, SIGXFSZ);
    if (sigismember(old, SIGXFSZ) == 0)
        sigtimedwait(&limit, NULL, &none);
    pthread_sigmask(SIG_SETMASK, old, NULL);
}

/* Takes the registry, of this process, with all signals blocked: no handler finds it taken by its
   own thread. False when another thread does not leave it for seconds. */
static bool registry_enter(struct registry *r, sigset_t *old)
{
    int me = (int)syscall(SYS_gettid), none = 0;
    if (!r || r->pid != getpid())
        return false;
    signals_block(old);
    for (int ms = 0; __atomic_load_n(&r->owner, __ATOMIC_RELAXED) != me &&
                     !__atomic_compare_exchange_n(&r->owner, &none, me, false, __ATOMIC_ACQUIRE,
                                                  __ATOMIC_RELAXED);
         ms++, none = 0) {
        if (ms == 5000 || (poll(NULL, 0, 1) < 0 && errno != EINTR)) {
            signals_restore(old);
            return false;
        }
    }
    r->depth++;
    return true;
}

static void registry_leave(struct registry *r, const sigset_t *old)
{
    if (--r->depth == 0)
        __atomic_store_n(&r->owner, 0, __ATOMIC_RELEASE);
    signals_restore(old);
}

/* Writes what all modules have counted, which then count from zero. */
static void flush(enum how how)
{
    struct registry *r = registry_find();
    int saved = errno;
    sigset_t old;
    if (registry_enter(r, &old)) {
        r->failed = false;
        for (struct module *m = r->modules; m && r->raw[0]; m = m->next)
            m->write(how);
        for (struct module *m = r->modules; m && r->raw[0]; m = m->next)
            m->reset();
        if (r->modules && !r->failed)
            journal(r, '-');
        registry_leave(r, &old);
    }
    errno = saved;
}

/* For calls that a signal handler may make: some signal is blocked then, unless it asked for none.
 */
static void flush_before(void)
{
    struct registry *r = registry_find();
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    flush(r && !r->nests && sigisemptyset(&blocked) ? BY_LIBRARY : BY_SYSCALLS);
}

#include "signals.c"

/* --- the life of a module --- */

/* Of the thread that forks: it has the registry meanwhile, and its mask was this. */
static __thread bool fork_entered;
static __thread sigset_t fork_mask;

static void before_fork(void)
{
    fork_entered = registry_enter(registry, &fork_mask);
}

static void after_fork(void)
{
    if (fork_entered)
        registry_leave(registry, &fork_mask);
    fork_entered = false;
}

/* What the parent had counted is the parent's. When another thread did not leave the registry, this
   child is left out. */
static void in_fork_child(void)
{
    struct registry *r = registry;
    if (!r)
        return;
    if (!fork_entered)
        r->raw[0] = '\0';
    if (r->pid != getpid()) {
        r->pid = getpid();
        r->started = now();
        r->owner = fork_entered ? (int)syscall(SYS_gettid) : 0;
        r->depth = fork_entered ? r->depth : 0;
        journal(r, '+');
    }
    if (fork_entered)
        counts_reset();
    after_fork();
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

/* Of the program itself: the first of these handlers runs last. */
static void at_quick_exit_flush(void)
{
    flush_before();
}

static bool module_is_program(void)
{
    extern const ElfW(Ehdr) __ehdr_start __attribute__((weak, visibility("hidden")));
    uintptr_t start = (uintptr_t)&__ehdr_start;
    return start && getauxval(AT_PHDR) == start + __ehdr_start.e_phoff;
}

static void module_join(void)
{
    pgo_runtime_descriptor.registry = registry;
    module.next = registry->modules;
    registry->modules = &module;
    pthread_atfork(before_fork, after_fork, in_fork_child);
    if (module_is_program())
        (void)at_quick_exit(at_quick_exit_flush);
}

/* Behind the compiler's own constructors (priority 100), before all others. */
__attribute__((constructor(101))) static void module_start(void)
{
    sigset_t old;
    struct registry *r = registry_find();
    if (!counts_any()) {
        registry = r; /* for the calls that come to us: a library has counters */
    } else if (!r) {
        signals_block(&old); /* a signal finds nothing half done */
        registry = registry_new();
        if (registry) {
            module_join();
            signals_watch();
        }
        signals_restore(&old);
    } else if (registry_enter(r, &old)) {
        registry = r;
        module_join();
        registry_leave(r, &old);
    }
}

/* Behind all other destructors, before those of the compiler. */
__attribute__((destructor(101))) static void module_end(void)
{
    struct registry *r = registry;
    sigset_t old;
    bool entered = pgo_runtime_descriptor.registry && registry_enter(r, &old);
    if (entered)
        r->failed = false;
    counts_end(entered && r->raw[0]);
    if (!entered)
        return;
    for (struct module **m = &r->modules; *m; m = &(*m)->next) {
        if (*m == &module) {
            *m = module.next;
            break;
        }
    }
    if (!r->modules && !r->failed)
        journal(r, '-');
    signals_hand_over();
    registry = NULL;
    pgo_runtime_descriptor.registry = NULL;
    registry_leave(r, &old);
}

#include "calls.c"
