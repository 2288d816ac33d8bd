# Two runs at once on one tree: the second waits and says for whom, or leaves.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
cat >>src/CMakeLists.txt <<'END'
pgo_add_training(slow COMMAND sh -c "echo >started; until [ -e go ]; do sleep 0.1; done; ./sum 10"
                 WORKING_DIRECTORY . TIMEOUT 60)
END
sed 's/WORKING_DIRECTORY \./WORKING_DIRECTORY {build}/' src/CMakeLists.txt >list && mv list src/CMakeLists.txt
configure src build
"$PGO" -C build use >first.out 2>first.err &
first=$!
wait_for [ -e build/pgo/instrument/started ]

driver 1 use --no-wait
one_error
has err "process $first (pgo use)" "hint: without --no-wait"
driver 0 status
has out "stage instrument"

"$PGO" -C build use >second.out 2>second.err &
second=$!
wait_for grep -q "waiting for process $first (pgo use)" second.err
: >build/pgo/instrument/go
wait $first || fail "the first run"
wait $second || fail "the second run"
has first.out "(100.0 %)"
has second.out "(100.0 %)"
hasnt second.err train: merge: configuring
rm build/pgo/instrument/go build/pgo/instrument/started

# A run that waits can be stopped.
edit src/CMakeLists.txt 's/sum 10"/sum 11"/'
"$PGO" -C build use >first.out 2>first.err &
first=$!
wait_for [ -e build/pgo/instrument/started ]
"$PGO" -C build use >second.out 2>second.err &
second=$!
wait_for grep -q "waiting for process $first" second.err
kill $second
got=0
wait $second || got=$?
same $got 143 "the exit status of a waiting run that is stopped"
: >build/pgo/instrument/go
wait $first || fail "the first run, after the second was stopped"
