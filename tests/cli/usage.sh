# Used wrongly: status 2, one message that names the word and the nearest valid one, nothing on standard
# output.
. "$(dirname "$0")/../lib.sh"
wrong() { # MESSAGE HINT ARGUMENT...
    message=$1
    hint=$2
    shift 2
    run 2 "$PGO" "$@"
    [ ! -s out ] || fail "something is on standard output"
    same "$(head -1 err)" "pgo: error: $message"
    same "$(sed -n 's/^  hint: //p' err)" "$hint"
}
wrong "no command given" "'pgo help' lists the commands; 'pgo -C BUILD use' does all of it"
wrong "unknown command 'uze'" "did you mean 'use'? 'pgo help' lists all" uze
wrong "unknown command 'instument'" "did you mean 'instrument'? 'pgo help' lists all" -C . instument
wrong "unknown command 'xyzzyplugh'" "'pgo help' lists the commands" xyzzyplugh
wrong "unknown option '--min-mach' of command use" "did you mean '--min-match'?" use --min-mach 3
wrong "unknown option '--jbos' of command status" "did you mean '--jobs'?" status --jbos 3
wrong "unknown option '-x'" "'pgo help' lists the options" -x
wrong "unknown option '-x' of command use" "'pgo help use' lists the options" use -x
wrong "unknown option '--runs' of command use" "it is an option of: compare" use --runs 3
wrong "'pgo use' takes no argument, not 'extra'" "" use extra
wrong "'pgo use' takes no argument, not 'extra'" "" use -- extra
wrong "option '--directory' wants a value: DIR" "" use -C
wrong "option '--max-dropped' wants a value: PERCENT" "" use --max-dropped
wrong "option '--quiet' takes no value" "" use --quiet=1
for number in 0 -1 x 1.5 "" 1000001 99999999999999999999 "1 "; do
    wrong "option '--jobs' wants a whole number from 1 to 1000000, not '$number'" "" use -j "$number"
    wrong "option '--runs' wants a whole number from 1 to 1000000, not '$number'" "" compare "--runs=$number"
done
for number in x -1 1e10 inf nan ""; do
    wrong "option '--timeout' wants a number of seconds from 0, not '$number'" "" exec --timeout "$number" -- true
done

project src
trainings src
configure src build
for number in x -1 101 nan; do
    wrong "PGO_MIN_MATCH (--min-match) must be a percentage from 0 to 100, not '$number'" "" \
        -C build use --min-match "$number"
done
# Options stand before or after the command, in either form.
for form in "-C build" "-Cbuild" "--directory build" "--directory=build"; do
    run 0 "$PGO" $form status
    cp out one
    run 0 "$PGO" status $form
    cmp one out || fail "'$form' after the command is something else"
done
run 0 "$PGO" -q -C build -j 2 instrument
[ ! -s err ] || fail "-q is not quiet"
run 0 "$PGO" instrument -v -C build
