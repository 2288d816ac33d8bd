/* instrument, train, merge, use, install: the stages, and what each prints. */
#include "cmd.h"
#include "deliver.h"
#include "fs.h"
#include "msg.h"
#include "pipeline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CMD_SHOWN 10 /* artifacts */
#define CMD_OTHERS 5

/* Whether a training ran the instrumented twin of an optimized artifact; true for other stages. */
static bool cmd_trained(const struct stage *stage, const struct pipeline *p, const char *artifact)
{
    const char *below = path_below(artifact, stage->dir);
    if (stage->phase != PHASE_USE || !below)
        return true;
    char *twin = path_join(p->instrument.dir, below);
    bool trained = vec_has(&p->profile.trained, twin);
    free(twin);
    return trained;
}

/* Programs and libraries, at most so many that what matters stays on the screen; in a line at the
   end, those that are built but were not trained. */
static void cmd_print_artifacts(const struct stage *stage, const struct model *m,
                                const struct pipeline *p)
{
    size_t shown = 0, more = 0;
    struct vec others = VEC_INIT;
    for (size_t i = 0; i < m->targets_n; i++) {
        const struct target *t = &m->targets[i];
        if (!target_is_linked(t) || !fs_is_file(t->artifact))
            continue;
        if (!cmd_trained(stage, p, t->artifact)) {
            if (!t->excluded)
                vec_add(&others, path_base(t->artifact));
        } else if (shown++ < CMD_SHOWN)
            printf("  %s\n", t->artifact);
        else
            more++;
    }
    if (more)
        printf("  and %zu more in %s\n", more, stage->dir);
    if (others.n) {
        char *names = vec_some(&others, CMD_OTHERS);
        printf("built there too, but no training ran: %s\n", names);
        free(names);
    }
    vec_release(&others);
}

static const char *cmd_plural(long n)
{
    return n == 1 ? "" : "s";
}

static void cmd_print_report(const struct profile_report *r)
{
    printf("%llu of %llu functions ran, highest count %llu, %zu raw profiles, %zu dropped\n",
           r->covered, r->functions, r->max_count, r->files, r->dropped);
}

static void cmd_print(const struct session *s, enum pipeline_end end, const struct pipeline *p)
{
    const struct profile_report *r = &p->profile.report;
    const struct evidence *e = &p->evidence;
    switch (end) {
    case PIPELINE_INSTRUMENT:
        printf("instrumented with %s %s:\n", s->tree.compiler.family->name,
               s->tree.compiler.version);
        cmd_print_artifacts(&p->instrument, &p->instrumented, p);
        break;
    case PIPELINE_TRAIN:
        if (s->options->json) {
            struct buf json = BUF_INIT;
            train_records_json(&p->records, &json);
            puts(buf_str(&json));
            buf_release(&json);
            break;
        }
        printf("%zu training%s up to date\n", p->trainings.n, cmd_plural((long)p->trainings.n));
        break;
    case PIPELINE_MERGE:
        printf("profile %s\n", p->profile.path);
        cmd_print_report(r);
        break;
    case PIPELINE_USE:
        if (!evidence_measured(e))
            puts("the match was not measured");
        else
            printf("%ld of %ld functions in %ld of %ld translation units found their profile (%.1f "
                   "%%)\n",
                   e->functions.matched, e->functions.matched + e->functions.unmatched,
                   e->units_matched, e->units, evidence_percent(e));
        if (e->functions.absent)
            printf("not counted: %ld function%s in no trained program\n", e->functions.absent,
                   cmd_plural(e->functions.absent));
        if (e->never_run)
            printf("not counted: %ld translation unit%s of programs that no training ran\n",
                   e->never_run, cmd_plural(e->never_run));
        puts("optimized:");
        cmd_print_artifacts(&p->use, &p->optimized, p);
        break;
    }
}

static int cmd_stage(const struct options *o, enum pipeline_end end, struct err *err)
{
    struct session s;
    struct pipeline p = {0};
    if (session_open(&s, o, true, err) != 0)
        return -1;
    int rc = deliver_check_places(&s, err);
    if (rc == 0)
        rc = pipeline_run(&s, end, &p, err);
    if (rc == 0 && o->profile_dir)
        rc = deliver_profile(&s, &p.profile, o->profile_dir, err);
    if (rc == 0 && o->out_dir)
        rc = deliver_programs(&p.use, &p.optimized, o->out_dir, err);
    if (rc == 0 || (end == PIPELINE_TRAIN && o->json && p.trainings.n))
        cmd_print(&s, end, &p);
    pipeline_release(&p);
    session_close(&s);
    return rc;
}

int cmd_instrument(const struct options *o, struct err *err)
{
    return cmd_stage(o, PIPELINE_INSTRUMENT, err);
}

int cmd_train(const struct options *o, struct err *err)
{
    return cmd_stage(o, PIPELINE_TRAIN, err);
}

int cmd_use(const struct options *o, struct err *err)
{
    return cmd_stage(o, PIPELINE_USE, err);
}

/* Only a profile is replaced, or an empty directory; and not the raw profiles themselves. */
static int raw_check_output(const struct family *family, const char *raw, const char *out,
                            struct err *err)
{
    struct vec names = VEC_INIT;
    char *from = path_real(raw), *to = path_real(out);
    bool ok = *family->suffix ? fs_is_file(out) : fs_is_dir(out) && strcmp(from, to) != 0;
    int rc = !*family->suffix && ok ? fs_list(out, &names, err) : 0;
    for (size_t i = 0; i < names.n && ok; i++)
        ok = str_ends(names.v[i], family->raw_suffix);
    if (rc == 0 && fs_exists(out) && !ok) {
        rc = err_status(err, PGO_USAGE, "'%s' is there already and is no profile", out);
        err_hint(err, "it was left alone; give '--output' another path, or remove it yourself");
    }
    vec_release(&names);
    free(from);
    free(to);
    return rc;
}

/* Works in a new directory beside the output, which it makes. */
static int raw_merge(const struct options *o, const struct compiler *c, const char *out,
                     struct profile_report *report, struct err *err)
{
    struct tools tools = {0};
    struct profile_input in = {"raw", o->raw, 1};
    char *dir = path_dir(out), *scratch = str_fmt("%s.XXXXXX", out);
    char *from = o->use_in ? path_real(o->source ? o->source : ".") : NULL,
         *to = o->use_in ? path_real(o->use_in) : NULL;
    int rc = c->family->tools(c, &tools, err);
    if (rc == 0)
        rc = fs_mkdirs(dir, err);
    bool ours = rc == 0 && mkdtemp(scratch);
    if (rc == 0 && !ours)
        rc = err_sys(err, errno, dir, "cannot make a directory in '%s'", dir);
    char *made = path_join(scratch, "profile");
    const struct merge_request q = {&tools, &in, 1, from, to, made, scratch};
    if (rc == 0)
        rc = c->family->merge(&q, report, err);
    for (size_t i = 0; i < report->drops.n; i++)
        msg_warn("dropped %s", report->drops.v[i]);
    if (rc == 0)
        rc = fs_remove(out, err);
    if (rc == 0)
        rc = fs_rename(made, out, err);
    struct err ignored = ERR_INIT;
    if (ours)
        fs_remove(scratch, &ignored);
    err_release(&ignored);
    tools_release(&tools);
    free(from);
    free(to);
    free(dir);
    free(made);
    free(scratch);
    return rc;
}

/* Raw profiles of a build that we did not drive, to one profile. */
static int cmd_merge_raw(const struct options *o, struct err *err)
{
    struct compiler c = {0};
    struct profile_report report = {0};
    if (!o->output)
        return err_status(err, PGO_USAGE,
                          "'--raw' wants '--output PATH', where the profile is to be written");
    if (!fs_is_dir(o->raw))
        return err_status(err, PGO_USAGE, "'%s' is not a directory of raw profiles", o->raw);
    char *out = path_abs(o->output);
    int rc = family_probe(o->compiler ? o->compiler : "cc", &c, err);
    if (rc == 0)
        rc = raw_check_output(c.family, o->raw, out, err);
    if (rc == 0)
        rc = raw_merge(o, &c, out, &report, err);
    if (rc == 0)
        printf("profile %s\n", out);
    if (rc == 0)
        cmd_print_report(&report);
    profile_report_release(&report);
    compiler_release(&c);
    free(out);
    return rc;
}

/* An option of the other kind of merge would be passed over in silence. */
static int cmd_merge_check(const struct options *o, struct err *err)
{
    const struct {
        const char *word;
        bool given, raw;
    } all[] = {{"--output", o->output, true},
               {"--compiler", o->compiler, true},
               {"--source", o->source, true},
               {"--use-in", o->use_in, true},
               {"--only", o->only.n, false},
               {"--train and its like", o->declared.n, false},
               {"--profile-dir", o->profile_dir, false},
               {"--config", o->config, false},
               {"--dataset", o->dataset, false},
               {"--atomic", o->atomic, false},
               {"--min-match", o->min_match, false},
               {"--min-coverage", o->min_coverage, false},
               {"--max-dropped", o->max_dropped, false}};
    for (size_t i = 0; i < PGO_COUNT(all); i++)
        if (all[i].given && all[i].raw != (o->raw != NULL))
            return err_status(err, PGO_USAGE, "%s %s with '--raw'", all[i].word,
                              all[i].raw ? "goes only" : "does not go");
    return 0;
}

int cmd_merge(const struct options *o, struct err *err)
{
    if (cmd_merge_check(o, err) != 0)
        return -1;
    return o->raw ? cmd_merge_raw(o, err) : cmd_stage(o, PIPELINE_MERGE, err);
}

/* The build system's own words, file by file, and what it comes to. */
static int cmd_print_installed(const struct session *s, const struct stage *use, const char *log,
                               struct err *err)
{
    const struct options *o = s->options;
    const char *below = getenv("DESTDIR");
    struct buf text = BUF_INIT;
    if (fs_read(log, &text, err) != 0)
        return -1;
    /* What CMake and Meson say of each file: neither objects to a name that there is not. */
    if (o->component && !strstr(buf_str(&text), "nstalling ") &&
        !strstr(buf_str(&text), "nstalling: ") && !strstr(buf_str(&text), "Up-to-date: ")) {
        buf_release(&text);
        return err_status(err, PGO_USAGE, "component '%s' installs nothing", o->component);
    }
    printf("%sinstalled %s%s of '%s' in '%s'", buf_str(&text), o->component ? "component " : "",
           o->component ? o->component : "all", use->dir,
           o->prefix ? o->prefix : s->tree.ops->prefix(&s->tree));
    if (below && *below)
        printf(" below '%s'", below);
    puts("");
    buf_release(&text);
    return 0;
}

int cmd_install(const struct options *o, struct err *err)
{
    struct session s;
    struct pipeline p;
    if (session_open(&s, o, true, err) != 0)
        return -1;
    char *log = session_log(&s, "install");
    const struct tree_install how = {o->prefix, o->component, o->strip};
    int rc = pipeline_run(&s, PIPELINE_USE, &p, err); /* what is installed is fresh */
    if (rc == 0)
        rc = fs_remove(log, err);
    if (rc == 0)
        rc = s.tree.ops->install(&s.tree, &p.use, &how, log, err);
    if (rc == 0)
        rc = cmd_print_installed(&s, &p.use, log, err);
    free(log);
    pipeline_release(&p);
    session_close(&s);
    return rc;
}
