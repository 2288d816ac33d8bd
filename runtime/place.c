/* Where a process finds the directory for its raw profiles. */

/* Reads a small file of /proc; the length. */
static size_t proc_read(pid_t pid, const char *name, char *to, size_t size)
{
    static struct path p;
    p.n = 0;
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

static bool raw_set(struct registry *r, const char *value)
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
    static char text[1 << 21];
    const char *own = secure_getenv("PGO_RAW");
    r->journal = own && raw_set(r, own);
    pid_t pid = r->journal ? 0 : getppid();
    for (int up = 0; pid > 1 && up < 64 && !r->journal; up++, pid = proc_parent(pid)) {
        size_t n = proc_read(pid, "/environ", text, sizeof text);
        for (const char *at = text; at < text + n && !r->journal; at += strlen(at) + 1)
            if (strncmp(at, name, sizeof name - 1) == 0)
                r->journal = raw_set(r, at + sizeof name - 1);
    }
    if (!r->journal)
        raw_set(r, PGO_RUNTIME_RAW);
}
