#include "map.h"

#include "mem.h"
#include "summary.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Each file has a summary of its own, and they are joined in the order of the files: sums are then
 * rounded in the same way whatever thread was first. */
struct piece {
    const char *path;
    struct summary summary;
    int result;
    struct err err;
};

struct map {
    const struct query *query;
    enum records_format format;
    struct piece *pieces;
    size_t count;
    atomic_size_t next; /* piece that nobody works on */
};

/* QUERY is the thread's own copy: matchers learn as they go. */
static int piece_read(struct piece *piece, const struct query *query, enum records_format format)
{
    struct records records;
    int got;

    if (records_open(&records, piece->path, format, query->fields, query->field_count, &piece->err))
        return -1;
    while ((got = records_next(&records, &piece->err)) > 0)
        if (query_accepts(query, records.values))
            summary_add(&piece->summary, records.values);
    records_close(&records);
    return got;
}

static void *map_work(void *argument)
{
    struct map *map = argument;
    struct query query;
    struct err err;
    size_t i;

    if (query_init(&query, map->query->text, &err))
        return NULL; /* never: it was read before */
    while ((i = atomic_fetch_add(&map->next, 1)) < map->count) {
        struct piece *piece = &map->pieces[i];

        piece->result = piece_read(piece, &query, map->format);
        if (piece->result) /* the files before it are all taken: theirs is the first error */
            atomic_store(&map->next, map->count);
    }
    query_release(&query);
    return NULL;
}

/* What cannot be started is left to the others; this one works as well. */
static void map_run(struct map *map, size_t threads)
{
    pthread_t *ids = mem_alloc(threads, sizeof *ids);
    size_t started = 0;

    while (started + 1 < threads && started + 1 < map->count &&
           !pthread_create(&ids[started], NULL, map_work, map))
        started++;
    map_work(map);
    while (started > 0)
        pthread_join(ids[--started], NULL);
    free(ids);
}

static int map_write(const struct map *map, struct output *out, struct err *err)
{
    struct summary answer;
    int result = 0;

    summary_init(&answer, map->query);
    for (size_t i = 0; i < map->count && !result; i++) {
        result = map->pieces[i].result;
        if (result)
            *err = map->pieces[i].err;
        else
            summary_join(&answer, &map->pieces[i].summary);
    }
    if (!result)
        result = summary_write(&answer, out, err);
    summary_release(&answer);
    return result;
}

int map_files(const struct query *query, enum records_format format, const char *const *paths,
              size_t count, size_t threads, struct output *out, struct err *err)
{
    struct slice source = query->source;
    char *named = source.text ? mem_text(source.text, source.length) : mem_text("-", 1);
    struct map map = {.query = query, .format = format, .count = count ? count : 1};
    int result;

    map.pieces = mem_alloc(map.count, sizeof *map.pieces);
    for (size_t i = 0; i < map.count; i++) {
        map.pieces[i].path = count ? paths[i] : named;
        summary_init(&map.pieces[i].summary, query);
    }
    map_run(&map, threads);
    result = map_write(&map, out, err);
    for (size_t i = 0; i < map.count; i++)
        summary_release(&map.pieces[i].summary);
    free(map.pieces);
    free(named);
    return result;
}
