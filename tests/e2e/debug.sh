# A tree without optimization gets stages of type Release, which follow its options; and the user's
# type is asked again when it changes. A type of the user's own is left. What is not optimized is named. The
# project's tests are those of the stages' type.
. "$(dirname "$0")/../lib.sh"
case $SYSTEM in
cmake) debug=Debug release=Release other=RelWithDebInfo ;;
meson) debug=debug release=release other=debugoptimized ;;
esac
replaced="'$debug', without optimization: the stages use '$release'"
project src
trainings src
option src mul EXTRA
own_test src fast sum 50
in_cmake src <<'EOF'
add_test(NAME typed COMMAND sh -c "./sum 50; [ $CMAKE_CONFIG_TYPE = Release ]" CONFIGURATIONS Release)
add_test(NAME slow COMMAND sum 51 CONFIGURATIONS Debug)
EOF
configure src build type=$debug EXTRA=ON
run 0 "$PGO" -C build use
has err "$replaced"
same "$(value use type)" $release
same "$(value use EXTRA)" ON
reconfigure build EXTRA=OFF
run 0 "$PGO" -C build use
hasnt err "use '$release'"
same "$(value use EXTRA)" OFF
same "$(value use type)" $release
reconfigure build type=$other
run 0 "$PGO" -C build use
same "$(value use type)" $other
same "$(value use EXTRA)" OFF
run 0 "$PGO" -C build use --train-with-tests fast
same "$(trained)" fast
run 0 "$PGO" -C build use --forget fast

# One target of its own level does not make an optimized tree; one that stays without is named.
plain="warning: compiled without optimization (-O), in the stages as in your tree:"
cp src/$lists lists
compiled_with src sum -O3
reconfigure build type=$debug
run 0 "$PGO" -C build use
has err "$replaced"
hasnt err "$plain"
cp lists src/$lists
compiled_with src sum -O0
run 0 "$PGO" -C build use
same "$(grep -c "$plain sum$" err)" 1
cp lists src/$lists
[ "$SYSTEM" = cmake ] || exit 0

# Tests of one build type; a type of the user's own; a value that is no list.
reconfigure build "-DODD=a]==]b;c"
run 0 "$PGO" -C build use --train-with-tests 'typed|slow'
same "$(trained)" "sum typed"
same "$(value use ODD)" "a]==]b;c"
run 0 "$PGO" -C build use --forget 'typed|slow'
reconfigure build type=RelWithDebInfo
run 2 "$PGO" -C build use --train-with-tests typed
has err "no test of the project is of the names to train with (REGEX 'typed')"
reconfigure build type=Release
run 0 "$PGO" -C build use --train-with-tests typed
same "$(trained)" typed
run 0 "$PGO" -C build use --forget typed

reconfigure build type=Own
run 0 "$PGO" -C build use
same "$(grep -c "$plain core, sum, mul$" err)" 1
same "$(value use type)" Own

# A project that sets the type itself is not said to be built as Release.
edit src/CMakeLists.txt 's/project(small C)/&\nset(CMAKE_BUILD_TYPE Debug)/'
rm -rf build
configure src build
run 0 "$PGO" -C build use
hasnt err "'Release'"
same "$(grep -c "$plain core, sum, mul$" err)" 1
