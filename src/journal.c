#include "journal.h"

#include "buf.h"
#include "fs.h"

#include <stdlib.h>
#include <string.h>

/* A line is "+PID NAME" or "-PID"; a process that executes another program has several, of which
   the last one counts. One that is not whole was being written at the end. */
static void journal_line(struct map *last, const char *line)
{
    size_t n = strspn(line + 1, "0123456789");
    char *pid = str_ndup(line + 1, n);
    if (n && *line == '-' && !line[1 + n])
        map_set(last, pid, "");
    else if (n && *line == '+' && line[1 + n] == ' ')
        map_set(last, pid, line + n + 2);
    free(pid);
}

void journal_read(const char *path, struct journal *out)
{
    struct buf text = BUF_INIT;
    struct err ignored = ERR_INIT;
    struct vec lines = VEC_INIT;
    struct map last = MAP_INIT;
    memset(out, 0, sizeof(*out));
    if (fs_is_file(path) && fs_read(path, &text, &ignored) == 0) {
        out->known = text.len > 0;
        vec_split(&lines, buf_str(&text), '\n');
    }
    size_t whole = lines.n && !str_ends(buf_str(&text), "\n") ? lines.n - 1 : lines.n;
    for (size_t i = 0; i < whole; i++)
        journal_line(&last, lines.v[i]);
    out->seen = last.keys.n;
    for (size_t i = 0; i < last.keys.n; i++) {
        if (!*last.values.v[i]) {
            out->wrote++;
            continue;
        }
        vec_add(&out->pids, last.keys.v[i]);
        vec_add(&out->names, last.values.v[i]);
    }
    buf_release(&text);
    err_release(&ignored);
    vec_release(&lines);
    map_release(&last);
}

void journal_release(struct journal *j)
{
    vec_release(&j->pids);
    vec_release(&j->names);
}
