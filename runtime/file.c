/* Files by system calls only, for signal handlers, and with little on the stack: paths, buffered
   writing, the journal. Whoever calls this has the registry, or is alone. */

/* The time in ns: with a process id, no two files have the same. */
static uint64_t now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

struct path {
    char text[8192];
    size_t n;
};

static void path_add(struct path *p, const char *text)
{
    while (*text && p->n + 1 < sizeof p->text)
        p->text[p->n++] = *text++;
    p->text[p->n] = '\0';
}

/* At least `digits` long. */
static void path_add_number(struct path *p, uint64_t value, unsigned base, int digits)
{
    char text[32], *at = text + sizeof text;
    *--at = '\0';
    do {
        *--at = "0123456789abcdef"[value % base];
        value /= base;
    } while (value || text + sizeof text - 1 - at < digits);
    path_add(p, at);
}

/* <pid>.<time>: the process, or what it writes now. */
static void path_add_process(struct path *p, uint64_t time)
{
    path_add_number(p, (uint64_t)getpid(), 10, 1);
    path_add(p, ".");
    path_add_number(p, time, 16, 1);
}

/* A file is written beside its place, and takes it when it is whole. */
static struct {
    struct path made, place;
    int fd; /* -1: none is open */
    size_t n;
    char buffer[65536];
} out;

static bool file_write(int fd, const char *data, size_t n)
{
    while (n) {
        ssize_t k = write(fd, data, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return false;
        data += k;
        n -= (size_t)k;
    }
    return true;
}

/* Makes the directory of out.made and the one above that, where they are missing; not more: after a
   chroot the path is another one. */
static void out_directory(void)
{
    char *last = strrchr(out.made.text, '/'), *above = last;
    while (above > out.made.text && *--above != '/')
        ;
    *above = *last = '\0';
    *above = '/';
    if (mkdir(out.made.text, 0777) != 0 && errno == ENOENT) {
        *above = '\0';
        mkdir(out.made.text, 0777);
        *above = '/';
        mkdir(out.made.text, 0777);
    }
    *last = '/';
}

/* Opens the file <directory>/<name>; `short_name` is that of the one beside it. */
static void out_open(const char *directory, const char *short_name, const char *name)
{
    static const int how = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
    out.n = out.made.n = out.place.n = 0;
    path_add(&out.place, directory);
    path_add(&out.place, "/");
    out.made = out.place;
    path_add(&out.place, name);
    path_add(&out.made, short_name);
    path_add(&out.made, ".new");
    out.fd = open(out.made.text, how, 0666);
    if (out.fd < 0 && errno == ENOENT) {
        out_directory();
        out.fd = open(out.made.text, how, 0666);
    }
    registry->failed |= out.fd < 0;
}

static void out_fail(void)
{
    registry->failed = true;
    close(out.fd);
    unlink(out.made.text);
    out.fd = -1;
}

static bool out_write(const void *data, size_t n)
{
    if (out.fd < 0)
        return false;
    if (out.n + n > sizeof out.buffer) {
        if (!file_write(out.fd, out.buffer, out.n)) {
            out_fail();
            return false;
        }
        out.n = 0;
    }
    if (n > sizeof out.buffer) {
        if (file_write(out.fd, data, n))
            return true;
        out_fail();
        return false;
    }
    memcpy(out.buffer + out.n, data, n);
    out.n += n;
    return true;
}

static void out_close(void)
{
    if (out.fd < 0)
        return;
    if (!file_write(out.fd, out.buffer, out.n)) {
        out_fail();
        return;
    }
    close(out.fd);
    out.fd = -1;
    if (rename(out.made.text, out.place.text) != 0) {
        registry->failed = true;
        unlink(out.made.text);
    }
}

/* Tells `pgo exec`, in the file "processes" beside the raw profiles, that the process has started
   ("+<pid> <name>") or has written its counts ("-<pid>"). Whole lines: appended by one write. */
static void journal(const struct registry *r, char event)
{
    static struct path p, line;
    char mark[] = {event, '\0'};
    if (!r->journal || !r->raw[0])
        return;
    p.n = line.n = 0;
    path_add(&p, r->raw);
    path_add(&p, "/../processes");
    path_add(&line, mark);
    path_add_number(&line, (uint64_t)r->pid, 10, 1);
    if (event == '+') {
        path_add(&line, " ");
        path_add(&line, program_invocation_short_name);
        for (char *c = line.text; (c = strchr(c, '\n'));)
            *c = '?';
    }
    path_add(&line, "\n");
    int fd = open(p.text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd >= 0) {
        file_write(fd, line.text, line.n);
        close(fd);
    }
}
