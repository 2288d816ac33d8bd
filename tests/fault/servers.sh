# Trainings with a server: when it is ready, how it ends, and what is said of one that fails. Its own
# counts are in the profile.
. "$(dirname "$0")/../lib.sh"
mkdir src
cat >src/srv.c <<'END'
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listening(const char *where)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(atoi(where))};
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    int local = strchr(where, '/') != NULL, fd = socket(local ? AF_UNIX : AF_INET, SOCK_STREAM, 0);
    strncpy(un.sun_path, where, sizeof un.sun_path - 1);
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int rc = local ? bind(fd, (struct sockaddr *)&un, sizeof un) : bind(fd, (struct sockaddr *)&in, sizeof in);
    if (rc != 0 || listen(fd, 16) != 0)
        exit(9);
    return fd;
}
static void crash(int sig) { (void)sig; abort(); }
static int answer(int fd)
{
    char c, sum = 0;
    while (read(fd, &c, 1) == 1 && c != '\n')
        sum += c;
    write(fd, &sum, 1);
    close(fd);
    return c == '\n' && sum == 'q';
}
/* Ends in the middle of a request. */
static void ends(const char *how, int fd)
{
    char c;
    int crashes = strcmp(how, "daemon-crash") == 0, dies = strcmp(how, "dies") == 0;
    if (!crashes && !dies && strcmp(how, "leaves") != 0)
        return;
    if (read(fd, &c, 1) == 1 && crashes)
        abort();
    _exit(dies ? 3 : 0);
}
static const char *how;
static int listener;
static void *serve(void *arg)
{
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        ends(how, fd);
        if (answer(fd) && strcmp(how, "quits") == 0)
            exit(7);
        if (strcmp(how, "once") == 0)
            exit(0);
    }
    return arg;
}
int main(int argc, char **argv)
{
    how = argv[1];
    printf("this is %s\n", how);
    fflush(stdout);
    if (argc < 3 || strcmp(how, "early") == 0)
        return 3;
    if (strcmp(how, "deaf") == 0)
        signal(SIGTERM, SIG_IGN);
    if (strcmp(how, "crash") == 0)
        signal(SIGTERM, crash);
    if (strcmp(how, "mute") == 0)
        pause();
    if (strncmp(how, "daemon", 6) == 0 && daemon(1, 1) != 0)
        return 4;
    listener = listening(argv[2]);
    printf("now serving at %s", argv[2]);
    fflush(stdout);
    pthread_t thread;
    if (strcmp(how, "threads") == 0 && pthread_create(&thread, NULL, serve, NULL) == 0)
        pthread_exit(NULL);
    serve(NULL);
}
END
cat >src/client.c <<'END'
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(int argc, char **argv)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char c;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (argc < 3 || connect(fd, (struct sockaddr *)&in, sizeof in) != 0)
        return 5;
    write(fd, argv[2], strlen(argv[2]));
    write(fd, "\n", 1);
    return read(fd, &c, 1) == 1 ? 0 : 6;
}
END
start src servers
target src program srv srv.c
target src program client client.c
# shellcheck disable=SC2016
echo '"$1/client" "$PGO_PORT" d' >src/second.sh
# Each way of being ready, several commands, one that is started by a script.
training src port server='srv serve {port}' repeat=3 -- client '{port}' abc
training src line server='srv serve {port}' ready='line serving at' stop=INT grace=5 also='client {port} d' \
    also='client {port} "e f"' -- client '{port}' abc
training src socket server='srv serve {tmp}/s' ready='socket {tmp}/s' -- test -S '{tmp}/s'
training src command server='srv serve {port}' ready='command client {port} x' ready_timeout=20 parallel \
    also='sh {source}/second.sh {build}' -- client '{port}' abc
training src daemon server='srv daemon {port}' -- client '{port}' abc
training src threads server='srv threads {port}' grace=2 -- client '{port}' abc
training src once server='srv once {port}' -- client '{port}' abc
configure src build
driver 0 use
same "$(trained)" "command daemon line once port socket threads"
hasnt err warning
if [ -e build/pgo/train/port/log.server ]; then
    has build/pgo/train/port/log.server "this is serve"
else
    fail "the server's output is not kept"
fi
hasnt build/pgo/train/port/log "this is serve"
has build/pgo/train/port/record "processes 6" "wrote 6"
has build/pgo/train/line/record "processes 4" "wrote 4"
has build/pgo/train/command/record "processes 3" "wrote 3" # however often it was asked
has build/pgo/train/threads/record "processes 2" "wrote 2"
[ ! -e build/pgo/scratch/tmp/socket ] || fail "{tmp} is left"
driver 0 use
hasnt err train:

# bad MESSAGE SERVER COMMAND [OPTION...]: that training alone goes wrong.
bad() {
    message=$1
    server=$2
    command=$3
    shift 3
    driver 1 train --train "bad=$command" --server "bad=$server" "$@"
    one_error
    has err "training 'bad'$message" "hint: "
    nothing_left || fail "left: $(left_running)"
}
bad ": the server 'srv' exited with status 3 before it was ready" 'srv early {port}' 'client {port} a'
has err "this is early" "log.server"
bad ": the server 'srv' exited with status 3 before it was ready" 'srv early {port}' 'client {port} a' \
    --ready 'bad=command sleep 30'
bad ": the server 'srv' was not ready after 1 s: nothing accepts connections at port " 'srv mute {port}' \
    'client {port} a' --ready-timeout bad=1
bad ": the server 'srv' was not ready after 1 s: no line of its output has 'never said'" 'srv serve {port}' \
    'client {port} a' --ready-timeout bad=1 --ready 'bad=line never said'
bad ": the server 'srv' was not ready after 1 s: 'false' never succeeded" 'srv serve {port}' \
    'client {port} a' --ready-timeout bad=1 --ready 'bad=command false'
bad ": the server 'srv' exited with status 7 while the commands ran" 'srv quits {port}' \
    'sh -c "\"{build}/client\" $PGO_PORT q; exec sleep 30"'
bad ": the server 'srv' exited with status 3 while the commands ran" 'srv dies {port}' 'client {port} a'
bad ": the server 'srv' exited with status 0 while the commands ran" 'srv leaves {port}' 'client {port} a'
bad ": the server 'srv' exited with status 0 while the commands ran" 'srv once {port}' 'client {port} a' \
    --also 'bad=sleep 30'
bad ": the server 'srv' crashed by SIGABRT while the commands ran" 'srv daemon-crash {port}' \
    'sh -c "\"{build}/client\" $PGO_PORT a; exec sleep 30"'
bad ": the server 'srv' crashed by SIGABRT when it was stopped by SIGTERM" 'srv crash {port}' 'client {port} a'
bad ": the server 'srv' did not end within 1 s of SIGTERM, and was killed" 'srv deaf {port}' \
    'client {port} a' --grace bad=1
has err "this is deaf" "STOP_SIGNAL" "GRACE"
bad " failed: its command 2 of 3, 'client', exited with status 5" 'srv serve {port}' 'client {port} a' \
    --also 'bad=client {port}' --also 'bad=client {port} c'

# What does not fit together, before anything is run.
usage() { # MESSAGE OPTION...
    message=$1
    shift
    driver 2 train --train 'bad=client a' "$@"
    one_error
    has err "training 'bad'$message"
    hasnt err train:
}
usage ": nothing says when its server 'srv' is ready for the command" --server 'bad=srv serve'
usage ": a server is ready by 'port', 'socket PATH', 'line TEXT' or 'command WORD...', not 'soket x'" \
    --server 'bad=srv serve' --ready 'bad=soket x'
usage " has no server that could be ready" --ready 'bad=port'
usage ": the command 'serv' is neither a target of the project nor a program on PATH" --server 'bad=serv {port}'
usage ": a server is stopped by TERM, INT or another signal that can be handled, not by 'KILL'" \
    --server 'bad=srv {port}' --stop bad=KILL
driver 0 use --forget bad
