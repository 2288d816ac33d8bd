/* clean: the end of our folder. */
#include "cmd.h"
#include "fs.h"
#include "lock.h"
#include "msg.h"
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool clean_is_ours(const char *name)
{
    static const char *const starts[] = {"state",    "train",      "profile",    "log",
                                         "scratch",  ".gitignore", "instrument", "use",
                                         "baseline", "runtime"};
    for (size_t i = 0; i < PGO_COUNT(starts); i++)
        if (str_starts(name, starts[i]))
            return true;
    return false;
}

/* In a folder that the project has come to use as well, its files stay; the mark, in state, goes
   last. */
static int clean_shared(const struct tree *t, const struct vec *names, struct err *err)
{
    char *state = tree_path(t, "state", NULL);
    int rc = 0;
    for (size_t i = 0; i < names->n && rc == 0; i++) {
        char *path = path_join(t->home, names->v[i]);
        if (clean_is_ours(names->v[i]) && strcmp(path, state) != 0)
            rc = fs_remove(path, err);
        free(path);
    }
    if (rc == 0)
        rc = fs_remove(state, err);
    free(state);
    return rc;
}

/* Renamed first: a folder that was removed in part would no longer be known as ours. */
static int clean_home(const struct tree *t, struct err *err)
{
    struct vec names = VEC_INIT;
    char *removed = str_fmt("%s.removed", t->home);
    const char *other = NULL;
    int rc = fs_list(t->home, &names, err);
    for (size_t i = 0; i < names.n && !other; i++)
        other = clean_is_ours(names.v[i]) ? NULL : names.v[i];
    if (other)
        msg_note("'%s/%s' was not made by pgo: what is not pgo's is left", t->home, other);
    if (rc == 0 && other) {
        rc = clean_shared(t, &names, err);
    } else if (rc == 0) {
        rc = fs_remove(removed, err);
        if (rc == 0)
            rc = fs_rename(t->home, removed, err);
        if (rc == 0)
            rc = fs_remove(removed, err);
    }
    vec_release(&names);
    free(removed);
    return rc;
}

int cmd_clean(const struct options *o, struct err *err)
{
    struct tree t;
    struct lock lock = LOCK_INIT;
    if (tree_open(&t, o->dir, o->config, err) != 0)
        return -1;
    char *mark = tree_path(&t, "state", "pgo"), *path = tree_path(&t, "state", "lock");
    char *removed = str_fmt("%s.removed", t.home);
    int rc = fs_exists(mark) ? lock_take(&lock, path, "clean", !o->no_wait, err) : 1;
    if (rc == 1) {
        rc = fs_remove(removed, err); /* of a clean that was killed */
        puts("nothing to remove");
    } else if (rc == 0) {
        char *given = tree_path(&t, "state", "given");
        msg_note("removing '%s' (%.1f MB), profiles%s included", t.home,
                 (double)fs_tree_size(t.home) / 1e6,
                 fs_exists(given) ? " and what --train gave" : "");
        free(given);
        rc = clean_home(&t, err);
        if (rc == 0)
            printf("removed %s\n", t.home);
        lock_release(&lock);
    }
    free(mark);
    free(path);
    free(removed);
    tree_close(&t);
    return rc;
}
