/* What is said once a Meson stage is configured: where it found other things than the user tree. */
#include "fs.h"
#include "msg.h"
#include "tree_meson.h"

#include <stdlib.h>
#include <string.h>

/* Adds the answers in a line of Meson's log, "Checking for function "x" : YES (cached)". */
static void meson_answer(const char *line, struct map *out)
{
    static const char *const answers[] = {": YES", ": NO"};
    for (size_t i = 0; i < PGO_COUNT(answers); i++) {
        const char *hit = strstr(line, answers[i]);
        size_t n = hit ? (size_t)(hit - line) : 0;
        if (!hit || !strchr(" \r", hit[strlen(answers[i])]))
            continue;
        while (n > 0 && line[n - 1] == ' ')
            n--;
        char *question = str_ndup(line, n);
        map_set(out, question, answers[i] + 2);
        free(question);
    }
}

static void meson_answers(const char *dir, struct map *out)
{
    struct buf text = BUF_INIT;
    struct vec lines = VEC_INIT;
    struct err ignored = ERR_INIT;
    char *path = path_join(dir, "meson-logs/meson-log.txt");
    if (fs_read(path, &text, &ignored) == 0)
        vec_split(&lines, buf_str(&text), '\n');
    for (size_t i = 0; i < lines.n; i++)
        meson_answer(lines.v[i], out);
    free(path);
    buf_release(&text);
    vec_release(&lines);
    err_release(&ignored);
}

void meson_warn_probes(const struct tree *t, const struct stage *s)
{
    struct map user = MAP_INIT, stage = MAP_INIT;
    struct vec names = VEC_INIT;
    meson_answers(t->dir, &user);
    meson_answers(s->dir, &stage);
    for (size_t i = 0; i < user.keys.n; i++) {
        const char *now = map_get(&stage, user.keys.v[i]);
        if (now && strcmp(now, user.values.v[i]) != 0)
            vec_addf(&names, "%s (%s, now %s)", user.keys.v[i], user.values.v[i], now);
    }
    if (names.n) {
        char *list = vec_some(&names, 5);
        msg_warn("checks came out otherwise in the stage '%s' than in your tree: %s", s->name,
                 list);
        free(list);
    }
    map_release(&user);
    map_release(&stage);
    vec_release(&names);
}
