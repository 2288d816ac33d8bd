/* doctor: the table of checks, and what is printed of it. */
#include "cmd.h"
#include "doctor.h"
#include "fs.h"
#include "json_out.h"
#include "proc.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In this order: the trial uses what the checks before it have found. */
static const struct doctor_row {
    const char *name;
    bool needed; /* what is not can be no more than a note */
    doctor_check *check;
} doctor_table[] = {
    {"build directory", true, doctor_tree},
    {"build tool", true, doctor_tool},
    {"tests", true, doctor_tests},
    {"path", true, doctor_path},
    {"write access", true, doctor_write},
    {"disk space", true, doctor_disk},
    {"compiler", true, doctor_compilers},
    {"profile tools", true, doctor_tools},
    {"launcher", true, doctor_launcher},
    {"flags", true, doctor_flags},
    {"linker", true, doctor_linker},
    {"link-time optimization", true, doctor_lto},
    {"runtime", false, doctor_runtime},
    {"trial", true, doctor_try},
    {"environment", false, doctor_environment},
    {"processors", false, doctor_cpus},
    {"counters", false, doctor_counters},
    {"perf", false, doctor_perf},
    {"branch records", false, doctor_branches},
    {"BOLT", false, doctor_bolt},
};

static const char *const doctor_states[] = {"", "ok", "note", "missing", "wrong"};

void doctor_say(struct finding *f, enum doctor_state state, const char *mend, const char *fmt, ...)
{
    va_list ap;
    struct buf b = BUF_INIT;
    va_start(ap, fmt);
    buf_vaddf(&b, fmt, ap);
    va_end(ap);
    f->state = state;
    free(f->found);
    free(f->mend);
    f->found = buf_detach(&b);
    f->mend = mend ? str_dup(mend) : NULL;
}

/* The line of a tool's output that says what is wrong, rather than that something is; else the
   first one. */
static char *doctor_said(const char *output)
{
    static const char *const telling[] = {"fatal error:", "undefined reference", "undefined symbol",
                                          "cannot find", "error:"};
    struct vec lines = VEC_INIT;
    vec_split(&lines, output, '\n');
    const char *said = NULL;
    for (size_t k = 0; k < PGO_COUNT(telling) && !said; k++)
        for (size_t i = 0; i < lines.n && !said; i++)
            said = strstr(lines.v[i], telling[k]) ? lines.v[i] : NULL;
    char *text = str_dup(said ? said : lines.n ? lines.v[0] : "");
    vec_release(&lines);
    return text;
}

void doctor_fail(struct finding *f, enum doctor_state state, const char *mend,
                 const struct err *err)
{
    char *said = doctor_said(err->detail ? err->detail : "");
    doctor_say(f, state, mend ? mend : err->hint, "%s%s%s", err->msg, *said ? ": " : "", said);
    free(said);
}

bool doctor_there(const char *program)
{
    char *path = fs_find_program(program);
    free(path);
    return path != NULL;
}

/* Below our folder when the tree has one, so that its file system is the one that is tried. */
static int doctor_scratch(struct doctor *d, struct err *err)
{
    const char *given = getenv("TMPDIR"), *tmp = given && *given ? given : "/tmp";
    char *home = d->tree.ops ? tree_path(&d->tree, "scratch", NULL) : NULL;
    const char *const places[] = {home, tmp, "/tmp"};
    if (access(tmp, W_OK | X_OK) != 0) {
        err_sys(err, errno, tmp, "cannot make temporary files in '%s'", tmp);
        err_hint(err, "set TMPDIR to a directory in which you can");
    }
    for (size_t i = 0; i < PGO_COUNT(places) && !err->msg && !d->scratch; i++) {
        /* Profile runtimes take a '%' for a variable. */
        if (!places[i] || strchr(places[i], '%') || access(places[i], W_OK | X_OK) != 0)
            continue;
        char *dir = str_fmt("%s/doctor.XXXXXX", places[i]);
        if (mkdtemp(dir))
            d->scratch = path_real(dir);
        else
            err_sys(err, errno, dir, "cannot make the directory '%s'", dir);
        free(dir);
    }
    free(home);
    if (!d->scratch && !err->msg)
        err_set(err, "there is no directory for a trial: neither '%s' nor '/tmp' will do", tmp);
    return d->scratch ? 0 : -1;
}

static int doctor_open(struct doctor *d, const struct options *o, struct err *err)
{
    d->options = o;
    if (!o->compiler) {
        if (!fs_is_dir(o->dir))
            return tree_open(&d->tree, o->dir, o->config, err);
        if (tree_open(&d->tree, o->dir, o->config, &d->refused) == 0)
            d->tree.ops->setup(&d->tree, &d->setup);
        d->known = d->tree.ops || tree_known(o->dir);
    }
    if (!d->known) {
        err_release(&d->refused);
        d->refused = (struct err)ERR_INIT;
        if (family_identify(o->compiler ? o->compiler : "cc", &d->tree.compiler, &d->refused) == 0)
            vec_add(&d->setup.start[0], d->tree.compiler.path);
    }
    return doctor_scratch(d, err);
}

static void doctor_close(struct doctor *d)
{
    struct err ignored = ERR_INIT;
    if (d->scratch)
        fs_remove(d->scratch, &ignored);
    err_release(&ignored);
    tree_close(&d->tree);
    tree_setup_release(&d->setup);
    err_release(&d->refused);
    tools_release(&d->tools);
    free(d->scratch);
    free(d->runtime);
}

static void doctor_print(const char *name, const struct finding *f)
{
    printf("%-8s %-23s %s\n", doctor_states[f->state], name, f->found);
    if (f->mend)
        printf("%-8s %-23s mend: %s\n", "", "", f->mend);
}

static void doctor_json(const char *name, const struct finding *f, struct buf *json)
{
    json_open(json, NULL, '{');
    json_text(json, "check", name);
    json_text(json, "state", doctor_states[f->state]);
    json_text(json, "found", f->found);
    json_text(json, "mend", f->mend);
    json_close(json, '}');
}

/* That a check fails is an answer, not a failure of ours: the status of a gate. */
static int doctor_verdict(const struct vec *failed, size_t n, struct err *err)
{
    if (!failed->n)
        return 0;
    char *names = vec_join(failed, ", ");
    err_status(err, PGO_GATE, "%zu of %zu checks failed: %s", failed->n, n, names);
    free(names);
    return -1;
}

/* Whether there was something to say. */
static bool doctor_tell(const struct doctor_row *row, struct finding *f, struct buf *json,
                        struct vec *failed)
{
    if (f->state > DOCTOR_NOTE && !row->needed)
        f->state = DOCTOR_NOTE;
    if (f->state > DOCTOR_NOTE)
        vec_add(failed, row->name);
    if (f->state != DOCTOR_NONE && json)
        doctor_json(row->name, f, json);
    else if (f->state != DOCTOR_NONE)
        doctor_print(row->name, f);
    return f->state != DOCTOR_NONE;
}

int cmd_doctor(const struct options *o, struct err *err)
{
    struct doctor d = {0};
    struct buf json = BUF_INIT;
    struct vec failed = VEC_INIT;
    size_t n = 0;
    int rc = doctor_open(&d, o, err);
    json_open(&json, NULL, '[');
    for (size_t i = 0; i < PGO_COUNT(doctor_table) && rc == 0 && !proc_signal(); i++) {
        struct finding f = {DOCTOR_NONE, NULL, NULL};
        doctor_table[i].check(&d, &f);
        if (!proc_signal()) /* else it found no more than that */
            n += doctor_tell(&doctor_table[i], &f, o->json ? &json : NULL, &failed);
        free(f.found);
        free(f.mend);
    }
    if (rc == 0 && proc_signal())
        rc = err_set(err, "interrupted");
    json_close(&json, ']');
    if (rc == 0 && o->json)
        puts(buf_str(&json));
    if (rc == 0)
        rc = doctor_verdict(&failed, n, err);
    doctor_close(&d);
    buf_release(&json);
    vec_release(&failed);
    return rc;
}
