/* Processes of trainings whose supervisor was killed. They are known by what they were started
   with, PGO_RAW and their output, or, since both may be gone, by their program. */
#ifndef PGO_STRAY_H
#define PGO_STRAY_H

/* Kills every process whose raw profiles or output go below `dir`, and, while no training runs, of
   our user those whose program is below `programs` (else NULL): how many there were. */
long stray_end(const char *dir, const char *programs);

#endif
