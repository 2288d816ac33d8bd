/* The server of a training under `pgo exec`: started, waited for until it is ready, stopped. */
#ifndef PGO_SERVER_H
#define PGO_SERVER_H

#include "crew.h"

struct server {
    const struct vec *words; /* its command */
    const struct vec *ready; /* port, socket PATH, line TEXT, command WORD... */
    double ready_timeout, grace;
    int stop;        /* the signal that ends it */
    const char *log; /* where its output goes */
    long port;
    int at;      /* its index in the crew */
    char *fault; /* what went wrong with it, NULL: nothing */
    char *hint;
};

void server_release(struct server *v);
/* Starts it; -1 and err when it cannot be. Whether it became ready is to be seen by its fault, and
   by whether the crew is to stop. */
int server_start(struct server *v, struct crew *c, struct err *err);
/* Whether it has ended, and left nothing in the background. */
bool server_gone(const struct server *v, const struct crew *c);
/* Whether it has failed; when there are no `more` commands to run, it may end well. */
bool server_failed(struct server *v, const struct crew *c, bool more);
/* Ends it and whatever else is left. */
void server_stop(struct server *v, struct crew *c);
/* A TCP port that is free now; 0 when there is none. */
long server_port(void);

#endif
