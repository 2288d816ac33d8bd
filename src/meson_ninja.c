#include "meson_ninja.h"

#include <stdlib.h>
#include <string.h>

static const char ninja_build[] = "build ";

/* The text up to the first of `stops` that no '$' escapes, plainly; the caller frees it. */
static char *ninja_plain(const char *text, const char *stops, const char *end)
{
    struct buf b = BUF_INIT;
    for (const char *p = text; p < end && !strchr(stops, *p); p++) {
        p += *p == '$' && p + 1 < end;
        buf_addc(&b, *p);
    }
    return buf_detach(&b);
}

/* Rules of what runs on the build machine, in a cross build, are none of these. */
static enum ninja_kind ninja_kind(const char *rule)
{
    static const char *const like_c[] = {"c_", "cpp_", "objc_", "objcpp_"};
    static const struct {
        const char *end;
        enum ninja_kind c, rust, others;
    } ends[] = {{"COMPILER", NINJA_COMPILE, NINJA_COMPILE_RUST, NINJA_OTHER},
                {"PCH", NINJA_COMPILE, NINJA_OTHER, NINJA_OTHER},
                {"LINKER", NINJA_LINK, NINJA_OTHER, NINJA_LINK_OTHERS}};
    const char *dash = strchr(rule, '_');
    if (!dash || str_starts(rule, "STATIC_"))
        return NINJA_OTHER;
    for (size_t i = 0; i < PGO_COUNT(ends); i++) {
        const char *rest = str_starts(dash + 1, ends[i].end) ? dash + 1 + strlen(ends[i].end) : "?";
        if (*rest && strcmp(rest, "_RSP") != 0)
            continue;
        for (size_t k = 0; k < PGO_COUNT(like_c); k++)
            if (str_starts(rule, like_c[k]))
                return ends[i].c;
        return str_starts(rule, "rust_") ? ends[i].rust : ends[i].others;
    }
    return NINJA_OTHER;
}

static void ninja_forget(struct ninja_line *l)
{
    free(l->rule);
    free(l->out);
    free(l->in);
    l->rule = l->out = l->in = NULL;
    l->kind = NINJA_OTHER;
}

/* "build <out>…: <rule> <in>…" */
static void ninja_statement(struct ninja_line *l)
{
    const char *end = l->text + l->len, *p = l->text + strlen(ninja_build);
    l->out = ninja_plain(p, " |:", end);
    while (p < end && *p != ':')
        p += *p == '$' && p + 1 < end ? 2 : 1;
    p += p + 1 < end ? 2 : 0;
    l->rule = ninja_plain(p, " ", end);
    p += strcspn(p, " \n");
    p += p < end;
    l->in = ninja_plain(p, " |", end);
    l->kind = ninja_kind(l->rule);
}

void ninja_start(struct ninja_reader *r, const char *text)
{
    memset(r, 0, sizeof(*r));
    r->next = text;
}

const struct ninja_line *ninja_next(struct ninja_reader *r)
{
    static const char *const variables[] = {" ARGS = ", " LINK_ARGS = "};
    struct ninja_line *l = &r->line;
    if (!*r->next) {
        ninja_forget(l);
        return NULL;
    }
    l->text = r->next;
    l->len = strcspn(r->next, "\n");
    r->next += l->len + (l->text[l->len] == '\n');
    l->options = NULL;
    if (*l->text != ' ')
        ninja_forget(l);
    if (str_starts(l->text, ninja_build))
        ninja_statement(l);
    for (size_t i = 0; i < PGO_COUNT(variables) && l->rule; i++)
        if (str_starts(l->text, variables[i]))
            l->options = l->text + strlen(variables[i]);
    return l;
}

void ninja_words(const struct ninja_line *l, struct vec *words)
{
    char *text = ninja_plain(l->options, "", l->text + l->len);
    vec_shell(words, text);
    free(text);
}

/* The options are separated by spaces, and a space in one of them is written "$ ". No word is in
   none. */
static const char *ninja_find(const char *options, const char *end, const char *word)
{
    size_t n = word ? strlen(word) : 0;
    for (const char *p = options; word && p + n <= end; p++) {
        bool starts = p == options || (p[-1] == ' ' && !(p - options > 1 && p[-2] == '$'));
        if (starts && strncmp(p, word, n) == 0 && (p + n == end || p[n] == ' '))
            return p;
    }
    return NULL;
}

bool ninja_has(const struct ninja_line *l, const char *word)
{
    return ninja_find(l->options, l->text + l->len, word) != NULL;
}

void ninja_rule(const char *text, const char *rule, const char *stop, struct vec *words)
{
    char *start = str_fmt("\nrule %s\n command = ", rule);
    const char *hit = strstr(text, start);
    if (hit) {
        hit += strlen(start);
        char *line = str_ndup(hit, strcspn(hit, "\n")), *end = strstr(line, stop);
        char *plain = ninja_plain(line, "", end ? end : line);
        vec_shell(words, plain);
        free(plain);
        free(line);
    }
    free(start);
}

void ninja_compiler(const char *text, const char *rule, struct vec *words)
{
    ninja_rule(text, rule, str_ends(rule, "_RSP") ? " @" : " $ARGS", words);
}

/* A word for the shell, and that for ninja. */
static void ninja_add(struct buf *out, const char *start, const char *word)
{
    bool plain = *word && !strpbrk(word, " '\"\\$`*?[]{}()<>|&;#~!\t");
    char *inner = str_replace(word, "'", "'\"'\"'");
    char *quoted = str_fmt(plain ? "%s%s" : "'%s%s'", start, plain ? word : inner);
    char *dollars = str_replace(quoted, "$", "$$"), *safe = str_replace(dollars, " ", "$ ");
    buf_addf(out, " %s", safe);
    free(inner);
    free(quoted);
    free(dollars);
    free(safe);
}

static void ninja_flags(struct buf *out, const char *start, const struct vec *flags,
                        const char *object)
{
    for (size_t i = 0; i < flags->n; i++) {
        struct vec words = VEC_INIT;
        char *text = str_replace(flags->v[i], "<OBJECT>", object);
        vec_split(&words, text, '\n');
        for (size_t k = 0; k < words.n; k++)
            ninja_add(out, start, words.v[k]);
        vec_release(&words);
        free(text);
    }
}

/* The options without the word, behind each other as they were. */
static void ninja_without(struct buf *out, const struct ninja_line *l, const char *word)
{
    const char *p = l->options, *end = l->text + l->len, *hit;
    buf_add(out, l->text, (size_t)(p - l->text));
    while ((hit = ninja_find(p, end, word))) {
        buf_add(out, p, (size_t)(hit - p));
        p = hit + strlen(word) + (hit + strlen(word) < end);
    }
    buf_add(out, p, (size_t)(end - p));
}

static bool ninja_excluded(const struct vec *excluded, const char *out)
{
    for (size_t i = 0; i < excluded->n; i++)
        if (str_starts(out, excluded->v[i]))
            return true;
    return false;
}

/* An excluded program may link an instrumented library, unless it wants no library at all. */
static bool ninja_links_none(const struct ninja_line *l)
{
    return ninja_has(l, "-nostdlib") || ninja_has(l, "-nodefaultlibs");
}

static void ninja_rewrite_line(struct buf *out, const struct ninja_line *l, const char *mark,
                               const struct flags *f, const struct vec *excluded)
{
    const struct vec *others = f->others.n ? &f->others : &f->link;
    bool for_linker = str_starts(l->text, " LINK_");
    char *objects = str_fmt("%s.p/", l->out); /* of a linked target */
    bool marked =
        (!mark || ninja_has(l, mark)) && !ninja_excluded(excluded, for_linker ? objects : l->out);
    ninja_without(out, l, mark);
    if (l->kind == NINJA_COMPILE && marked) {
        ninja_flags(out, "", &f->compile, l->out);
        ninja_flags(out, "", &f->object, l->out);
    } else if (l->kind == NINJA_LINK && for_linker && (marked || !ninja_links_none(l))) {
        ninja_flags(out, "", &f->link, l->out);
    } else if (l->kind == NINJA_LINK_OTHERS && for_linker) {
        ninja_flags(out, "", others, l->out);
    } else if (l->kind == NINJA_COMPILE_RUST) {
        ninja_flags(out, "-Clink-arg=", others, l->out);
        ninja_add(out, "-Clink-arg=", "-lc"); /* rustc puts its own before what it is given */
    }
    buf_addc(out, '\n');
    free(objects);
}

void ninja_rewrite(struct buf *out, const char *text, const char *mark, const struct flags *f,
                   const struct vec *excluded)
{
    struct ninja_reader r;
    const struct ninja_line *l;
    ninja_start(&r, text);
    while ((l = ninja_next(&r))) {
        if (l->options)
            ninja_rewrite_line(out, l, mark, f, excluded);
        else
            buf_addf(out, "%.*s\n", (int)l->len, l->text);
    }
}
