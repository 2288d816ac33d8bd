/* Stage trees: made, refreshed, built and proven. Nothing here knows a build system or a compiler.
 */
#ifndef PGO_STAGE_H
#define PGO_STAGE_H

#include "session.h"

/* One linked program or library with counters in it. */
struct artifact {
    char *path;
    char *target;
    char *hash; /* of its content */
};

struct artifacts {
    struct artifact *v;
    size_t n;
};

/* Where the flags of a stage point; the strings are owned by the place. */
struct stage_place {
    char *build, *raw, *profile;
};

void artifacts_release(struct artifacts *a);
void stage_place_release(struct stage_place *p);
struct flag_place stage_flag_place(const struct session *s, const struct stage_place *p);
void stage_place_init(const struct session *s, struct stage_place *p, const char *name,
                      const char *profile);

/* Fills a stage: its name, directory and flags. `profile` for PHASE_USE. */
void stage_init(const struct session *s, struct stage *out, enum phase phase, const char *profile);
enum stage_need {
    STAGE_KEPT, /* it is configured from what there is now */
    STAGE_NEW,  /* there is none */
    STAGE_STALE,
    STAGE_UNFINISHED /* its last configure did not end */
};
/* Whether the stage tree is to be configured, and why; NULL when it is kept. The caller frees it.
 */
enum stage_need stage_need(const struct session *s, const struct stage *stage, char **why);
/* Configures the stage tree anew when the user tree is not what it was made from; then reads what
   it builds, and shows that the flags will reach every target. */
int stage_prepare(const struct session *s, struct stage *stage, struct model *model,
                  struct err *err);
/* Builds all of a prepared stage, and `targets`; the user's files must be as they were. */
int stage_make(const struct session *s, const struct stage *stage, const struct vec *targets,
               struct model *model, struct err *err);
/* Both. */
int stage_bring(const struct session *s, struct stage *stage, const struct vec *targets,
                struct model *model, struct err *err);
/* The linked artifacts with counters; an error when one should have them and has not. */
int stage_artifacts(const struct session *s, const struct stage *stage, const struct model *model,
                    struct artifacts *out, struct err *err);
/* Adds to a record what the stage's programs and libraries are, and tells by it later whether they
   still are. */
void stage_note_programs(const struct session *s, const struct model *model, struct map *record);
bool stage_same_programs(const struct session *s, const struct map *record);
/* An error when an object is compiled with other settings in the two stages; names one. */
int stage_same_settings(const struct model *a, const char *a_dir, const struct model *b,
                        const char *b_dir, struct err *err);
/* The environment for tools that we start in a stage: clean, and profiles of programs that a build
   runs go to a scratch place. */
int stage_env(const struct session *s, struct vec *env, struct err *err);

#endif
