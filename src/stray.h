/* Processes of trainings whose supervisor was killed: they are known by their environment. */
#ifndef PGO_STRAY_H
#define PGO_STRAY_H

/* Kills every process of ours whose raw profiles go below `dir`: how many there were. */
long stray_end(const char *dir);

#endif
