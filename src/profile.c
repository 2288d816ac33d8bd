#include "profile.h"

#include "fs.h"
#include "msg.h"
#include "proc.h"
#include "record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROFILE_FEW 10  /* a count below which nothing was trained, misspelt files perhaps */
#define PROFILE_SHOWN 5 /* names in a message */

void profile_release(struct profile *p)
{
    free(p->path);
    profile_report_release(&p->report);
    free(p->dataset);
    vec_release(&p->names);
    vec_release(&p->trained);
    memset(p, 0, sizeof(*p));
}

int profile_hash(const char *path, char hex[HASH_HEX + 1], struct err *err)
{
    if (!fs_is_dir(path))
        return hash_file(path, hex, err);
    struct hash h;
    struct vec names = VEC_INIT;
    int rc = fs_list(path, &names, err);
    hash_init(&h);
    for (size_t i = 0; i < names.n && rc == 0; i++) {
        char *file = path_join(path, names.v[i]), one[HASH_HEX + 1];
        rc = hash_file(file, one, err);
        hash_str(&h, names.v[i]);
        hash_str(&h, one);
        free(file);
    }
    hash_hex(&h, hex);
    vec_release(&names);
    return rc;
}

static char *profile_stamp(const char *path)
{
    return fs_is_dir(path) ? fs_stamp_all(path) : fs_stamp(path);
}

static void profile_parts(const struct session *s, const struct trainings *t,
                          const struct tools *tools, struct map *parts)
{
    char *stamp = fs_stamp(tools->merge ? tools->merge : "");
    parts_text(parts, "the path of the build directory", s->tree.home);
    parts_text(parts, "the compiler", s->compiler_stamp);
    parts_text(parts, "the path of the tool that merges", tools->merge);
    parts_text(parts, "the tool that merges", stamp);
    for (size_t i = 0; i < t->n; i++) {
        char *run = str_fmt("the run of training '%s'", t->v[i].name);
        char *name = str_fmt("the weight of training '%s'", t->v[i].name);
        char *weight = str_fmt("%ld", t->v[i].weight);
        parts_text(parts, run, t->v[i].run);
        parts_text(parts, name, weight);
        free(run);
        free(name);
        free(weight);
    }
    free(stamp);
}

static void profile_revision(const struct session *s, struct buf *out)
{
    char *git = path_join(s->tree.source, ".git");
    struct vec argv = VEC_INIT;
    struct buf text = BUF_INIT;
    struct err ignored = ERR_INIT;
    int status;
    const char *words[] = {"git", "-C", s->tree.source, "rev-parse", "HEAD", NULL};
    vec_words(&argv, words);
    if (fs_exists(git) && proc_capture(&argv, &text, &status, &ignored) == 0 && proc_ok(status))
        buf_addf(out, "source-revision %s", buf_str(&text));
    free(git);
    vec_release(&argv);
    buf_release(&text);
    err_release(&ignored);
}

static int profile_manifest(const struct session *s, const struct trainings *t,
                            const struct profile *p, struct err *err)
{
    struct buf b = BUF_INIT;
    struct stage instrument;
    char *path = str_fmt("%s/profile/%s.manifest", s->tree.home, p->hash);
    stage_init(s, &instrument, PHASE_INSTRUMENT, NULL);
    buf_addf(&b, "pgo-manifest 1\npgo %s\nprofile %s\n", PGO_VERSION, p->hash);
    buf_addf(&b, "compiler %s %s %s\n", s->tree.compiler.id, s->tree.compiler.version,
             s->tree.compiler.path);
    for (size_t i = 0; i < instrument.flags.compile.n; i++) {
        char *flag = str_replace(instrument.flags.compile.v[i], "\n", " ");
        buf_addf(&b, "flag %s\n", flag);
        free(flag);
    }
    profile_revision(s, &b);
    buf_addf(&b, "dataset %s\n", s->dataset);
    for (size_t i = 0; i < t->n; i++)
        buf_addf(&b, "training %s weight %ld\n", t->v[i].name, t->v[i].weight);
    buf_addf(&b, "raw-profiles %zu\nfunctions %llu\ncovered %llu\nmax-count %llu\n",
             p->report.files, p->report.functions, p->report.covered, p->report.max_count);
    for (size_t i = 0; i < p->report.drops.n; i++)
        buf_addf(&b, "dropped %s\n", p->report.drops.v[i]);
    int rc = fs_replace(path, buf_str(&b), b.len, err);
    stage_release(&instrument);
    buf_release(&b);
    free(path);
    return rc;
}

/* A symbolic link for people: replaced whole, as files are. */
static int profile_current(const struct session *s, const struct profile *p, struct err *err)
{
    char *link = tree_path(&s->tree, "profile", "current"),
         *made = tree_path(&s->tree, "profile", "current.new");
    int rc = fs_remove(made, err);
    if (rc == 0 && symlink(path_base(p->path), made) != 0)
        rc = err_sys(err, errno, made, "cannot link '%s'", made);
    if (rc == 0)
        rc = fs_rename(made, link, err);
    free(link);
    free(made);
    return rc;
}

static int profile_merge(const struct session *s, const struct trainings *t,
                         const struct tools *tools, struct profile *p, struct err *err)
{
    const struct family *family = s->tree.compiler.family;
    struct profile_input *in = mem_alloc((t->n + 1) * sizeof(*in));
    char *scratch = tree_path(&s->tree, "scratch", "merge"), *made = path_join(scratch, "profile");
    char *instrument = tree_path(&s->tree, "instrument", NULL),
         *use = tree_path(&s->tree, "use", NULL);
    const struct merge_request q = {tools, in, t->n, instrument, use, made, scratch};
    double start = proc_now();
    free(p->dataset);
    p->dataset = str_dup(s->dataset);
    vec_release(&p->names);
    for (size_t i = 0; i < t->n; i++) {
        vec_add(&p->names, t->v[i].name);
        in[i] = (struct profile_input){t->v[i].name, t->v[i].raw, t->v[i].weight};
    }
    int rc = fs_remove(scratch, err);
    if (rc == 0)
        rc = fs_mkdirs(scratch, err);
    if (rc == 0)
        rc = family->merge(&q, &p->report, err);
    if (rc == 0)
        rc = profile_hash(made, p->hash, err);
    if (rc == 0) {
        free(p->path);
        p->path = str_fmt("%s/profile/%s%s", s->tree.home, p->hash, family->suffix);
        rc = fs_remove(p->path, err);
    }
    if (rc == 0)
        rc = fs_rename(made, p->path, err);
    if (rc == 0)
        rc = profile_manifest(s, t, p, err);
    if (rc == 0)
        rc = profile_current(s, p, err);
    p->seconds = proc_now() - start;
    struct err ignored = ERR_INIT;
    fs_remove(scratch, &ignored);
    err_release(&ignored);
    free(instrument);
    free(use);
    free(in);
    free(scratch);
    free(made);
    return rc;
}

/* Whether the file is there and as it was written. */
static bool profile_whole(const struct map *m, const struct profile *p)
{
    char *stamp = profile_stamp(p->path), hex[HASH_HEX + 1];
    struct err ignored = ERR_INIT;
    bool whole = record_is(m, "stamp", stamp) ||
                 (profile_hash(p->path, hex, &ignored) == 0 && strcmp(hex, p->hash) == 0);
    err_release(&ignored);
    free(stamp);
    return whole;
}

/* What the last merge came to; false when there was none. */
static bool profile_recall(const struct session *s, const struct map *m, struct profile *p)
{
    const char *hash = map_get(m, "hash"), *drops = map_get(m, "drops"),
               *dataset = map_get(m, "dataset"), *names = map_get(m, "trainings");
    if (!hash || strlen(hash) != HASH_HEX || !drops)
        return false;
    memcpy(p->hash, hash, HASH_HEX + 1);
    p->path = str_fmt("%s/profile/%s%s", s->tree.home, p->hash, s->tree.compiler.family->suffix);
    p->report.files = record_count(m, "files");
    p->report.functions = record_count(m, "functions");
    p->report.covered = record_count(m, "covered");
    p->report.max_count = record_count(m, "max");
    p->seconds = record_number(m, "seconds", 1e15);
    p->dataset = str_dup(dataset ? dataset : "");
    if (names && *names)
        vec_split(&p->names, names, '\n');
    vec_split(&p->report.drops, drops, '\n');
    p->report.dropped = p->report.drops.n;
    return true;
}

/* Why the last merge does not stand; NULL: it does. */
static char *profile_stale(const struct map *m, const struct map *parts, struct profile *p)
{
    if (!p->path)
        return str_dup("nothing was merged yet");
    char *changed = parts_changed(parts, m);
    if (changed)
        return changed;
    if (!fs_exists(p->path))
        return str_fmt("the profile '%s' is gone", p->path);
    p->damaged = !profile_whole(m, p);
    return p->damaged ? str_fmt("the profile '%s' is damaged", p->path) : NULL;
}

static int profile_save(const struct session *s, const struct profile *p, const struct map *parts,
                        struct err *err)
{
    struct map m = MAP_INIT;
    char *trainings = vec_join(&p->names, "\n");
    char *drops = vec_join(&p->report.drops, "\n"), *stamp = profile_stamp(p->path);
    parts_keep(parts, &m);
    map_set(&m, "hash", p->hash);
    map_set(&m, "stamp", stamp);
    map_setf(&m, "files", "%zu", p->report.files);
    map_setf(&m, "functions", "%llu", p->report.functions);
    map_setf(&m, "covered", "%llu", p->report.covered);
    map_setf(&m, "max", "%llu", p->report.max_count);
    map_setf(&m, "seconds", "%.3f", p->seconds);
    map_set(&m, "drops", drops);
    map_set(&m, "dataset", p->dataset);
    map_set(&m, "trainings", trainings);
    int rc = session_save(s, "merge", &m, err);
    free(trainings);
    free(drops);
    free(stamp);
    map_release(&m);
    return rc;
}

double profile_percent(unsigned long long part, unsigned long long whole)
{
    return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void profile_tell(const struct profile *p, const struct artifacts *artifacts)
{
    const struct profile_report *r = &p->report;
    struct vec never = VEC_INIT;
    for (size_t i = 0; i < r->drops.n && i < PROFILE_SHOWN; i++)
        msg_warn("dropped a raw profile of training %s", r->drops.v[i]);
    if (r->drops.n > PROFILE_SHOWN)
        msg_warn("and %zu more; the manifest of the profile names all", r->drops.n - PROFILE_SHOWN);
    for (size_t i = 0; i < artifacts->n; i++)
        if (!vec_has(&p->trained, artifacts->v[i].path))
            vec_add(&never, path_base(artifacts->v[i].path));
    if (never.n) {
        char *list = vec_some(&never, PROFILE_SHOWN);
        msg_warn("no training ran: %s", list);
        free(list);
    }
    vec_release(&never);
}

/* Gates are looked at on every run, so that a profile that failed one does not pass the next time.
 */
static int profile_gates(const struct session *s, const struct profile *p, struct err *err)
{
    const struct profile_report *r = &p->report;
    double dropped = profile_percent(r->dropped, r->files),
           covered = profile_percent(r->covered, r->functions);
    if (dropped > s->max_dropped) {
        err_status(err, PGO_GATE,
                   "%zu of %zu raw profiles could not be used (%.0f %%, allowed are %.0f %%)",
                   r->dropped, r->files, dropped, s->max_dropped);
        return err_hint(err,
                        "'pgo clean' and a new run make new ones; --max-dropped or %s "
                        "moves the gate",
                        s->tree.ops->words->max_dropped);
    }
    if (covered < s->min_coverage) {
        err_status(err, PGO_GATE,
                   "the trainings ran %llu of %llu functions (%.1f %%, wanted are %.1f %%)",
                   r->covered, r->functions, covered, s->min_coverage);
        return err_hint(err, "declare trainings that use more of the programs; %s moves the gate",
                        s->tree.ops->words->min_coverage);
    }
    return 0;
}

char *profile_read(const struct session *s, const struct trainings *t, const struct tools *tools,
                   struct profile *p)
{
    struct map m = MAP_INIT, parts = MAP_INIT;
    memset(p, 0, sizeof(*p));
    session_record(s, "merge", &m);
    profile_parts(s, t, tools, &parts);
    profile_recall(s, &m, p);
    char *why = profile_stale(&m, &parts, p);
    map_release(&m);
    map_release(&parts);
    return why;
}

int profile_bring(const struct session *s, const struct trainings *t,
                  const struct artifacts *artifacts, const struct tools *tools, struct profile *p,
                  struct err *err)
{
    struct map parts = MAP_INIT;
    int rc = 0;
    char *why = profile_read(s, t, tools, p);
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0; k < t->v[i].wrote.n; k++)
            if (!vec_has(&p->trained, t->v[i].wrote.v[k]))
                vec_add(&p->trained, t->v[i].wrote.v[k]);
    if (why) {
        if (p->damaged)
            msg_warn("%s; it is merged again", why);
        profile_report_release(&p->report);
        profile_parts(s, t, tools, &parts);
        rc = profile_merge(s, t, tools, p, err);
        if (rc == 0)
            rc = profile_save(s, p, &parts, err);
        if (rc == 0) {
            const struct profile_report *r = &p->report;
            profile_tell(p, artifacts);
            msg_note("merge: %zu raw profiles of %zu training%s; %llu of %llu functions ran (%.0f "
                     "%%), highest count %llu",
                     r->files, t->n, t->n == 1 ? "" : "s", r->covered, r->functions,
                     profile_percent(r->covered, r->functions), r->max_count);
            if (!r->max_count)
                msg_warn("all counts of the profile are 0: the trainings wait for input and "
                         "output, or run nothing "
                         "that is instrumented");
            else if (r->max_count < PROFILE_FEW)
                msg_warn("the trainings ran next to nothing: no count is above %llu; their output "
                         "is in the logs of '%s/train'",
                         r->max_count, s->tree.home);
        }
    }
    if (rc == 0)
        rc = profile_gates(s, p, err);
    free(why);
    map_release(&parts);
    return rc;
}

int profile_prune(const struct session *s, const struct profile *keep, struct err *err)
{
    struct vec names = VEC_INIT;
    char *dir = tree_path(&s->tree, "profile", NULL);
    int rc = fs_list(dir, &names, err);
    for (size_t i = 0; i < names.n && rc == 0; i++) {
        char *path = path_join(dir, names.v[i]);
        if (!str_starts(names.v[i], keep->hash) && strcmp(names.v[i], "current") != 0)
            rc = fs_remove(path, err);
        free(path);
    }
    vec_release(&names);
    free(dir);
    return rc;
}
