/* TCP on this machine, and what logserve and logclient say to each other.
 *
 * A request is one line: what to do, the name of a file, and the rest of the line is a pattern or a
 * query. An answer is lines. The last one begins with a NUL byte, as no line of a log does, and is
 * ANSWER_OK or ANSWER_ERROR with the reason after it. */
#ifndef LOGTOOLS_NET_H
#define LOGTOOLS_NET_H

#include "err.h"

#include <stdint.h>

enum { NET_MAX_PORT = 65535 };

#define ANSWER_OK "\0ok"
#define ANSWER_ERROR "\0error: "

/* Listens at *PORT of 127.0.0.1; for 0 it is a free one, and set. Both return a socket, or -1 with
 * ERR filled. */
int net_listen(uint64_t *port, struct err *err);
int net_connect(uint64_t port, struct err *err);

#endif
