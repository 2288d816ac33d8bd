# The log tools by Meson: CMake's trainings and tests in Meson's words, and the whole workflow with each
# compiler.
. "$(dirname "$0")/../lib.sh"
need meson python3 gzip
same_tests() {
    ctest --test-dir by_cmake -N | sed -n 's/^ *Test *#[0-9]*: //p' | sort >cmake.tests
    meson introspect --tests by_meson |
        python3 -c 'import json, sys; print(*(t["name"] for t in json.load(sys.stdin)), sep="\n")' |
        sort >meson.tests
    cmp cmake.tests meson.tests || fail "other tests by Meson than by CMake"
}
for family in gcc clang; do
    family $family
    rm -rf by_cmake by_meson
    run 0 cmake -G Ninja -S "$PGO_ROOT/examples/logtools" -B by_cmake -DCMAKE_BUILD_TYPE=Release
    run 0 meson setup by_meson "$PGO_ROOT/examples/logtools" --buildtype release
    hasnt out WARNING
    run 0 python3 "$PGO_ROOT/tests/meson/plans.py" by_cmake by_meson
    same "$(words <out)" "cat grep grep-context grep-heldout map map-heldout map-threads serve tail"
    same_tests

    run 0 "$PGO" -C by_meson use --atomic ON --dataset quick
    same "$(trained)" "cat grep grep-context map map-threads serve tail"
    has out "found their profile (100.0 %)" "pgo/use/logmap"
    hasnt err warning
    has by_meson/pgo/train/serve/record "processes 5" "wrote 5" # the server and its four clients
    counts=by_meson/pgo/instrument
    grep -Eq '__gcov|__llvm_prf' $counts/logmap.p/*.o || fail "nothing is instrumented"
    ! grep -Eq '__gcov|__llvm_prf' $counts/loggen.p/*.o || fail "what makes the data is instrumented"
    [ ! -e by_meson/logmap ] || fail "the user's own programs were built"
    run 0 meson test -C by_meson/pgo/use
    grep -Eq '^Fail: *0 *$' out || fail "tests fail on the optimized programs"
done
