/* What was declared to be run, trainings and held-out workloads: checked before anything is built,
   and made ready for the programs of one stage. */
#ifndef PGO_WORKLOAD_H
#define PGO_WORKLOAD_H

#include "stage.h"

/* A training is declared, and what it needs from outside of the build is there. */
int workload_check(const struct session *s, struct err *err);
/* So is something that can be timed, or may be once it is built; the error when nothing is. */
int workload_check_timed(const struct session *s, struct err *err);
int workload_not_timed(const struct session *s, struct err *err);
/* What the command line names is a target of the stage, or a program; no command names two. */
int workload_check_targets(const struct session *s, const struct stage *stage,
                           const struct model *model, struct err *err);
/* The expressions that it gave fit tests of the stage, which is built. */
int workload_check_tests(const struct session *s, const struct stage *stage, struct err *err);
/* What --only names are trainings of the plan, or of the other one if that is not NULL. */
int workload_check_only(const struct session *s, const struct plan *plan, const struct plan *other,
                        struct err *err);
/* Targets that trainings name in DEPENDS or as their program, and, for a comparison, those of
   held-out workloads. */
void workload_depends(const struct session *s, const struct model *model, bool held_out,
                      struct vec *targets);
/* The plan of a stage tree and what the command line gave, with placeholders filled, and the
   project's own tests among it. */
int workload_plan(const struct session *s, const struct stage *stage, const struct model *model,
                  struct plan *out, struct err *err);
/* The same without the project's own tests, which their runner would be asked for. */
int workload_declared(const struct session *s, const struct stage *stage, const struct model *model,
                      struct plan *out, struct err *err);
/* Adds what a workload of a stage's plan depends on beside its programs, files of ours with their
   content; an error when an input is not there or cannot be read. */
int workload_parts(const struct session *s, const struct training *t, const char *build,
                   struct map *parts, struct err *err);
/* All of them in one hash; after an error, of those there are. */
int workload_parts_hash(const struct session *s, const struct training *t, const char *build,
                        char hex[HASH_HEX + 1], struct err *err);
/* Adds the files that it names outside of the source and the user's build, and with `source` files
   and directories of the source, with their hashes. One that is not as it was before a run is an
   output. */
void workload_files(const struct session *s, const struct training *t, const char *build,
                    bool source, struct map *files);
/* The hash of such a file, or of the names below such a directory. */
bool workload_digest(const struct session *s, const char *path, char hex[HASH_HEX + 1]);
/* A hash of what a training of a stage's plan runs, which is the same for each stage. */
void workload_hash(const struct training *t, const char *build, char hex[HASH_HEX + 1]);
/* The words of `pgo exec` up to "--" for a training. */
void workload_exec_words(const struct training *t, struct vec *argv);

#endif
