/* GCC's counters. libgcov adds them to the files of the training in place, under a lock, so that
   their number does not grow with that of processes. Where it must not be called, or could not
   write, a process writes files of its own, "<process>~<name of the file>", which the merge adds
   up. */

/* libgcc/libgcov.h; tried with GCC 12. */
struct gcov_info;
extern struct {
    struct gcov_info *list;
    unsigned dumped : 1;
    unsigned run_counted : 1;
} __gcov_root;
struct gcov_info_head { /* a gcov_info starts so */
    uint32_t version;
    struct gcov_info *next;
};
extern void __real___gcov_dump(void);
extern void __real___gcov_reset(void);
extern void __gcov_exit(void);
extern void __gcov_info_to_gcda(const struct gcov_info *info,
                                void (*file)(const char *name, void *arg),
                                void (*data)(const void *data, unsigned n, void *arg),
                                void *(*allocate)(unsigned n, void *arg), void *arg);

struct counts_to {
    const char *directory;
    uint64_t time;
    size_t allocated;
};

static void counts_open(const char *name, void *arg)
{
    static struct path own, whole;
    const struct counts_to *to = arg;
    const char *slash = strrchr(name, '/');
    own.n = 0;
    path_add_process(&own, to->time);
    whole = own;
    path_add(&whole, "~");
    path_add(&whole, slash ? slash + 1 : name);
    out_open(to->directory, own.text, whole.text);
}

static void counts_data(const void *data, unsigned n, void *arg)
{
    (void)arg;
    out_write(data, n);
}

/* Of one file, what libgcov needs while it writes it. */
static void *counts_allocate(unsigned n, void *arg)
{
    static char arena[1 << 22] __attribute__((aligned(16)));
    struct counts_to *to = arg;
    size_t at = to->allocated;
    if (n > sizeof arena - at)
        return NULL;
    to->allocated = (at + n + 15) & ~(size_t)15;
    return arena + at;
}

static void counts_files(const char *directory, uint64_t time)
{
    struct counts_to to = {directory, time, 0};
    struct gcov_info *info = __gcov_root.list;
    while (info) {
        to.allocated = 0;
        out.fd = -1;
        __gcov_info_to_gcda(info, counts_open, counts_data, counts_allocate, &to);
        out_close();
        info = ((const struct gcov_info_head *)info)->next;
    }
}

static bool counts_any(void)
{
    return __gcov_root.list != NULL;
}

/* libgcov finds its files by the environment, and they are those of the user who began. */
static bool counts_in_place(void)
{
    return getenv("GCOV_PREFIX") && geteuid() == registry->user;
}

static void counts_write(enum how how)
{
    if (how == BY_LIBRARY && counts_in_place())
        __real___gcov_dump();
    else
        counts_files(registry->raw, now());
}

static void counts_reset(void)
{
    __real___gcov_reset();
}

/* libgcov's own destructor then finds its work done. */
static void counts_end(bool write)
{
    if (write && counts_in_place())
        __gcov_exit();
    else if (write)
        counts_files(registry->raw, now());
    __gcov_root.dumped = 1;
}

static void counts_snapshot(const char *directory)
{
    counts_files(directory, registry->started);
}

WRAP void __wrap___gcov_dump(void)
{
    flush(BY_LIBRARY);
}

WRAP void __wrap___gcov_reset(void)
{
    sigset_t old;
    if (registry_enter(registry, &old)) {
        counts_reset();
        registry_leave(registry, &old);
    }
}
