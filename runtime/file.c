/* Files by system calls only, for signal handlers: paths, buffered writing, the journal; and where
   a process finds the directory for its raw profiles. */

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

/* A file is written beside its place, and takes it when it is whole. One at a time (registry_lock).
 */
static struct {
    struct path made, place;
    int fd; /* -1: it failed */
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

/* Opens the file `out.place`; its directory is made when that is not there. */
static void out_open(void)
{
    out.made = out.place;
    path_add(&out.made, ".new");
    out.n = 0;
    out.fd = open(out.made.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (out.fd < 0 && errno == ENOENT) {
        for (char *slash = out.made.text + 1; (slash = strchr(slash, '/')); slash++) {
            *slash = '\0';
            mkdir(out.made.text, 0777);
            *slash = '/';
        }
        out.fd = open(out.made.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    }
}

static void out_fail(void)
{
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
    if (rename(out.made.text, out.place.text) != 0)
        unlink(out.made.text);
}

/* Tells `pgo exec`, in the file "processes" beside the raw profiles, that the process has started
   ("+<pid> <name>") or has written its counts ("-<pid>"). Whole lines: appended by one write. */
static void journal(const struct registry *r, char event)
{
    struct path p = {.n = 0}, line = {.n = 0};
    char mark[] = {event, '\0'};
    if (!r->journal)
        return;
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

/* Reads a small file of /proc; the length. */
static size_t proc_read(pid_t pid, const char *name, char *to, size_t size)
{
    struct path p = {.n = 0};
    path_add(&p, "/proc/");
    path_add_number(&p, (uint64_t)pid, 10, 1);
    path_add(&p, name);
    int fd = open(p.text, O_RDONLY | O_CLOEXEC);
    size_t n = 0;
    ssize_t k;
    while (fd >= 0 && n + 1 < size && (k = read(fd, to + n, size - 1 - n)) > 0)
        n += (size_t)k;
    if (fd >= 0)
        close(fd);
    to[n] = '\0';
    return n;
}

static pid_t proc_parent(pid_t pid)
{
    char text[1024];
    proc_read(pid, "/stat", text, sizeof text);
    const char *name_end = strrchr(text, ')'); /* "123 (name) S parent …" */
    return name_end && strlen(name_end) > 4 ? (pid_t)strtol(name_end + 4, NULL, 10) : 0;
}

static bool raw_is(struct registry *r, const char *value)
{
    size_t n = strlen(value);
    if (!n || n >= sizeof r->raw)
        return false;
    memcpy(r->raw, value, n + 1);
    return true;
}

/* PGO_RAW of our environment; when that was cleared, of the nearest ancestor that has it, which is
   `pgo exec` at last. A program that is run by hand writes where its flags say. */
static void raw_find(struct registry *r)
{
    static const char name[] = "PGO_RAW=";
    static char text[262144];
    const char *own = getenv("PGO_RAW");
    r->journal = own && raw_is(r, own);
    pid_t pid = r->journal ? 0 : getppid();
    for (int up = 0; pid > 1 && up < 64 && !r->journal; up++, pid = proc_parent(pid)) {
        size_t n = proc_read(pid, "/environ", text, sizeof text);
        for (const char *at = text; at < text + n && !r->journal; at += strlen(at) + 1)
            if (strncmp(at, name, sizeof name - 1) == 0)
                r->journal = raw_is(r, at + sizeof name - 1);
    }
    if (!r->journal)
        raw_is(r, PGO_RUNTIME_RAW);
}
