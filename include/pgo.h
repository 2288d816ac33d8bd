/* For programs that want a say in their profile. In programs that pgo instruments these call pgo's
   runtime; everywhere else, in the plain build and the optimized one, they leave no instruction.

     pgo_flush()         adds what was counted so far to the profile, and counts from zero. Programs
                         need it only where they are killed by SIGKILL or end by a system call of
   their own: exit, _exit, exec, fork and other signals are seen to. pgo_reset()         forgets
   what was counted so far, such as the start-up of a server. pgo_snapshot(name)  writes what was
   counted so far as a profile of its own, into <build>/pgo/train/<training>/snapshot/<name>, and
   goes on counting; one that this process wrote under that name before is replaced. `name` becomes
   the name of a directory. Merge it by: pgo merge --raw <that directory> --output FILE
     pgo_enabled()       1 in an instrumented program, else 0; a constant.

   Where pgo's runtime is not linked in (a stage that is configured by hand, a compiler that it does
   not fit) pgo_flush and pgo_reset call the compiler's own, and there are no snapshots.

   They reach all instrumented modules of the process. While other threads run instrumented code,
   counts that these make meanwhile may be lost (pgo_flush, pgo_reset) or be in part in a snapshot:
   for exact ones the program must be quiescent. Not for signal handlers.

   A function with `if (pgo_enabled())` has other code in the optimized build than in the
   instrumented one, and may not find its profile for that: let it be a small one. */
#ifndef PGO_H
#define PGO_H

#ifdef PGO_INSTRUMENTED

#ifdef __cplusplus
extern "C" {
#endif
/* By no name of a shared library's: each module has the runtime itself. */
__attribute__((visibility("hidden"), nothrow)) int pgo_runtime_flush(void);
__attribute__((visibility("hidden"), nothrow)) int pgo_runtime_reset(void);
__attribute__((visibility("hidden"), nothrow)) int pgo_runtime_snapshot(const char *name);
#ifdef __cplusplus
}
#endif

#define pgo_flush() ((void)pgo_runtime_flush())
#define pgo_reset() ((void)pgo_runtime_reset())
#define pgo_snapshot(name) ((void)pgo_runtime_snapshot(name))
#define pgo_enabled() 1

#else

/* To the compiler, an empty assembler statement is as a call is: the function's control flow, by
   which it finds its profile, is the same in the two stages. */
static __inline__ __attribute__((always_inline)) void pgo_nothing(void)
{
    __asm__ volatile("");
}

#ifdef PGO_INSTRUMENTED_PLAIN /* without pgo's runtime: by hand, or where it does not fit */

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __clang__
extern int __llvm_profile_write_file(void);
extern void __llvm_profile_reset_counters(void);
#else
extern void __gcov_dump(void);
extern void __gcov_reset(void);
#endif
#ifdef __cplusplus
}
#endif

static __attribute__((noinline, unused, nothrow, no_profile_instrument_function)) void
pgo_by_compiler(int flush)
{
#ifdef __clang__
    if (flush)
        __llvm_profile_write_file();
    __llvm_profile_reset_counters();
#else
    if (flush)
        __gcov_dump();
    __gcov_reset();
#endif
}

#define pgo_flush() pgo_by_compiler(1)
#define pgo_reset() pgo_by_compiler(0)
#define pgo_snapshot(name) pgo_nothing()
#define pgo_enabled() 1

#else

#define pgo_flush() pgo_nothing()
#define pgo_reset() pgo_nothing()
#define pgo_snapshot(name) pgo_nothing()
#define pgo_enabled() 0

#endif
#endif
#endif
