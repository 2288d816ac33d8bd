# A tree without optimization gets stages of type Release, which follow its options; and the user's
# type is asked again when it changes. A type of the user's own is left. What is not optimized is named. The
# project's tests are those of the stages' type.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
cat >>src/CMakeLists.txt <<'EOF'
option(EXTRA "An option of the project" ON)
if(EXTRA)
  target_compile_definitions(mul PRIVATE EXTRA)
endif()
enable_testing()
add_test(NAME fast COMMAND sh -c "./sum 50; [ $CMAKE_CONFIG_TYPE = Release ]" CONFIGURATIONS Release)
add_test(NAME slow COMMAND sum 51 CONFIGURATIONS Debug)
EOF
value() { sed -n "s/^$2:[A-Z]*=//p" "build/pgo/$1/CMakeCache.txt"; }
configure src build -DCMAKE_BUILD_TYPE=Debug "-DODD=a]==]b;c"
run 0 "$PGO" -C build use
has err "'Debug', without optimization: the stages use 'Release'"
same "$(value use CMAKE_BUILD_TYPE)" Release
same "$(value use EXTRA)" ON
same "$(value use ODD)" "a]==]b;c"
run 0 "$PGO" -C build use --train-with-tests 'fast|slow'
same "$(trained)" fast
run 0 "$PGO" -C build use --forget 'fast|slow'
cmake -DEXTRA=OFF build >/dev/null
run 0 "$PGO" -C build use
hasnt err "use 'Release'"
same "$(value use EXTRA)" OFF
same "$(value use CMAKE_BUILD_TYPE)" Release
cmake -DCMAKE_BUILD_TYPE=RelWithDebInfo build >/dev/null
run 0 "$PGO" -C build use
same "$(value use CMAKE_BUILD_TYPE)" RelWithDebInfo
same "$(value use EXTRA)" OFF

run 2 "$PGO" -C build use --train-with-tests fast
has err "no test of the project is of the names to train with (REGEX 'fast')"
cmake -DCMAKE_BUILD_TYPE=Release build >/dev/null
run 0 "$PGO" -C build use --train-with-tests fast
same "$(trained)" "fast mul sum"
run 0 "$PGO" -C build use --forget fast

cmake -DCMAKE_BUILD_TYPE=Own build >/dev/null
run 0 "$PGO" -C build use
plain="warning: compiled without optimization (-O), in the stages as in your tree:"
same "$(grep -c "$plain core, sum, mul$" err)" 1
same "$(value use CMAKE_BUILD_TYPE)" Own

# One target of its own level does not make an optimized tree; one that stays without is named; and a project that
# sets the type itself is not said to be built as Release.
cp src/CMakeLists.txt lists
echo 'target_compile_options(mul PRIVATE -O3)' >>src/CMakeLists.txt
cmake -DCMAKE_BUILD_TYPE=Debug build >/dev/null
run 0 "$PGO" -C build use
has err "'Debug', without optimization: the stages use 'Release'"
hasnt err "$plain"
cp lists src/CMakeLists.txt
echo 'target_compile_options(mul PRIVATE -O0)' >>src/CMakeLists.txt
cmake build >/dev/null
run 0 "$PGO" -C build use
same "$(grep -c "$plain mul$" err)" 1
cp lists src/CMakeLists.txt
edit src/CMakeLists.txt 's/project(small C)/&\nset(CMAKE_BUILD_TYPE Debug)/'
rm -rf build
configure src build
run 0 "$PGO" -C build use
hasnt err "'Release'"
same "$(grep -c "$plain core, sum, mul$" err)" 1
