/* How a stage is configured: as a clone of the user tree, or afresh with the user's own entries,
   where a clone will not do. */
#include "fs.h"
#include "msg.h"
#include "proc.h"
#include "tree_cmake.h"

#include <stdlib.h>
#include <string.h>

/* Without an optimized build type and without any -O of its own, a project would be profiled and
   "optimized" at -O0: then the stages are built as Release. */
static bool cmake_needs_release(const struct tree *t, const char *stage_dir)
{
    const struct cmake_tree *c = t->state;
    const char *type = cache_get(&c->cache, "CMAKE_BUILD_TYPE");
    return !t->config && (!*type || strcmp(type, "Debug") == 0) &&
           !cmake_model_optimized(stage_dir);
}

/* What the decision for Release was made of. */
static char *cmake_release_reason(const struct tree *t)
{
    const struct cmake_tree *c = t->state;
    return str_fmt("%s\n%s\n%s\n", cache_get(&c->cache, "CMAKE_BUILD_TYPE"),
                   cache_get(&c->cache, "CMAKE_C_FLAGS"), cache_get(&c->cache, "CMAKE_CXX_FLAGS"));
}

/* Whether an earlier configure of any stage decided for Release, and for the same reason. */
static bool cmake_release_decided(const char *path, const char *reason)
{
    struct buf b = BUF_INIT;
    struct err ignored = ERR_INIT;
    bool same =
        fs_exists(path) && fs_read(path, &b, &ignored) == 0 && strcmp(buf_str(&b), reason) == 0;
    buf_release(&b);
    err_release(&ignored);
    return same;
}

/* A clone that a killed run has put aside comes back, unless what replaced it was finished. */
static int cmake_recover(const struct tree *t, const struct stage *s, struct err *err)
{
    char *clone = str_fmt("%s.clone", s->dir), *decision = tree_path(t, "state", "afresh");
    int rc = 0;
    if (fs_exists(clone)) {
        rc = fs_remove(fs_exists(decision) ? clone : s->dir, err);
        if (rc == 0 && fs_exists(clone))
            rc = fs_rename(clone, s->dir, err);
    }
    free(clone);
    free(decision);
    return rc;
}

/* Whether CMake has never come to the end in the stage. */
static bool cmake_is_new(const struct stage *s)
{
    char *last = path_join(s->dir, "compile_commands.json");
    bool made = fs_exists(last);
    free(last);
    return !made;
}

/* Puts a stage that is configured afresh, and built by `build`, in place of a clone that failed
   with `err`. When that does not help, the clone and its error stay. */
static int cmake_instead(const struct tree *t, const struct stage *s, const char *what,
                         const struct cmake_job *build, const char *log, struct err *err)
{
    struct err second = ERR_INIT;
    char *clone = str_fmt("%s.clone", s->dir), *decision = tree_path(t, "state", "afresh");
    int rc = err->killed || proc_signal() ? -1 : fs_remove(clone, &second);
    if (rc == 0 && (rc = fs_rename(s->dir, clone, &second)) == 0) {
        rc = cmake_generate(t, s, CMAKE_AFRESH, log, &second);
        if (rc == 0 && build)
            rc = build->run(t, s, build, log, &second);
        if (rc == 0)
            rc = fs_replace(decision, "", 0, &second);
        if (fs_remove(rc == 0 ? clone : s->dir, &second) == 0 && rc != 0)
            fs_rename(clone, s->dir, &second);
    }
    if (rc == 0) {
        msg_note("a copy of your tree's configuration could not be %s: the stages are configured "
                 "afresh with its entries",
                 what);
        err_release(err);
        *err = (struct err)ERR_INIT;
    }
    err_release(&second);
    free(clone);
    free(decision);
    return rc;
}

static int cmake_release(const struct tree *t, const struct stage *s, const char *decision,
                         const char *reason, const char *log, struct err *err)
{
    const struct cmake_tree *c = t->state;
    char *clone = tree_path(t, "state", "unproven");
    int rc = fs_remove(clone, err); /* it is no clone any more */
    free(clone);
    if (rc == 0)
        rc = fs_remove(s->dir, err);
    if (rc == 0)
        rc = cmake_generate(t, s, CMAKE_RELEASE, log, err);
    if (rc == 0) {
        msg_note(
            "the build type of your tree is '%s', without optimization: the stages use 'Release'",
            cache_get(&c->cache, "CMAKE_BUILD_TYPE"));
        rc = fs_replace(decision, reason, strlen(reason), err);
    }
    return rc;
}

static int cmake_try_clone(const struct tree *t, const struct stage *s, bool first, const char *log,
                           struct err *err)
{
    char *mark = tree_path(t, "state", "unproven");
    /* Before, so that a kill in between leaves a clone that is known as one. */
    int rc = first && s->phase == PHASE_INSTRUMENT ? fs_replace(mark, "", 0, err) : 0;
    if (rc == 0)
        rc = cmake_clone(t, s, err);
    if (rc == 0)
        rc = cmake_generate(t, s, CMAKE_CLONE, log, err);
    if (rc != 0 && first && (rc = cmake_instead(t, s, "configured", NULL, log, err)) == 0)
        rc = fs_remove(mark, err);
    free(mark);
    return rc;
}

int cmake_configure(const struct tree *t, const struct stage *s, const char *log, struct err *err)
{
    struct stat st;
    char *release = tree_path(t, "state", "release"), *reason = cmake_release_reason(t);
    char *afresh = tree_path(t, "state", "afresh");
    long from = stat(log, &st) == 0 ? (long)st.st_size : 0;
    int rc = cmake_recover(t, s, err);
    bool first = cmake_is_new(s);
    if (rc == 0)
        rc = cmake_write_include(s, err);
    if (rc == 0)
        rc = cmake_presets(t, err);
    if (rc == 0 && cmake_release_decided(release, reason)) {
        rc = cmake_generate(t, s, CMAKE_RELEASE, log, err);
    } else if (rc == 0) {
        rc = fs_exists(afresh) ? cmake_generate(t, s, CMAKE_AFRESH, log, err)
                               : cmake_try_clone(t, s, first, log, err);
        if (rc == 0 && cmake_needs_release(t, s->dir))
            rc = cmake_release(t, s, release, reason, log, err);
    }
    if (rc == 0)
        cmake_report(t, s, first && !cmake_release_decided(release, reason), log, from);
    free(release);
    free(reason);
    free(afresh);
    return rc;
}

int cmake_first_build(const struct tree *t, const struct stage *s, const struct cmake_job *build,
                      const char *log, struct err *err)
{
    char *mark = tree_path(t, "state", "unproven"); /* a clone that was not built yet */
    bool first = fs_exists(mark) && s->phase == PHASE_INSTRUMENT;
    int rc = cmake_recover(t, s, err);
    if (rc == 0)
        rc = build->run(t, s, build, log, err);
    if (rc != 0 && first)
        rc = cmake_instead(t, s, "built", build, log, err);
    if (rc == 0 && first)
        rc = fs_remove(mark, err);
    free(mark);
    return rc;
}
