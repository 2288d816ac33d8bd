# `status` and `clean` on a tree that pgo has not worked on: told so, and nothing is made.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
configure src build
run 0 "$PGO" -C build status
has out "tree " "$work/build" "compiler " "$FAMILY " "dataset " "stage instrument " "not made"
run 0 "$PGO" -C build status --json
python3 -c 'import json, sys; json.load(sys.stdin)' <out 2>/dev/null || ! command -v python3 >/dev/null ||
    fail "not JSON"
has out '"name": "use", "state": "not made"'
run 0 "$PGO" -C build clean
same "$(cat out)" "nothing to remove"
[ ! -e build/pgo ] || fail "something was made"
