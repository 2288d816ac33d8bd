/* The calls that come to us in place of libc's, and those of pgo.h. */

/* --- handlers --- */

WRAP int __wrap_sigaction(int sig, const struct sigaction *new, struct sigaction *old)
{
    return signal_set(registry, sig, new, old);
}

typedef void (*handler_fn)(int);

extern handler_fn __real_signal(int sig, handler_fn handler);
WRAP handler_fn __wrap_signal(int sig, handler_fn handler)
{
    struct sigaction new, old;
    int i = registry ? signal_index(sig) : -1;
    memset(&new, 0, sizeof new);
    if (i < 0)
        return __real_signal(sig, handler);
    if (handler == SIG_DFL)
        return signal_set(registry, sig, &new, &old) == 0 ? old.sa_handler : SIG_ERR;
    if (__real_sigaction(sig, NULL, &old) != 0 || __real_signal(sig, handler) == SIG_ERR)
        return SIG_ERR;
    signal_show(registry, i, &old);
    return old.sa_handler;
}

/* signal() of a program that asks libc for POSIX alone. */
extern handler_fn __real___sysv_signal(int sig, handler_fn handler);
WRAP handler_fn __wrap___sysv_signal(int sig, handler_fn handler)
{
    struct sigaction new, old;
    if (!registry)
        return __real___sysv_signal(sig, handler);
    memset(&new, 0, sizeof new);
    new.sa_handler = handler;
    new.sa_flags = (int)SA_RESETHAND | SA_NODEFER;
    return signal_set(registry, sig, &new, &old) == 0 ? old.sa_handler : SIG_ERR;
}

/* --- ends --- */

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

/* The program's handlers for it still count; then comes at_quick_exit_flush. */
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

/* --- exec; one that fails goes on counting from zero --- */

extern int __real_execve(const char *path, char *const *argv, char *const *env);
static int exec_path(const char *path, char *const *argv, char *const *env)
{
    flush_before();
    return __real_execve(path, argv, env);
}

extern int __real_execvpe(const char *file, char *const *argv, char *const *env);
static int exec_file(const char *file, char *const *argv, char *const *env)
{
    flush_before();
    return __real_execvpe(file, argv, env);
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

/* The six of libc, and those that GCC calls in their place. */
#define EXECS(prefix)                                                                              \
    WRAP int prefix##execve(const char *path, char *const *argv, char *const *env)                 \
    {                                                                                              \
        return exec_path(path, argv, env);                                                         \
    }                                                                                              \
    WRAP int prefix##execv(const char *path, char *const *argv)                                    \
    {                                                                                              \
        return exec_path(path, argv, environ);                                                     \
    }                                                                                              \
    WRAP int prefix##execvp(const char *file, char *const *argv)                                   \
    {                                                                                              \
        return exec_file(file, argv, environ);                                                     \
    }                                                                                              \
    WRAP int prefix##execl(const char *path, const char *first, ...)                               \
    {                                                                                              \
        WITH_ARGUMENTS(first, exec_path(path, argv, environ));                                     \
    }                                                                                              \
    WRAP int prefix##execlp(const char *file, const char *first, ...)                              \
    {                                                                                              \
        WITH_ARGUMENTS(first, exec_file(file, argv, environ));                                     \
    }                                                                                              \
    WRAP int prefix##execle(const char *path, const char *first, ...)                              \
    {                                                                                              \
        WITH_ARGUMENTS(first, exec_path(path, argv, va_arg(list, char **)));                       \
    }

EXECS(__wrap_)
#ifndef __clang__
EXECS(__wrap___gcov_)
#endif

WRAP int __wrap_execvpe(const char *file, char *const *argv, char *const *env)
{
    return exec_file(file, argv, env);
}

#ifndef __clang__
WRAP pid_t __wrap___gcov_fork(void)
{
    return fork();
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
    sigset_t old;
    if (registry_enter(r, &old)) {
        for (struct module *m = r->modules; m; m = m->next)
            m->reset();
        registry_leave(r, &old);
    }
    return 0;
}

/* In "snapshot/<name>" beside the raw profiles; one of the same process and name is replaced. */
HOOK int pgo_runtime_snapshot(const char *name)
{
    static struct path directory;
    struct registry *r = registry_find();
    sigset_t old;
    if (registry_enter(r, &old)) {
        directory.n = 0;
        path_add(&directory, r->raw);
        path_add(&directory, "/../snapshot/");
        path_add(&directory, name);
        for (struct module *m = r->modules; m && r->raw[0]; m = m->next)
            m->snapshot(directory.text);
        registry_leave(r, &old);
    }
    return 0;
}
