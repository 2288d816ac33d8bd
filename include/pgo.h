/* For programs that want a say in their profile. Both functions may be called anywhere, by one
   thread while no other counts; outside an instrumented build each is a test of an address.

     pgo_flush()   adds what was counted so far to the profile, and counts from zero. For a program
                   that ends by _exit() or is killed: nothing else writes its profile.
     pgo_reset()   forgets what was counted so far, such as the start-up of a server.

   They reach the program or library that calls them, not others of the same process. The names are
   those of the compilers' own profile runtimes (libgcov, compiler-rt); where they are not linked in
   they have no address. */
#ifndef PGO_H
#define PGO_H

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __clang__
extern int __llvm_profile_write_file(void) __attribute__((weak));
extern void __llvm_profile_reset_counters(void) __attribute__((weak));
#else
extern void __gcov_dump(void) __attribute__((weak));
extern void __gcov_reset(void) __attribute__((weak));
#endif

static inline void pgo_reset(void)
{
#ifdef __clang__
    if (__llvm_profile_reset_counters)
        __llvm_profile_reset_counters();
#else
    if (__gcov_reset)
        __gcov_reset();
#endif
}

static inline void pgo_flush(void)
{
#ifdef __clang__
    if (__llvm_profile_write_file)
        __llvm_profile_write_file();
#else
    if (__gcov_dump)
        __gcov_dump();
#endif
    pgo_reset();
}

#ifdef __cplusplus
}
#endif

#endif
