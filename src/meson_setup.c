/* How a Meson tree is configured, from its options and build.ninja. */
#include "fs.h"
#include "meson_ninja.h"
#include "tree_meson.h"

#include <stdlib.h>
#include <string.h>

/* An option that is a list of compiler options: its words are added to `words`. */
static void meson_list(const struct tree *t, const char *option, struct vec *words,
                       struct tree_setup *out)
{
    const char *text = meson_option(t, option);
    struct json list;
    struct err ignored = ERR_INIT;
    struct vec own = VEC_INIT;
    if (*text && json_parse(text, strlen(text), option, &list, &ignored) == 0) {
        for (size_t i = 0; i < json_count(&list); i++)
            vec_add(&own, json_str(json_at(&list, i), NULL));
        json_release(&list);
    }
    if (own.n) {
        char *lines = vec_join(&own, "\n");
        map_set(&out->settings, option, lines);
        free(lines);
    }
    vec_all(words, &own);
    vec_release(&own);
    err_release(&ignored);
}

/* The linker is chosen in each link, whatever has chosen it. */
static void meson_linker(const struct vec *words, struct tree_setup *out)
{
    for (size_t i = 0; i < words->n; i++)
        if (str_starts(words->v[i], "-fuse-ld=") && !vec_has(&out->link, words->v[i]))
            vec_add(&out->link, words->v[i]);
}

static void meson_commands(const struct tree *t, struct tree_setup *out)
{
    struct ninja_reader r;
    struct buf b = BUF_INIT;
    struct err ignored = ERR_INIT;
    char *path = path_join(t->dir, MESON_NINJA_FILE);
    fs_read(path, &b, &ignored);
    ninja_start(&r, buf_str(&b));
    for (const struct ninja_line *l; (l = ninja_next(&r));) {
        struct vec words = VEC_INIT;
        if (!l->options || ninja_has(l, MESON_DRIVER_FLAG))
            continue;
        ninja_words(l, &words);
        if (l->kind == NINJA_LINK)
            meson_linker(&words, out);
        if (l->kind == NINJA_COMPILE) {
            /* sub/<target>.p/<object> */
            char *lines = vec_join(&words, "\n"), *dir = path_dir(l->out);
            char *target = str_ndup(path_base(dir), strcspn(path_base(dir), "."));
            if (!map_get(&out->commands, lines))
                map_set(&out->commands, lines, target);
            free(lines);
            free(dir);
            free(target);
        }
        vec_release(&words);
    }
    buf_release(&b);
    err_release(&ignored);
    free(path);
}

void meson_tree_setup(const struct tree *t, struct tree_setup *out)
{
    const struct meson_tree *m = t->state;
    size_t n = 0;
    out->system = str_fmt("Meson %s", m->version);
    out->generator = str_dup("Ninja");
    out->configure = str_dup(m->command.v[0]);
    out->build = str_dup(m->ninja);
    out->tests = str_dup(m->command.v[0]);
    out->type = str_dup(meson_option(t, "buildtype"));
    for (size_t i = 0; i < PGO_COUNT(meson_languages); i++) {
        char *args = str_fmt("%s_args", meson_languages[i]);
        char *link = str_fmt("%s_link_args", meson_languages[i]);
        if (m->compilers[i].n) {
            vec_all(&out->start[n], &m->compilers[i]);
            meson_list(t, args, &out->flags[n++], out);
            vec_release(&out->link); /* the last one links */
            meson_list(t, link, &out->link, out);
        }
        free(args);
        free(link);
    }
    meson_commands(t, out);
}
