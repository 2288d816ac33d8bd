# `pgo exec` ends with its parent and by signals also between runs, leaves nothing of its group behind,
# and works for parents that ignore SIGCHLD.
. "$(dirname "$0")/../lib.sh"
cat >short <<'EOF'
trap 'exit 0' TERM
sleep 0.1
EOF
sh -c '"$0" exec --repeat 500 -- sh short & echo $! >pid; sleep 5' "$PGO" &
parent=$!
sleep 0.5
kill -KILL $parent
gone() { ! kill -0 "$(cat pid)" 2>/dev/null; }
wait_for gone

"$PGO" exec --repeat 500 -- sh short &
pid=$!
sleep 0.3
kill -TERM $pid
got=0
wait $pid || got=$?
same $got 143 "status after one SIGTERM"

"$PGO" exec -- sh -c 'sleep 61.5 & exit 0'
! pgrep -f 'sleep 61.5' >/dev/null || fail "a process of the group is left"

got=0
env --ignore-signal=CHLD "$PGO" exec -- sh -c 'exit 7' || got=$?
same $got 7 "status with SIGCHLD ignored"

# What left the group and the session is ended as well, first by SIGTERM, then by SIGKILL, and told.
cat >behind.sh <<'END'
setsid sh -c 'trap "echo asked >asked; exit" TERM; echo >up1; while :; do sleep 0.05; done' &
setsid sh -c 'trap "" TERM; echo >up2; while :; do sleep 0.05; done' &
until [ -e up1 ] && [ -e up2 ]; do sleep 0.05; done
echo $! >deaf
END
run 0 "$PGO" exec --record record -- sh behind.sh
gone() { ! kill -0 "$(cat deaf)" 2>/dev/null; }
gone || fail "a process of another session is left"
[ -e asked ] || fail "it was not asked to end"
has record "killed $(cat deaf) sh"
# But for --leave, by which tests of the project's own run: their fixtures may leave a server.
run 0 "$PGO" exec -- sh -c '"$PGO" exec --leave -- setsid -w sh -c "sleep 62.5 & echo \$! >deaf"; kill -0 $(cat deaf)'
gone || fail "the outer supervisor has left it"

# A second signal ends the grace.
"$PGO" exec -- sh -c 'trap "" TERM; echo >up3; while :; do sleep 0.05; done' &
pid=$!
wait_for test -e up3
start=$(date +%s%N)
kill -TERM $pid
sleep 0.3
kill -TERM $pid
wait $pid || :
[ $((($(date +%s%N) - start) / 1000000)) -lt 1500 ] || fail "the second signal did not end it at once"

# The first one shortens a server's grace, and so does the end of the parent.
cat >deaf.sh <<'END'
trap "" TERM
echo $$ >deaf
while :; do sleep 0.05; done
END
sep=$(printf '\037')
signal() { kill -TERM "$(cat pid)"; }
orphan() { kill -KILL $parent; }
deaf_server() { # HOW-IT-IS-ENDED
    rm -f deaf pid
    sh -c '"$0" exec --server sh --server deaf.sh --ready command --ready test --ready -e --ready deaf \
        --grace 30 -- true & echo $! >pid; sleep 8 & wait' "$PGO" &
    parent=$!
    wait_for test -s deaf
    sleep 0.3
    "$@"
    wait_for gone
    kill -KILL $parent 2>/dev/null || :
    wait $parent || :
}
deaf_server signal
deaf_server orphan

# Signals that the caller ignores are none of what it starts.
run 143 env --ignore-signal=TERM,INT,PIPE "$PGO" exec -- sh -c 'kill -TERM $$'
run 141 env --ignore-signal=PIPE "$PGO" exec -- sh -c 'kill -PIPE $$'

# A {tmp} with directories that nobody may write to is removed; no port is an error.
mkdir free
chmod 777 free
as_user=
[ "$(id -u)" != 0 ] || as_user='setpriv --reuid 65534 --clear-groups'
if $as_user "$PGO" --version >/dev/null 2>&1; then
    # shellcheck disable=SC2086
    run 0 $as_user "$PGO" exec --tmp free/tmp --repeat 2 -- sh -c 'mkdir -p free/tmp/a/b; chmod 500 free/tmp/a free/tmp/a/b'
    [ ! -e free/tmp ] || fail "{tmp} is left"
fi
# No socket can be had: there is room for no descriptor more; a dynamic driver, which could not be loaded
# then, gets a socket() of ours.
if sh -c 'ulimit -n 3; exec "$0" --version' "$PGO" >/dev/null 2>&1; then
    run 125 sh -c 'ulimit -n 3; exec "$0" exec -- echo "{port}"' "$PGO"
else
    echo 'int socket(int a, int b, int c) { return -(a | b | c | 1); }' >none.c
    $CC -shared -fPIC none.c -o none.so
    run 125 env ASAN_OPTIONS=verify_asan_link_order=0 LD_LIBRARY_PATH="$work" LD_PRELOAD=none.so "$PGO" exec -- echo '{port}'
fi
has err "no TCP port of 127.0.0.1 can be had"

# Several commands: one after the other until one fails, or at once; {port} and {tmp} are of each run.
run 5 "$PGO" exec --record record --also "sh$sep-c${sep}echo second; exit 5" --also "echo${sep}third" -- echo first
same "$(cat out)" "first
second"
has record "code 5" "who its command 2 of 3, 'sh',"
run 0 "$PGO" exec --parallel --also "sh$sep-c${sep}until [ -e met ]; do sleep 0.02; done" -- sh -c 'sleep 0.1; echo >met'
run 0 "$PGO" exec --also "printf$sep%s|$sep$sep{{port}" -- sh -c 'echo "$1" $PGO_PORT' - '{port}'
same "$(sed 's/^\([0-9]*\) \1$/same/' out)" "same
|{port}|"
run 0 "$PGO" exec --repeat 2 --tmp tmp --cwd tmp -- sh -c '[ ! -e file ] && echo >file; echo $PGO_PORT'
[ ! -e tmp ] || fail "{tmp} is left"
[ "$(sort -u out | wc -l)" = 2 ] || fail "two runs have one port"

# On a terminal one line tells of what runs.
need script
project src
training src slow -- sh -c './sum 3; sleep 1.2'
configure src build
script -qec "'$PGO' -C build train" /dev/null >terminal
has terminal "train: 0 of 1 done; slow 1/600 s, 1 processes, 0.0 MB"
script -qec "'$PGO' -C build train --train 'twice=sh -c \"./sum 3; sleep 0.6\"' --repeat twice=2" /dev/null >terminal
has terminal "; twice 1 s,"
driver 0 train --train 'other=sum 3'
hasnt err "done;"
