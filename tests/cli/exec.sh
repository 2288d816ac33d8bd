# `pgo exec`: the program's own status, its time limit, its surroundings, and the end of all it started.
. "$(dirname "$0")/../lib.sh"
run 7 "$PGO" exec -- sh -c 'exit 7'
run 143 "$PGO" exec -- sh -c 'kill -TERM $$'
run 139 "$PGO" exec -- sh -c 'kill -SEGV $$'
run 0 "$PGO" exec true
run 2 "$PGO" exec
has err "no program to run" "pgo exec [option]... -- PROGRAM"

# Surroundings: paths are the caller's, wherever the program runs.
mkdir dir
echo hello >in
run 0 "$PGO" exec --cwd dir --stdin in --env A=1 --env "B=x y=z" --log log --record record -- \
    sh -c 'pwd; cat; echo "$A $B"; echo wrong >&2'
same "$(cat log)" "$work/dir
hello
1 x y=z
wrong"
[ ! -s out ] && [ ! -s err ] || fail "output is not in the log alone"
has record "code 0" "signal 0" "timed-out 0" "elapsed 0." "cpu 0." "memory "
run 0 "$PGO" exec -- sh -c 'cat; echo end'
same "$(cat out)" end "standard input is not empty"
run 0 "$PGO" exec --repeat 3 -- sh -c 'echo again'
same "$(wc -l <out)" 3
run 4 "$PGO" exec --repeat 3 -- sh -c 'echo once; exit 4'
same "$(wc -l <out)" 1

# The time limit, also for a program that does not listen.
run 143 "$PGO" exec --timeout 0.2 --record record -- sleep 30
has record "timed-out 1"
start=$(date +%s)
run 137 "$PGO" exec --timeout 0.2 -- sh -c 'trap "" TERM; while :; do sleep 0.1; done'
[ $(($(date +%s) - start)) -le 5 ] || fail "the limit came late"
run 0 "$PGO" exec --timeout 0 -- true
run 143 "$PGO" exec --timeout 0.2 -- sh -c 'trap "exit 0" TERM; while :; do sleep 0.1; done'

# Its own failures.
own() { # MESSAGE ARGUMENT...
    message=$1
    shift
    run 125 "$PGO" exec "$@"
    one_error
    has err "$message"
}
own "cannot run '/no/program': No such file or directory" -- /no/program
own "cannot run '$work/in': Permission denied" -- "$work/in"
own "cannot enter the working directory 'nowhere'" --cwd nowhere -- true
own "standard input '$work/nothing' is not a file" --stdin nothing -- true
own "cannot write the log '/no/log'" --log /no/log -- true
own "cannot write '/no/record'" --record /no/record -- true
run 2 "$PGO" exec --env BAD -- true
has err "'--env' wants NAME=VALUE, not 'BAD'"

# A signal is passed on, and what the program left behind in its group is ended.
cat >group.sh <<'END'
sleep 300 &
echo $! >"$1.tmp"
mv "$1.tmp" "$1"
wait
END
"$PGO" exec -- sh group.sh first &
wait_for test -e first
kill -TERM $!
got=0
wait $! || got=$?
same $got 143
gone() {
    ! kill -0 "$1"
}
wait_for gone "$(cat first)"

# So it is when the one that started pgo exec dies without a word.
sh -c '"$PGO" exec -- sh group.sh second & echo $! >supervisor; wait' &
wait_for test -e second
kill -KILL $!
wait $! 2>/dev/null || :
wait_for gone "$(cat second)"
wait_for gone "$(cat supervisor)"
