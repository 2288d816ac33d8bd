#include "bench.h"

#include "fs.h"
#include "msg.h"
#include "proc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BENCH_SHORT 0.01       /* s: what is shorter is run several times in a row, taken as one */
#define BENCH_INSIDE 1000      /* at most */
#define BENCH_ALONE 0.95       /* CPU time of wall-clock time: it did nothing but compute */
#define BENCH_PARALLEL 1.05    /* the same: several at once */
#define BENCH_LOOKS 10         /* as in STATS_TEN_LOOKS */
#define BENCH_GROWTH_LEAST 1.5 /* of the data between two looks */
#define BENCH_GROWTH_MOST 4
#define BENCH_WILD 0.1 /* a spread above this is told */

/* A block is four runs, of one side, twice of the other, and of the first again: what changes
   steadily meets both alike. Which side begins is drawn. So in two programs that are equal each
   block's ratio is as likely above 1 as below, whatever else the machine does: just what the
   interval of the median asks for (stats_rank). */
struct bench_data {
    size_t n;                 /* blocks */
    double *ratio[MEASURES];  /* of each block: the geometric mean of its two pairs */
    double *run[MEASURES][2]; /* of each run: two a block */
    double fastest[2], cpu_of_fastest[2];
};

static void bench_data_release(struct bench_data *d)
{
    for (int m = 0; m < MEASURES; m++) {
        free(d->ratio[m]);
        free(d->run[m][0]);
        free(d->run[m][1]);
    }
}

static void bench_data_grow(struct bench_data *d)
{
    for (int m = 0; m < MEASURES; m++) {
        d->ratio[m] = mem_grow(d->ratio[m], d->n + 1, sizeof(double));
        for (int side = 0; side < 2; side++)
            d->run[m][side] = mem_grow(d->run[m][side], 2 * d->n + 2, sizeof(double));
    }
}

struct bench_job {
    const struct bench *b;
    const struct training *t[2];
    struct comparison_row *row;
    bool serial; /* it runs one thing at a time */
    struct bench_data data;
};

static int bench_once(struct bench_job *j, int side, struct sample *out, struct err *err)
{
    return measure_run(&j->b->place, j->t[side], j->b->side[side],
                       j->row->inside ? j->row->inside : 1, j->row->pinned ? j->b->cpu : -1, out,
                       err);
}

/* A failure while runs are timed. */
static void bench_failed(struct bench_job *j, int side, struct sample *s)
{
    j->row->failure = str_fmt("%s in one of its runs (%s)", s->failure, j->b->side[side]);
    j->row->log = s->log;
    s->log = NULL;
}

static int bench_block(struct bench_job *j, struct err *err)
{
    struct bench_data *d = &j->data;
    int first = drand48() < 0.5, rc = 0;
    size_t seen[2] = {0, 0};
    bench_data_grow(d);
    for (int i = 0; i < 4 && rc == 0 && !j->row->failure; i++) {
        int side = first ^ (i == 1 || i == 2);
        struct sample s;
        rc = bench_once(j, side, &s, err);
        if (rc == 0 && s.failure)
            bench_failed(j, side, &s);
        for (int m = 0; m < MEASURES; m++)
            d->run[m][side][2 * d->n + seen[side]] = s.v[m];
        if (!(d->fastest[side] > 0) || s.v[MEASURE_WALL] < d->fastest[side]) {
            d->fastest[side] = s.v[MEASURE_WALL];
            d->cpu_of_fastest[side] = s.v[MEASURE_CPU];
        }
        seen[side]++;
        sample_release(&s);
    }
    for (int m = 0; m < MEASURES && rc == 0 && !j->row->failure; m++) {
        const double *x = d->run[m][0] + 2 * d->n, *y = d->run[m][1] + 2 * d->n;
        d->ratio[m][d->n] =
            x[0] * x[1] > 0 && y[0] * y[1] > 0 ? sqrt(x[0] * x[1] / y[0] / y[1]) : 1;
    }
    if (rc == 0 && !j->row->failure)
        d->n++;
    return rc;
}

/* Of a program that does nothing but compute, on a CPU at a time, wall-clock time is CPU time and
   what it waited for others. In its fastest run, others were least. */
static enum measure bench_metric(const struct bench_job *j)
{
    const struct bench_data *d = &j->data;
    bool alone = j->serial;
    for (int side = 0; side < 2; side++)
        alone = alone && d->cpu_of_fastest[side] >= BENCH_ALONE * d->fastest[side];
    return alone ? MEASURE_CPU : MEASURE_WALL;
}

static struct interval bench_look(const struct bench_job *j, double error)
{
    const struct bench_data *d = &j->data;
    double *copy = mem_alloc((d->n + 1) * sizeof(*copy));
    memcpy(copy, d->ratio[j->row->metric], d->n * sizeof(*copy));
    struct interval out = stats_interval(copy, d->n, error);
    free(copy);
    return out;
}

/* Each look at the data that may end it adds to the chance of an error, so there are few: when
   there are STATS_LEAST blocks, then when the interval should be narrow enough, judged by its width
   now. */
static int bench_until_known(struct bench_job *j, struct err *err)
{
    const struct bench *b = j->b;
    const size_t fixed = (size_t)(b->runs + 1) / 2;
    struct bench_data *d = &j->data;
    struct comparison_row *row = j->row;
    double start = proc_now(), due = STATS_LEAST;
    int looks = 0, rc = 0;
    for (bool last = false; !last;) {
        rc = bench_block(j, err);
        if (rc != 0 || row->failure)
            break;
        last = fixed ? d->n >= fixed : proc_now() - start >= b->seconds;
        if (!last && (fixed || (double)d->n < due || looks + 1 >= BENCH_LOOKS))
            continue;
        row->metric = looks++ ? row->metric : bench_metric(j);
        double error = last && looks == 1 ? STATS_ONE_LOOK : STATS_TEN_LOOKS;
        struct interval shared = bench_look(j, error / (double)b->workloads);
        row->ratio = bench_look(j, error);
        row->sure = stats_verdict(&shared);
        if (!(row->ratio.low > 0))
            continue;
        double growth = 1.1 * stats_growth(&row->ratio, b->precision / 2);
        last = last || (row->sure != VERDICT_UNKNOWN &&
                        row->ratio.high / row->ratio.low - 1 < b->precision);
        due = (double)d->n * (growth < BENCH_GROWTH_LEAST  ? BENCH_GROWTH_LEAST
                              : growth > BENCH_GROWTH_MOST ? BENCH_GROWTH_MOST
                                                           : growth);
    }
    return rc;
}

static void bench_finish(struct bench_job *j)
{
    struct comparison_row *row = j->row;
    row->runs = (long)(2 * j->data.n);
    for (int side = 0; side < 2; side++) {
        double spread = stats_spread(j->data.run[row->metric][side], 2 * j->data.n);
        row->spread = spread > row->spread ? spread : row->spread;
        for (int m = 0; m < MEASURES; m++)
            row->middle[m][side] = stats_median(j->data.run[m][side], 2 * j->data.n);
    }
    if (row->spread > BENCH_WILD)
        msg_warn("compare: %s: its runs vary wildly: the middle half of them by %.0f %%; does "
                 "something else use the machine, or does it do other work each time?",
                 row->name, row->spread * 100);
}

/* What a side printed, its directory left out. */
static int bench_output(const char *log, const char *dir, struct buf *out, struct err *err)
{
    struct buf b = BUF_INIT;
    size_t n = dir ? strlen(dir) : 0;
    int rc = fs_read(log, &b, err);
    for (size_t i = 0; i < b.len;) {
        bool here = n && b.len - i >= n && memcmp(b.p + i, dir, n) == 0;
        buf_add(out, here ? "{build}" : b.p + i, here ? strlen("{build}") : 1);
        i += here ? n : 1;
    }
    buf_release(&b);
    return rc;
}

/* The first line in which two outputs differ, or 0. */
static size_t bench_line(const struct buf *a, const struct buf *b)
{
    size_t line = 1, least = a->len < b->len ? a->len : b->len, i = 0;
    for (; i < least && a->p[i] == b->p[i]; i++)
        line += a->p[i] == '\n';
    return i == least && a->len == b->len ? 0 : line;
}

#define BENCH_WARM_UPS 4 /* two of each side, in turn */

/* What each side printed first, and the first line in which it printed something else later. */
struct bench_printed {
    struct buf first[2];
    size_t changed[2];
};

static int bench_print(const struct bench_job *j, int i, const char *log, struct bench_printed *p,
                       struct err *err)
{
    int side = i % 2;
    struct buf again = BUF_INIT;
    int rc = bench_output(log, j->b->dir[side], i < 2 ? &p->first[side] : &again, err);
    if (i >= 2 && rc == 0)
        p->changed[side] = bench_line(&p->first[side], &again);
    buf_release(&again);
    return rc;
}

/* Whether both sides print the same, and each time. */
static void bench_check_output(struct bench_job *j, const struct bench_printed *p)
{
    size_t other = bench_line(&p->first[0], &p->first[1]);
    for (int side = 0; side < 2 && !j->row->failure; side++)
        if (p->changed[side])
            j->row->failure =
                str_fmt("what it prints changes from run to run, first in line %zu (%s)",
                        p->changed[side], j->b->side[side]);
    if (other && !j->row->failure)
        j->row->failure = str_fmt("%s and %s print different things, first in line %zu",
                                  j->b->side[0], j->b->side[1], other);
}

/* On one side or on both. */
static void bench_check_failure(struct bench_job *j, const struct sample *s)
{
    for (int i = 0; i < BENCH_WARM_UPS && !j->row->failure; i++) {
        if (!s[i].failure)
            continue;
        j->row->failure =
            s[i ^ 1].failure ? str_fmt("%s (%s and %s)", s[i].failure, j->b->side[0], j->b->side[1])
                             : str_fmt("%s (%s alone)", s[i].failure, j->b->side[i % 2]);
        j->row->log = str_dup(s[i].log);
    }
}

/* These also tell how long a run takes, and whether it runs several things at once. They end with
   a pair that has a failure: each may have taken all of its time limit. */
static int bench_warm_up(struct bench_job *j, struct err *err)
{
    struct comparison_row *row = j->row;
    struct sample s[BENCH_WARM_UPS];
    struct bench_printed printed = {{BUF_INIT, BUF_INIT}, {0, 0}};
    double least = BENCH_SHORT;
    bool parallel = j->t[0]->server.n || j->t[0]->parallel;
    int rc = 0;
    memset(s, 0, sizeof(s));
    for (int i = 0; i < BENCH_WARM_UPS && rc == 0; i++) {
        if (i == 2 && (s[0].failure || s[1].failure))
            break;
        rc = bench_once(j, i % 2, &s[i], err);
        least = s[i].v[MEASURE_WALL] < least ? s[i].v[MEASURE_WALL] : least;
        parallel |= s[i].v[MEASURE_CPU] > BENCH_PARALLEL * s[i].v[MEASURE_WALL];
        if (rc == 0 && j->b->check_output)
            rc = bench_print(j, i, s[i].log, &printed, err);
    }
    if (rc == 0)
        bench_check_failure(j, s);
    if (rc == 0 && !row->failure && j->b->check_output)
        bench_check_output(j, &printed);
    row->inside =
        least > BENCH_SHORT / BENCH_INSIDE ? lround(ceil(BENCH_SHORT / least)) : BENCH_INSIDE;
    j->serial = !parallel;
    row->pinned = j->serial && j->b->cpu >= 0;
    for (int i = 0; i < BENCH_WARM_UPS; i++)
        sample_release(&s[i]);
    for (int side = 0; side < 2; side++)
        buf_release(&printed.first[side]);
    return rc;
}

int bench_workload(const struct bench *b, const struct training *first,
                   const struct training *second, struct comparison_row *row, struct err *err)
{
    struct bench_job j = {.b = b, .t = {first, second}, .row = row};
    int rc = bench_warm_up(&j, err);
    if (rc == 0 && !row->failure)
        rc = bench_until_known(&j, err);
    if (rc == 0 && !row->failure)
        bench_finish(&j);
    bench_data_release(&j.data);
    return rc;
}

static void bench_seed(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    srand48(now.tv_nsec ^ now.tv_sec ^ ((long)getpid() << 16));
}

/* Those that are on both sides and can be timed; with `tell`, says which cannot. */
static const struct training *bench_twin(const struct plan *first, const struct training *t,
                                         bool tell)
{
    const struct training *twin = plan_find(first, t->name);
    if (twin && twin->test && tell)
        msg_note("compare: %s is one of the project's tests, which are not timed", t->name);
    return twin && !twin->test ? twin : NULL;
}

int bench_run(const struct bench *b, const struct plan *first, const struct plan *second,
              struct comparison *out, struct err *err)
{
    struct bench own = *b;
    int rc = 0;
    bench_seed();
    own.cpu = proc_draw_cpu(drand48());
    own.workloads = 0;
    for (size_t i = 0; i < second->n; i++)
        own.workloads += bench_twin(first, &second->trainings[i], true) != NULL;
    out->side[0] = str_dup(b->side[0]);
    out->side[1] = str_dup(b->side[1]);
    for (size_t i = 0; i < second->n && rc == 0; i++) {
        const struct training *t = bench_twin(first, &second->trainings[i], false);
        if (!t)
            continue;
        if (b->runs)
            msg_note("compare: %s, %ld runs on each side", t->name, b->runs);
        else
            msg_note("compare: %s, for at most %.0f s", t->name, b->seconds);
        rc = bench_workload(&own, t, &second->trainings[i],
                            comparison_add(out, t->name, t->held_out), err);
    }
    if (rc == 0)
        comparison_means(out);
    return rc;
}
