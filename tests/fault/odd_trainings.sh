# Trainings that are hard to keep hold of: each ends, leaves its profile or a word about what did not,
# and nothing of it runs on; also when the supervisor or the driver is killed.
. "$(dirname "$0")/../lib.sh"
mkdir src
cat >src/odd.c <<'END'
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int work(int n) { return n * 3 % 7; }
static void wait_long(void)
{
    for (;;)
        sleep(100);
}
int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    int sum = work(argc);
    if (strcmp(how, "forks") == 0) {
        for (int i = 0; i < 200; i++)
            if (fork() == 0)
                return work(i) < 0;
        while (wait(NULL) > 0)
            ;
    } else if (strcmp(how, "closes") == 0) {
        for (int i = 0; i < 1024; i++)
            close(i);
    } else if (strcmp(how, "moves") == 0) {
        return chdir("/") != 0;
    } else if (strcmp(how, "drops") == 0) {
        return setgid(65534) != 0 || setuid(65534) != 0;
    } else if (strcmp(how, "says") == 0) {
        static char line[1024];
        memset(line, 'x', sizeof line - 1);
        for (int i = 0; i < 100 * 1024; i++)
            puts(line);
        puts("the end");
    } else if (strcmp(how, "daemon") == 0) {
        if (argc > 2)
            signal(SIGTERM, SIG_IGN);
        if (daemon(1, 0) == 0)
            wait_long();
    } else if (strcmp(how, "killed") == 0) {
        if (fork() == 0)
            raise(SIGKILL);
        wait(NULL);
    } else if (strcmp(how, "long") == 0) {
        for (int i = 0; i < 3; i++)
            if (fork() == 0)
                setsid(); /* and goes on: 8 in all */
        wait_long();
    }
    return sum < 0;
}
END
start src odd
target src program odd odd.c
for how in forks closes moves says daemon killed; do
    training src $how -- odd $how
done
training src cleared -- env -i '{build}/odd' moves
training src session -- setsid -w '{build}/odd' moves
training src deaf -- odd daemon deaf
training src empty -- odd

for each in gcc clang; do
    family $each
    rm -rf build
    configure src build
    driver 0 use
    same "$(trained)" "cleared closes daemon deaf empty forks killed moves says session"
    record() { # NAME TEXT...
        file=build/pgo/train/$1/record
        shift
        has "$file" "$@"
    }
    record forks "processes 201" "wrote 201"
    record killed "processes 2" "wrote 1"
    has err "warning: training 'killed': 1 of its 2 processes left no counts: odd (" "pgo_flush()"
    has err "warning: training 'deaf' left processes that did not end when they were asked to, and were killed, without their counts: "
    same "$(grep -c warning: err)" 2 "warnings"
    for name in closes moves daemon cleared session empty; do
        hasnt err "'$name'"
    done
    size=$(wc -c <build/pgo/train/says/log)
    [ "$size" -le 1100000 ] || fail "a log of $size bytes is kept"
    has build/pgo/train/says/log "bytes of this log are not kept" "the end"
    nothing_left || fail "left: $(left_running)"
    driver 0 use
    hasnt err train:
    if [ "$(id -u)" = 0 ]; then
        # It writes as that user, unless that one cannot get there.
        if setpriv --reuid 65534 --clear-groups test -x build; then
            driver 0 train --train 'drops=odd drops'
            has build/pgo/train/drops/record "wrote 1"
        fi
        chmod 700 build
        driver 1 train --train 'drops=odd drops 2'
        chmod 755 build
        has err "training 'drops' left no profile: process " "becomes a user who may not write"
        driver 0 use --forget drops
    fi
done
profile >wanted

# What runs longer than it may: the first signal ends it, and so does the end of its supervisor.
# Its parts are known by their environment, their output, their program, and by all.
cat >src/long.sh <<'END'
sleep 300 >/dev/null 2>&1 &
env -i sleep 300 &
env -i "$1" long >/dev/null 2>&1 &
exec "$1" long
END
training src long -- sh '{source}/long.sh' '{build}/odd'
running() { # with their supervisor
    [ "$(left_running | wc -l)" -ge 19 ]
}
supervised() {
    supervisor=$(pgrep -P $driver -f 'exec --timeout')
}
"$PGO" -C build use >out 2>err &
driver=$!
wait_for running
kill -TERM $driver
got=0
wait $driver || got=$?
same $got 143
wait_for nothing_left
for kind in exec driver both; do
    for pause in 0.1 0.4; do
        "$PGO" -C build use >out 2>err &
        driver=$!
        wait_for supervised
        sleep $pause
        case $kind in
        exec) kill -KILL "$supervisor" ;;
        driver) kill -KILL $driver ;;
        both) kill -KILL "$supervisor" $driver ;;
        esac
        got=0
        wait $driver 2>/dev/null || got=$?
        case $kind in
        exec)
            same $got 1
            one_error
            has err "training 'long' was not supervised to its end: 'pgo exec' was killed by SIGKILL"
            ;;
        *) same $got 137 ;;
        esac
        [ $kind = both ] || wait_for nothing_left
    done
done
withdraw src long
driver 0 use
same "$(profile)" "$(cat wanted)" "the profile after all of it"
wait_for nothing_left
