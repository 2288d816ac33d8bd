# A project's own compile rule that keeps Clang from leaving its record beside objects: the match is not known,
# which is said, and fails the gate that was asked for.
. "$(dirname "$0")/../lib.sh"
family clang
project src
trainings src
sed -i '/^project/a set(CMAKE_C_COMPILE_OBJECT "<CMAKE_C_COMPILER> <FLAGS> -c <SOURCE> -o  <OBJECT>")' \
    src/CMakeLists.txt
configure src build
unknown() {
    run 0 "$PGO" -C build "$@"
    has err "warning: the match could not be measured"
    has out "the match was not measured" "optimized:"
    hasnt out "0 of 0" "%"
}
unknown use
unknown use --min-match 0
run 0 "$PGO" -C build status
grep -q '^match  *not measured$' out || fail "the state of the match"
gate() {
    run 3 "$PGO" -C build "$@"
    one_error
    has err "the match could not be measured" "hint: "
    hasnt out "optimized:"
}
gate use --min-match 99
gate use --min-match 50
cmake -DPGO_MIN_MATCH=60 build >/dev/null
gate use
