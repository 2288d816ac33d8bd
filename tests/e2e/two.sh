# Two runs at once on one tree: the second waits and says for whom, or leaves; so does a clean, also for a
# run that began while it waited for another.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
# slow N: a training that waits until it may run `sum N`.
slow() {
    training src slow timeout=60 cwd='{build}' -- \
        sh -c "echo >started; until [ -e go ]; do sleep 0.1; done; ./sum $1"
}
slow 10
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
slow 11
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
rm build/pgo/instrument/go build/pgo/instrument/started

# held: the lock is another's, until the file `free` is there; a clean waits for it.
held() {
    rm -f locked free
    flock build/pgo/state/lock timeout 60 sh -c ': >locked; until [ -e free ]; do sleep 0.1; done' &
    wait_for [ -e locked ]
    "$PGO" -C build clean >clean.out 2>clean.err &
    clean=$!
    wait_for grep -q "waiting for" clean.err
}

# Another clean removes the folder meanwhile, and a run makes it anew.
need flock
held
mv build/pgo removed
"$PGO" -C build use >first.out 2>first.err &
first=$!
wait_for [ -e build/pgo/instrument/started ]
: >free
wait_for grep -q "waiting for process $first (pgo use)" clean.err
: >build/pgo/instrument/go
wait $first || fail "a run beside a clean that waited for another"
wait $clean || fail "the clean"
has clean.out "removed "
[ ! -e build/pgo ] || fail "nothing was removed"

# The other clean was the last.
mv removed build/pgo
held
rm -rf build/pgo
: >free
wait $clean || fail "a clean after another"
has clean.out "nothing to remove"
