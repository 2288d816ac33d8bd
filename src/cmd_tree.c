/* status, clean: what is in our folder, and its end. */
#include "cmd.h"
#include "comparison.h"
#include "evidence.h"
#include "fs.h"
#include "json.h"
#include "msg.h"
#include "runtime.h"
#include "train_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows of "name: value", printed as text or as one JSON object. */
static void status_trainings(const struct train_records *all, struct map *rows)
{
    size_t *only = mem_alloc((all->n + 1) * sizeof(*only));
    bool known = train_records_only(all, only);
    for (size_t i = 0; i < all->n; i++) {
        char *key = str_fmt("training %s", map_get(&all->v[i].run, "name"));
        char *text = train_record_text(&all->v[i], known ? &only[i] : NULL);
        map_set(rows, key, text);
        free(key);
        free(text);
    }
    free(only);
}

static void status_stages(const struct session *s, struct map *rows)
{
    static const char *const stages[] = {"instrument", "use", "baseline"};
    for (size_t i = 0; i < PGO_COUNT(stages); i++) {
        struct map m = MAP_INIT;
        char *record = str_fmt("stage.%s", stages[i]), *dir = tree_path(&s->tree, stages[i], NULL);
        char *building = str_fmt("%s/state/building.%s", s->tree.home, stages[i]);
        char *key = str_fmt("stage %s", stages[i]);
        session_record(s, record, &m);
        const char *text =
            !fs_is_dir(dir)                                 ? "not made"
            : !map_get(&m, "key") || !*map_get(&m, "key")   ? "not configured to the end"
            : fs_exists(building)                           ? "the last build did not end"
            : !record_is(&m, "compiler", s->compiler_stamp) ? "made by another compiler"
                                                            : "made";
        map_set(rows, key, text);
        free(record);
        free(dir);
        free(building);
        free(key);
        map_release(&m);
    }
}

/* Whether programs leave a profile however they end. */
static void status_runtime(const struct session *s, struct map *rows)
{
    char *missing = runtime_missing(s);
    if (missing && *missing)
        map_setf(rows, "runtime", "the compiler's own alone: %s", missing);
    else if (missing)
        map_set(rows, "runtime", "pgo's, linked into instrumented programs");
    free(missing);
}

/* The lines of a training's text, but for its command; words of one list in one. */
static void status_attributes(const struct training *t, struct vec *out)
{
    struct buf text = BUF_INIT;
    struct vec lines = VEC_INIT;
    training_text(t, &text);
    for (char *c = text.p; c && *c; c++)
        *c = *c == TRAINING_SEPARATOR ? ' ' : *c;
    vec_split(&lines, buf_str(&text), '\n');
    for (size_t i = 0, from; i < lines.n; i = from) {
        size_t key = strcspn(lines.v[i], " ") + 1;
        bool list = str_starts(lines.v[i], "server ") || str_starts(lines.v[i], "ready ");
        struct vec words = VEC_INIT;
        vec_add(&words, lines.v[i]);
        for (from = i + 1; list && from < lines.n && strncmp(lines.v[from], lines.v[i], key) == 0;
             from++)
            vec_add(&words, lines.v[from] + key);
        if (*lines.v[i] && !str_starts(lines.v[i], "arg "))
            vec_take(out, vec_join(&words, " "));
        vec_release(&words);
    }
    buf_release(&text);
    vec_release(&lines);
}

/* What is remembered of the command line. */
static void status_given(const struct session *s, struct map *rows)
{
    for (size_t i = 0; i < s->given.n; i++) {
        const struct training *t = &s->given.trainings[i];
        char *key = str_fmt("given %s", t->name), *words = vec_join(&t->command, " ");
        struct vec rest = VEC_INIT;
        status_attributes(t, &rest);
        char *attributes = rest.n ? vec_join(&rest, ", ") : str_dup("");
        map_setf(rows, key, rest.n ? "%s (%s)" : "%s%s", words, attributes);
        vec_release(&rest);
        free(attributes);
        free(key);
        free(words);
    }
    for (size_t i = 0; i < s->given.tests_n; i++) {
        char *key = str_fmt("given tests %s", s->given.tests[i].regex);
        map_set(rows, key, "trained with");
        free(key);
    }
    for (size_t i = 0; i < s->given.excluded.n; i++) {
        char *key = str_fmt("given exclusion %s", s->given.excluded.v[i]);
        map_set(rows, key, "compiled without profile flags");
        free(key);
    }
}

static void status_results(const struct session *s, struct map *rows)
{
    struct map merge = MAP_INIT;
    struct comparison c;
    struct evidence e;
    session_record(s, "merge", &merge);
    if (map_get(&merge, "hash")) {
        const char *dataset = map_get(&merge, "dataset");
        map_set(rows, "profile", map_get(&merge, "hash"));
        map_set(rows, "trained on", dataset ? dataset : "");
        map_setf(rows, "coverage", "%s of %s functions ran", map_get(&merge, "covered"),
                 map_get(&merge, "functions"));
    }
    bool known = evidence_recall(s, &e);
    if (known && !evidence_measured(&e))
        map_set(rows, "match", "not measured");
    else if (known)
        map_setf(rows, "match", "%ld of %ld functions (%.1f %%)", e.functions.matched,
                 e.functions.matched + e.functions.unmatched, evidence_percent(&e));
    if (comparison_read(s, &c)) {
        const struct interval *i = comparison_mean(&c);
        map_setf(rows, "comparison", "%.3f [%.3f, %.3f] %s, %s%s", i->middle, i->low, i->high,
                 stats_verdict_text(stats_verdict(i)), i == &c.held_out ? "held out" : "trained",
                 record_is(&merge, "hash", c.profile) ? "" : " (of an earlier profile)");
        comparison_release(&c);
    }
    evidence_release(&e);
    map_release(&merge);
}

int cmd_status(const struct options *o, struct err *err)
{
    struct session s;
    struct map rows = MAP_INIT;
    struct buf json = BUF_INIT;
    struct train_records trainings = {NULL, 0};
    if (session_open(&s, o, false, err) != 0)
        return -1;
    map_set(&rows, "tree", s.tree.dir);
    map_setf(&rows, "compiler", "%s %s (%s)", s.tree.compiler.family->name, s.tree.compiler.version,
             s.tree.compiler.path);
    map_set(&rows, "dataset", s.dataset);
    if (s.tree.config)
        map_set(&rows, "configuration", s.tree.config);
    status_stages(&s, &rows);
    status_runtime(&s, &rows);
    status_given(&s, &rows);
    train_records_find(&s, &trainings);
    status_trainings(&trainings, &rows);
    status_results(&s, &rows);
    for (size_t i = 0; i < rows.keys.n; i++) {
        if (o->json) {
            buf_adds(&json, i ? ",\n " : "{");
            json_quote(&json, rows.keys.v[i]);
            buf_adds(&json, ": ");
            json_quote(&json, rows.values.v[i]);
        } else {
            printf("%-24s %s\n", rows.keys.v[i], rows.values.v[i]);
        }
    }
    if (o->json) {
        buf_adds(&json, ",\n \"trainings\": ");
        train_records_json(&trainings, &json);
        printf("%s}\n", buf_str(&json));
    }
    train_records_release(&trainings);
    buf_release(&json);
    map_release(&rows);
    session_close(&s);
    return 0;
}

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
