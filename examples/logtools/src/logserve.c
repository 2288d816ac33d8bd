/* Serves log files to several clients at once, each in a thread of its own. */
#include "buf.h"
#include "input.h"
#include "net.h"
#include "program.h"
#include "request.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_REQUEST = 64 * 1024, PATIENCE = 5 /* seconds, with a client that does nothing */ };

static struct {
    uint64_t port;
    const char *root;
    double timeout;
} settings = {.root = ".", .timeout = 60};

static const struct opt opts[] = {
    {.letter = 'p',
     .name = "port",
     .argument = "N",
     .help = "the port of 127.0.0.1; 0 (default) is a free one",
     .whole = &settings.port,
     .max = NET_MAX_PORT},
    {.letter = 'r',
     .name = "root",
     .argument = "DIRECTORY",
     .help = "where the files are (.)",
     .text = &settings.root},
    {.name = "timeout",
     .argument = "SECONDS",
     .help = "follow a file no longer (60)",
     .seconds = &settings.timeout},
};

static atomic_bool stopping;

static void stop(int number)
{
    (void)number;
    atomic_store(&stopping, true);
}

/* How many clients there are. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static size_t clients;

static void count_clients(bool more)
{
    pthread_mutex_lock(&lock);
    clients += more ? 1 : (size_t)-1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

/* Reads a line, as text. Returns 1, 0 if the client left without a request, or -1. */
static int read_request(int fd, struct buf *line, struct err *err)
{
    for (;;) {
        char *end = line->length ? memchr(line->data, '\n', line->length) : NULL;
        ssize_t got;

        if (end) {
            *end = '\0';
            return 1;
        }
        if (line->length >= MAX_REQUEST)
            return err_set(err, "the request is too long");
        buf_reserve(line, MAX_REQUEST / 16);
        got = input_read_fd(fd, "the client", line->data + line->length,
                            line->capacity - line->length, err);
        if (got <= 0)
            return (int)got;
        line->length += (size_t)got;
    }
}

static void end_answer(struct output *out, int result, struct err *err)
{
    struct err unsent;

    if (!result)
        output_line(out, ANSWER_OK, sizeof ANSWER_OK - 1, &unsent);
    else if (!output_write(out, ANSWER_ERROR, sizeof ANSWER_ERROR - 1, &unsent))
        output_line(out, err->text, strlen(err->text), &unsent);
}

static void *serve(void *argument)
{
    const struct request_terms terms = {settings.root, settings.timeout, &stopping};
    int fd = (int)(intptr_t)argument;
    struct output out;
    struct buf line = {0};
    struct err err = {{0}};
    int got;

    output_open_fd(&out, fd, "the client");
    got = read_request(fd, &line, &err);
    if (got != 0)
        end_answer(&out, got < 0 ? -1 : request_answer(line.data, &terms, &out, &err), &err);
    buf_release(&line);
    output_close(&out, &err);
    count_clients(false);
    return NULL;
}

static int accept_client(int listener, struct err *err)
{
    const struct timeval patience = {.tv_sec = PATIENCE};
    int fd = accept(listener, NULL, NULL);
    pthread_t thread;

    if (fd < 0 && errno == ECONNABORTED) /* it has left again */
        return 0;
    if (fd < 0)
        return err_set(err, "cannot accept a client: %s", strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    count_clients(true);
    if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd)) {
        count_clients(false);
        close(fd);
        return 0;
    }
    pthread_detach(thread);
    return 0;
}

/* Until a signal comes, which only this thread gets, and only while it waits. */
static int accept_clients(int listener, const sigset_t *waiting, struct err *err)
{
    while (!atomic_load(&stopping)) {
        fd_set set;
        int got;

        FD_ZERO(&set);
        FD_SET(listener, &set);
        got = pselect(listener + 1, &set, NULL, NULL, NULL, waiting);
        if (got < 0 && errno != EINTR)
            return err_set(err, "cannot wait for clients: %s", strerror(errno));
        if (got > 0 && accept_client(listener, err))
            return -1;
    }
    return 0;
}

static int run(int count, char **operands, struct err *err)
{
    const struct sigaction action = {.sa_handler = stop};
    sigset_t blocked, waiting;
    int listener;
    int result;

    if (count > 0)
        return err_set(err, "'%s' is one argument too many", operands[0]);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigaddset(&blocked, SIGINT);
    pthread_sigmask(SIG_BLOCK, &blocked, &waiting);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    listener = net_listen(&settings.port, err);
    if (listener < 0)
        return -1;
    printf("listening at 127.0.0.1:%" PRIu64 "\n", settings.port);
    fflush(stdout);
    result = accept_clients(listener, &waiting, err);
    close(listener);
    pthread_mutex_lock(&lock);
    while (clients > 0)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return result;
}

static const struct program program = {
    .name = "logserve",
    .synopsis = "[OPTION]...",
    .about =
        "Serves the log files of a directory on this machine; 'logclient' asks. Says where it\n"
        "listens when it does. SIGTERM and SIGINT end it, after the answers under way.\n",
    .opts = opts,
    .opt_count = sizeof opts / sizeof opts[0],
    .run = run,
};

int main(int argc, char **argv)
{
    return program_main(&program, argc, argv);
}
