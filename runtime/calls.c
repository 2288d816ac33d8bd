/* The calls that come to us in place of libc's, and those of pgo.h. */

WRAP int __wrap_sigaction(int sig, const struct sigaction *new, struct sigaction *old)
{
    struct sigaction watch;
    bool watched = registry && signal_is_watched(sig);
    if (watched && new &&new->sa_handler == SIG_DFL) {
        signal_watch(&watch);
        new = &watch;
    }
    int rc = __real_sigaction(sig, new, old);
    if (watched && rc == 0 && old && signal_is_ours(old->sa_handler)) {
        memset(old, 0, sizeof *old);
        old->sa_handler = SIG_DFL;
    }
    return rc;
}

typedef void (*handler_fn)(int);
extern handler_fn __real_signal(int sig, handler_fn handler);
WRAP handler_fn __wrap_signal(int sig, handler_fn handler)
{
    struct sigaction watch, old;
    if (handler != SIG_DFL || !registry || !signal_is_watched(sig)) {
        handler_fn before = __real_signal(sig, handler);
        return signal_is_ours(before) ? SIG_DFL : before;
    }
    signal_watch(&watch);
    if (__real_sigaction(sig, &watch, &old) != 0)
        return SIG_ERR;
    return signal_is_ours(old.sa_handler) ? SIG_DFL : old.sa_handler;
}

extern void __real__exit(int status) __attribute__((noreturn));
WRAP __attribute__((noreturn)) void __wrap__exit(int status)
{
    flush_before();
    __real__exit(status);
}

WRAP __attribute__((noreturn)) void __wrap__Exit(int status)
{
    flush_before();
    __real__exit(status);
}

extern void __real_quick_exit(int status) __attribute__((noreturn));
WRAP __attribute__((noreturn)) void __wrap_quick_exit(int status)
{
    flush_before();
    __real_quick_exit(status);
}

extern int __real_daemon(int keep_directory, int keep_files);
WRAP int __wrap_daemon(int keep_directory, int keep_files)
{
    flush_before();
    return __real_daemon(keep_directory, keep_files);
}

/* An exec that fails goes on counting from zero. */
extern int __real_execve(const char *path, char *const *argv, char *const *env);
WRAP int __wrap_execve(const char *path, char *const *argv, char *const *env)
{
    flush_before();
    return __real_execve(path, argv, env);
}

WRAP int __wrap_execv(const char *path, char *const *argv)
{
    return __wrap_execve(path, argv, environ);
}

extern int __real_execvpe(const char *file, char *const *argv, char *const *env);
WRAP int __wrap_execvpe(const char *file, char *const *argv, char *const *env)
{
    flush_before();
    return __real_execvpe(file, argv, env);
}

WRAP int __wrap_execvp(const char *file, char *const *argv)
{
    return __wrap_execvpe(file, argv, environ);
}

extern int __real_fexecve(int fd, char *const *argv, char *const *env);
WRAP int __wrap_fexecve(int fd, char *const *argv, char *const *env)
{
    flush_before();
    return __real_fexecve(fd, argv, env);
}

/* Runs `call` with the arguments that follow `first` in `argv`, and the list behind their NULL. */
#define WITH_ARGUMENTS(first, call)                                                                \
    va_list list;                                                                                  \
    size_t n = 1;                                                                                  \
    va_start(list, first);                                                                         \
    while (va_arg(list, char *))                                                                   \
        n++;                                                                                       \
    va_end(list);                                                                                  \
    char *argv[n + 1];                                                                             \
    argv[0] = (char *)(uintptr_t)(first);                                                          \
    va_start(list, first);                                                                         \
    for (size_t i = 1; i <= n; i++)                                                                \
        argv[i] = va_arg(list, char *);                                                            \
    int rc = call;                                                                                 \
    va_end(list);                                                                                  \
    return rc

WRAP int __wrap_execl(const char *path, const char *first, ...)
{
    WITH_ARGUMENTS(first, __wrap_execve(path, argv, environ));
}

WRAP int __wrap_execlp(const char *file, const char *first, ...)
{
    WITH_ARGUMENTS(first, __wrap_execvpe(file, argv, environ));
}

WRAP int __wrap_execle(const char *path, const char *first, ...)
{
    WITH_ARGUMENTS(first, __wrap_execve(path, argv, va_arg(list, char **)));
}

#ifdef __clang__
/* A project that writes its profile itself. */
WRAP int __wrap___llvm_profile_write_file(void)
{
    flush(BY_LIBRARY);
    return 0;
}

WRAP int __wrap___llvm_profile_dump(void)
{
    flush(BY_LIBRARY);
    return 0;
}
#else
WRAP void __wrap___gcov_dump(void)
{
    flush(BY_LIBRARY);
}

WRAP void __wrap___gcov_reset(void)
{
    __real___gcov_reset();
}

/* GCC calls these in the place of libc's. */
WRAP pid_t __wrap___gcov_fork(void)
{
    return fork();
}

WRAP int __wrap___gcov_execve(const char *path, char *const *argv, char *const *env)
{
    return __wrap_execve(path, argv, env);
}

WRAP int __wrap___gcov_execv(const char *path, char *const *argv)
{
    return __wrap_execve(path, argv, environ);
}

WRAP int __wrap___gcov_execvp(const char *file, char *const *argv)
{
    return __wrap_execvpe(file, argv, environ);
}

WRAP int __wrap___gcov_execl(const char *path, const char *first, ...)
{
    WITH_ARGUMENTS(first, __wrap_execve(path, argv, environ));
}

WRAP int __wrap___gcov_execlp(const char *file, const char *first, ...)
{
    WITH_ARGUMENTS(first, __wrap_execvpe(file, argv, environ));
}

WRAP int __wrap___gcov_execle(const char *path, const char *first, ...)
{
    WITH_ARGUMENTS(first, __wrap_execve(path, argv, va_arg(list, char **)));
}
#endif

/* --- pgo.h --- */

HOOK int pgo_runtime_flush(void)
{
    flush(BY_LIBRARY);
    return 0;
}

HOOK int pgo_runtime_reset(void)
{
    struct registry *r = registry_find();
    for (struct module *m = r ? r->modules : NULL; m; m = m->next)
        m->reset();
    return 0;
}

/* In "snapshot/<name>" beside the raw profiles; one of the same process and name is replaced. */
HOOK int pgo_runtime_snapshot(const char *name)
{
    struct registry *r = registry_find();
    static struct path directory;
    if (!r || r->pid != getpid() || !r->raw[0] || !registry_lock(r))
        return -1;
    directory.n = 0;
    path_add(&directory, r->raw);
    path_add(&directory, "/../snapshot/");
    path_add(&directory, name);
    for (struct module *m = r->modules; m; m = m->next)
        m->snapshot(directory.text);
    registry_unlock(r);
    return 0;
}
