# Results that cannot be written are an error.
. "$(dirname "$0")/../lib.sh"
[ -w /dev/full ] || skip "there is no /dev/full"
project src
trainings src
configure src build
"$PGO" -C build use -q >/dev/null
for words in help version "help use" "status -C build" "status --json -C build" "use -C build" \
    "flags --stage instrument --compiler $CC"; do
    got=0
    "$PGO" $words >/dev/full 2>err || got=$?
    [ $got -eq 1 ] || fail "'$words' to a full device: status $got"
    one_error
    has err "pgo: error: cannot write to standard output: "
done
# A verdict stays one, and says so.
for words in "check -C build" "check --json -C build" "doctor --compiler no-such-gcc"; do
    got=0
    "$PGO" $words >/dev/full 2>err || got=$?
    [ $got -eq 3 ] || fail "'$words' to a full device: status $got"
    one_error
    has err "pgo: warning: cannot write to standard output: "
done
