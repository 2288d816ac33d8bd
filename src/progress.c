#include "progress.h"

#include "fs.h"
#include "msg.h"
#include "proc.h"
#include "train_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PROGRESS_WIDTH 80

static bool progress_shown;

void progress_clear(void)
{
    if (progress_shown)
        fputs("\r\033[K", stderr);
    progress_shown = false;
}

/* " name 3/600 s" of each that runs, and what all of them wrote so far. */
static void progress_running(const struct pool_job *jobs, size_t n, struct buf *out)
{
    size_t processes = 0;
    unsigned long long bytes = 0;
    for (size_t i = 0; i < n; i++) {
        const struct train_run *r = jobs[i].arg;
        if (jobs[i].pid <= 0)
            continue;
        buf_addf(out, " %s %.0f", r->t->name, proc_now() - jobs[i].start);
        if (r->t->timeout && r->t->repeat == 1) /* the limit is that of one run */
            buf_addf(out, "/%ld", r->t->timeout);
        buf_adds(out, " s,");
        struct journal journal;
        char *raw = path_join(r->work, "raw"), *path = path_join(r->work, "processes");
        journal_read(path, &journal);
        processes += journal.seen;
        bytes += fs_tree_size(raw);
        journal_release(&journal);
        free(path);
        free(raw);
    }
    if (processes)
        buf_addf(out, " %zu processes,", processes);
    buf_addf(out, " %.1f MB", (double)bytes / 1e6);
}

static void progress_show(const struct pool_job *jobs, size_t n)
{
    struct buf b = BUF_INIT;
    struct winsize size;
    size_t ended = 0, width = PROGRESS_WIDTH;
    for (size_t i = 0; i < n; i++)
        ended += jobs[i].start > 0 && jobs[i].pid == 0;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
        width = size.ws_col;
    buf_addf(&b, "train: %zu of %zu done;", ended, n);
    progress_running(jobs, n, &b);
    progress_clear();
    fprintf(stderr, "%.*s", (int)width - 1, b.p);
    progress_shown = true;
    buf_release(&b);
}

pool_tick *progress_tick(void)
{
    return msg_on_terminal() ? progress_show : NULL;
}
