/* Signals that would end the process: they are watched where the program has no handler of its own,
   which it does not see. */

extern int __real_sigaction(int sig, const struct sigaction *new, struct sigaction *old);

/* The index in `signals`, or -1. */
static int signal_index(int sig)
{
    for (int i = 0; i < SIGNALS; i++)
        if (signals[i] == sig)
            return i;
    return -1;
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
    action->sa_flags = SA_ONSTACK;
    sigfillset(&action->sa_mask);
}

/* The program's handler was to be used once (SA_RESETHAND): it is, and then the signal is watched
   again where the kernel would have restored the default. */
static void on_once(int sig, siginfo_t *info, void *context)
{
    struct sigaction watch;
    int i = signal_index(sig);
    signal_watch(&watch);
    __real_sigaction(sig, &watch, NULL);
    if (registry && i >= 0)
        registry->once[i].sa_sigaction(sig, info, context); /* one for a plain handler takes less */
}

static bool signal_is_watch(const struct registry *r, const struct sigaction *action)
{
    for (const struct module *m = r->modules; m; m = m->next)
        if (action->sa_handler == m->handler)
            return true;
    return action->sa_handler == on_signal;
}

static bool signal_is_once(const struct registry *r, const struct sigaction *action)
{
    for (const struct module *m = r->modules; m; m = m->next)
        if (action->sa_sigaction == m->once)
            return true;
    return action->sa_sigaction == on_once;
}

/* What the program is to see of what the kernel has. */
static void signal_show(const struct registry *r, int i, struct sigaction *action)
{
    if (signal_is_once(r, action)) {
        *action = r->once[i];
    } else if (signal_is_watch(r, action)) {
        memset(action, 0, sizeof *action);
        action->sa_handler = SIG_DFL;
    }
}

/* sigaction() as the program means it. */
static int signal_set(struct registry *r, int sig, const struct sigaction *new,
                      struct sigaction *old)
{
    struct sigaction ours, before;
    int i = r ? signal_index(sig) : -1;
    bool handled = new &&new->sa_handler != SIG_DFL &&new->sa_handler != SIG_IGN;
    if (r && handled && new->sa_flags &SA_NODEFER)
        r->nests = true;
    if (i < 0)
        return __real_sigaction(sig, new, old);
    if (new &&new->sa_handler == SIG_DFL) {
        signal_watch(&ours);
    } else if (handled && new->sa_flags & SA_RESETHAND) {
        ours = *new;
        ours.sa_sigaction = on_once;
        ours.sa_flags = (new->sa_flags & ~(int)SA_RESETHAND) | SA_SIGINFO;
    } else if (new) {
        ours = *new;
    }
    int rc = __real_sigaction(sig, new ? &ours : NULL, &before);
    if (rc != 0)
        return rc;
    signal_show(r, i, &before);
    if (handled && new->sa_flags & SA_RESETHAND)
        r->once[i] = *new;
    if (old)
        *old = before;
    return 0;
}

static void signals_watch(void)
{
    struct sigaction now, watch;
    signal_watch(&watch);
    for (int i = 0; i < SIGNALS; i++)
        if (__real_sigaction(signals[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
            __real_sigaction(signals[i], &watch, NULL);
}

/* This module goes: another one's handler takes over, or the kernel. */
static void signals_hand_over(void)
{
    const struct module *next = registry->modules;
    struct sigaction now;
    for (int i = 0; i < SIGNALS; i++) {
        if (__real_sigaction(signals[i], NULL, &now) != 0)
            continue;
        if (now.sa_handler == on_signal)
            now.sa_handler = next ? next->handler : SIG_DFL;
        else if (now.sa_sigaction == on_once && next)
            now.sa_sigaction = next->once;
        else if (now.sa_sigaction == on_once)
            now = registry->once[i];
        else
            continue;
        __real_sigaction(signals[i], &now, NULL);
    }
}
