# A tree of several configurations: the driver builds RelWithDebInfo by default, the one that --config names, and
# the one that the target is built for; each has its own programs, trainings and settings, tests run and
# programs are installed from it. Debug has no optimization: then another is used, and that is said.
. "$(dirname "$0")/../lib.sh"
need ninja
unset CMAKE_GENERATOR
project src
cat >>src/CMakeLists.txt <<'END'
target_compile_definitions(core PRIVATE KIND_$<CONFIG>)
enable_testing()
add_test(NAME own COMMAND mul 500)
install(TARGETS sum CONFIGURATIONS Release DESTINATION release)
install(TARGETS sum CONFIGURATIONS RelWithDebInfo DESTINATION debinfo)
pgo_add_training(sum COMMAND sum 1000)
pgo_train_with_tests(REGEX own)
END
configure src build -G "Ninja Multi-Config" --install-prefix "$work/inst"
before=$(sums build ! -path './pgo-driver/*')
run 0 cmake --build build --target pgo-use
has err "the configuration 'Debug' is without optimization: the stages use 'RelWithDebInfo'"
has out "found their profile (100.0 %)" "build/pgo/use/RelWithDebInfo/sum" "3 of 3 translation units"
same "$(trained)" "own sum"
[ ! -e build/pgo/use/Release/sum ] || fail "Release was built as well"
same "$(sums build ! -path './pgo/*' ! -path './pgo-driver/*' ! -name '.ninja_*')" "$before" "the user's tree changed"
run 0 "$PGO" -C build use
same "$(trained)" ""
run 0 "$PGO" -C build test
run 3 "$PGO" -C build check
has out "1 of 1 pass"

run 0 "$PGO" -C build use --config Release
has out "found their profile (100.0 %)" "build/pgo/use/Release/mul"
hasnt out RelWithDebInfo
has out "3 of 3 translation units"
hasnt build/pgo/state/model.use /Debug/ /RelWithDebInfo/
hasnt err "instrument: configuring"
same "$(trained)" "own sum"
run 3 "$PGO" -C build check --config Release
grep -q '^unknown  tests .* have changed since' out || fail "tests of another configuration"
run 0 "$PGO" -C build install --config Release
[ -x inst/release/sum ] || fail "Release is not installed"
[ ! -e inst/debinfo ] || fail "RelWithDebInfo is installed"
run 2 "$PGO" -C build use --config Fast
one_error
has err "has no configuration 'Fast'" "hint: it has 'Debug', 'Release', 'RelWithDebInfo'"

run 0 cmake --build build --config RelWithDebInfo --target pgo-use
has out "build/pgo/use/RelWithDebInfo/sum"
edit src/core.c 's/i \/ 2/i \/ 3/'
run 0 cmake --build build --target pgo-use
has err "'Debug' is without optimization: the stages use 'RelWithDebInfo'"
has out "found their profile (100.0 %)"
[ ! -e build/Debug/sum ] || fail "the user's own targets were built"
run 0 cmake --build build --config Release --target pgo-clean
[ ! -e build/pgo ] || fail "pgo-clean left the stages"
edit src/CMakeLists.txt '/^pgo_/d'
cmake build >configure.log || fail "configuring again"
run 2 "$PGO" -C build use
has err ": own"
hasnt err "own, own"
run 0 "$PGO" -C build use --config Release --train "mul=mul 300"
same "$(trained)" mul
has out "build/pgo/use/Release/mul"
