/* The commands. Each parses nothing and prints its results; errors are left to main. */
#ifndef PGO_CMD_H
#define PGO_CMD_H

#include "opt.h"

int cmd_instrument(const struct options *o, struct err *err);
int cmd_train(const struct options *o, struct err *err);
int cmd_merge(const struct options *o, struct err *err);
int cmd_use(const struct options *o, struct err *err);
int cmd_compare(const struct options *o, struct err *err);
int cmd_check(const struct options *o, struct err *err);
int cmd_test(const struct options *o, struct err *err);
int cmd_install(const struct options *o, struct err *err);
int cmd_status(const struct options *o, struct err *err);
int cmd_doctor(const struct options *o, struct err *err);
int cmd_clean(const struct options *o, struct err *err);
int cmd_flags(const struct options *o, struct err *err);
int cmd_help(const struct options *o, struct err *err);
int cmd_version(const struct options *o, struct err *err);

#endif
