/* How a stage is configured: as a clone of the user tree, or afresh with the user's own entries,
   where a clone will not do. */
#include "command.h"
#include "fs.h"
#include "msg.h"
#include "proc.h"
#include "record.h"
#include "tree_cmake.h"

#include <stdlib.h>
#include <string.h>

#define WAY_RECORD "way"

/* What state/way says: how the stages of a tree are configured. */
static const char way_unproven[] = "unproven"; /* as clones, none of which was built yet */
static const char way_clone[] = "clone";
static const char way_afresh[] = "afresh";
static const char way_release[] = "release"; /* afresh as Release, for what stands under "reason" */

static struct map way_read(const struct tree *t)
{
    struct map m = MAP_INIT;
    struct err ignored = ERR_INIT;
    char *path = tree_path(t, "state", WAY_RECORD);
    record_read(path, &m, &ignored);
    err_release(&ignored);
    free(path);
    return m;
}

static bool way_is(const struct tree *t, const char *way)
{
    struct map m = way_read(t);
    bool is = record_is(&m, "way", way);
    map_release(&m);
    return is;
}

static int way_write(const struct tree *t, const char *way, const char *reason, struct err *err)
{
    struct map m = MAP_INIT;
    char *path = tree_path(t, "state", WAY_RECORD);
    map_set(&m, "way", way);
    map_set(&m, "reason", reason);
    int rc = record_write(path, &m, err);
    map_release(&m);
    free(path);
    return rc;
}

/* A record that cannot be read any more is as good as one of before the first build. */
static int way_mend(const struct tree *t, struct err *err)
{
    struct map m = MAP_INIT;
    struct err why = ERR_INIT;
    char *path = tree_path(t, "state", WAY_RECORD);
    int rc = 0;
    if (record_read(path, &m, &why) == RECORD_DAMAGED) {
        msg_warn("%s; how the stages are configured is found out again", why.msg);
        rc = way_write(t, way_unproven, "", err);
    }
    map_release(&m);
    err_release(&why);
    free(path);
    return rc;
}

/* What the decision for Release is made of. */
static char *way_release_reason(const struct tree *t)
{
    const struct cmake_tree *c = t->state;
    return str_fmt("%s\n%s\n%s\n", cache_get(&c->cache, "CMAKE_BUILD_TYPE"),
                   cache_get(&c->cache, "CMAKE_C_FLAGS"), cache_get(&c->cache, "CMAKE_CXX_FLAGS"));
}

/* Whether an earlier configure of any stage decided for Release, and for the same reason. */
static bool way_is_release(const struct tree *t)
{
    struct map m = way_read(t);
    char *reason = way_release_reason(t);
    bool is = record_is(&m, "way", way_release) && record_is(&m, "reason", reason);
    free(reason);
    map_release(&m);
    return is;
}

/* Before each use of a stage: a clone that a killed run has put aside comes back, unless what
   replaced it was finished. */
static int cmake_recover(const struct tree *t, const struct stage *s, struct err *err)
{
    char *clone = str_fmt("%s.clone", s->dir);
    int rc = way_mend(t, err);
    if (rc == 0 && fs_exists(clone)) {
        rc = fs_remove(way_is(t, way_afresh) ? clone : s->dir, err);
        if (rc == 0 && fs_exists(clone))
            rc = fs_rename(clone, s->dir, err);
    }
    free(clone);
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
    if (err->killed || proc_signal())
        return -1;
    msg_note("a copy of your tree's configuration could not be %s: trying with its entries alone, "
             "configured afresh",
             what);
    char *clone = str_fmt("%s.clone", s->dir);
    int rc = fs_remove(clone, &second);
    if (rc == 0 && (rc = fs_rename(s->dir, clone, &second)) == 0) {
        rc = cmake_generate(t, s, CMAKE_AFRESH, log, &second);
        if (rc == 0 && build)
            rc = build->run(t, s, build, log, &second);
        if (rc == 0)
            rc = way_write(t, way_afresh, "", &second);
        if (fs_remove(rc == 0 ? clone : s->dir, &second) == 0 && rc != 0)
            fs_rename(clone, s->dir, &second);
    }
    if (rc == 0) {
        msg_note("that worked: the stages are configured afresh with your tree's entries");
        err_release(err);
        *err = (struct err)ERR_INIT;
    }
    err_release(&second);
    free(clone);
    return rc;
}

static int cmake_try_clone(const struct tree *t, const struct stage *s, bool first, const char *log,
                           struct err *err)
{
    /* Before, so that a kill in between leaves a clone that is known as one. */
    int rc = (first || way_is(t, way_release)) && s->phase == PHASE_INSTRUMENT
                 ? way_write(t, way_unproven, "", err)
                 : 0;
    if (rc == 0)
        rc = cmake_clone(t, s, err);
    if (rc == 0)
        rc = cmake_generate(t, s, CMAKE_CLONE, log, err);
    if (rc != 0 && (first || way_is(t, way_unproven)))
        rc = cmake_instead(t, s, "configured", NULL, log, err);
    return rc;
}

/* A project would be profiled and "optimized" at -O0. Build types that say nothing of optimization
   are then replaced in the stages; others are the user's choice. */
static int cmake_optimize(const struct tree *t, const struct stage *s, const char *log,
                          struct err *err)
{
    static const char *const silent[] = {"", "None", "Debug"};
    const struct cmake_tree *c = t->state;
    const char *type = cache_get(&c->cache, "CMAKE_BUILD_TYPE");
    bool replace = false;
    for (size_t i = 0; i < PGO_COUNT(silent); i++)
        replace |= strcmp(type, silent[i]) == 0;
    if (!replace || t->config || commands_optimized(s->dir, NULL))
        return 0;
    char *reason = way_release_reason(t);
    int rc = fs_remove(s->dir, err);
    if (rc == 0)
        rc = cmake_generate(t, s, CMAKE_RELEASE, log, err);
    /* The project may set the type itself. */
    if (rc == 0 && commands_optimized(s->dir, NULL))
        msg_note(
            "the build type of your tree is '%s', without optimization: the stages use 'Release'",
            type);
    if (rc == 0)
        rc = way_write(t, way_release, reason, err);
    free(reason);
    return rc;
}

int cmake_configure(const struct tree *t, const struct stage *s, const char *log, struct err *err)
{
    struct stat st;
    long from = stat(log, &st) == 0 ? (long)st.st_size : 0;
    int rc = cmake_recover(t, s, err);
    bool first = cmake_is_new(s);
    if (rc == 0)
        rc = cmake_write_include(s, err);
    if (rc == 0)
        rc = cmake_presets(t, err);
    if (rc == 0 && way_is_release(t)) {
        rc = cmake_generate(t, s, CMAKE_RELEASE, log, err);
    } else if (rc == 0) {
        rc = way_is(t, way_afresh) ? cmake_generate(t, s, CMAKE_AFRESH, log, err)
                                   : cmake_try_clone(t, s, first, log, err);
        if (rc == 0)
            rc = cmake_optimize(t, s, log, err);
    }
    if (rc == 0)
        cmake_report(t, s, first && !way_is_release(t), log, from);
    return rc;
}

int cmake_first_build(const struct tree *t, const struct stage *s, const struct cmake_job *build,
                      const char *log, struct err *err)
{
    int rc = cmake_recover(t, s, err);
    bool first = s->phase == PHASE_INSTRUMENT && way_is(t, way_unproven);
    if (rc == 0)
        rc = build->run(t, s, build, log, err);
    if (!first)
        return rc;
    return rc == 0 ? way_write(t, way_clone, "", err)
                   : cmake_instead(t, s, "built", build, log, err);
}
