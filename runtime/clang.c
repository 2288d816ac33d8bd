/* Clang's counters. A process writes a raw profile of its own for each module, by the writer of
   compiler-rt (InstrProfilingInternal.h; tried with LLVM 14 and 19), which allocates nothing and
   takes no lock; the file is ours. */

typedef struct {
    const void *data; /* NULL: zeros */
    size_t size, n;
    int zero_padding;
} ProfDataIOVec;

typedef struct ProfDataWriter {
    uint32_t (*write)(struct ProfDataWriter *self, ProfDataIOVec *pieces, uint32_t n);
    void *context;
} ProfDataWriter;

extern int lprofWriteData(ProfDataWriter *writer, void *values, int skip_names);
extern void *lprofGetVPDataReader(void);
extern uint64_t lprofGetLoadModuleSignature(void);
extern void lprofSetupValueProfiler(void);
extern void __llvm_profile_reset_counters(void);
extern char *__llvm_profile_begin_counters(void), *__llvm_profile_end_counters(void);

/* Having it, the linker leaves out what compiler-rt does at start and at exit. */
HOOK int __llvm_profile_runtime;

static uint32_t counts_piece(ProfDataWriter *self, ProfDataIOVec *pieces, uint32_t n)
{
    static const char zeros[64];
    (void)self;
    for (uint32_t i = 0; i < n; i++) {
        size_t left = pieces[i].size * pieces[i].n;
        bool ok = !pieces[i].data || out_write(pieces[i].data, left);
        while (ok && !pieces[i].data && left) {
            size_t part = left < sizeof zeros ? left : sizeof zeros;
            ok = out_write(zeros, part);
            left -= part;
        }
        if (!ok)
            return 1;
    }
    return 0;
}

/* <directory>/<signature of the module>_<process>.profraw */
static void counts_file(const char *directory, uint64_t time)
{
    ProfDataWriter writer = {counts_piece, NULL};
    static struct path name;
    name.n = 0;
    path_add_number(&name, lprofGetLoadModuleSignature(), 16, 16);
    path_add(&name, "_");
    path_add_process(&name, time);
    path_add(&name, ".profraw");
    out_open(directory, name.text, name.text);
    if (lprofWriteData(&writer, lprofGetVPDataReader(), 0) != 0 && out.fd >= 0)
        out_fail();
    out_close();
}

static bool counts_any(void)
{
    bool any = __llvm_profile_begin_counters() != __llvm_profile_end_counters();
    if (any)
        lprofSetupValueProfiler();
    return any;
}

static void counts_write(enum how how)
{
    (void)how;
    counts_file(registry->raw, now());
}

static void counts_reset(void)
{
    __llvm_profile_reset_counters();
}

static void counts_end(bool write)
{
    if (write)
        counts_write(BY_SYSCALLS);
}

static void counts_snapshot(const char *directory)
{
    counts_file(directory, registry->started);
}

/* A project that writes its profile itself. */
WRAP int __wrap___llvm_profile_write_file(void)
{
    flush(BY_LIBRARY);
    return registry && registry->failed ? -1 : 0;
}

WRAP int __wrap___llvm_profile_dump(void)
{
    return __wrap___llvm_profile_write_file();
}
