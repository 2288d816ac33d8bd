# A project without C or C++, or with a compiler that is not supported: configuring never fails, and the pgo
# target explains.
. "$(dirname "$0")/../lib.sh"
mkdir src
cat >src/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(words NONE)
include(PGO)
pgo_add_training(t COMMAND true)
END
configure src build
cmake --build build >/dev/null || fail "the project's own build"
if cmake --build build --target pgo-use >out 2>&1; then
    fail "pgo-use worked"
fi
has out "pgo: error: the project in '$work/build' has no C or C++ compiler: there is nothing to optimize"
run 1 "$PGO" -C build use
one_error

rm -rf src build
project src
trainings src
# After the compiler is known, and before the module looks.
sed -i '/^include(PGO)/i set(CMAKE_C_COMPILER_ID TinyCC)' src/CMakeLists.txt
configure src build
listed=$(echo build/CMakeFiles/*/CMakeCCompiler.cmake)
sed -i 's/set(CMAKE_C_COMPILER_ID "GNU")/set(CMAKE_C_COMPILER_ID "TinyCC")/' "$listed"
cmake build >configure.log 2>&1 || fail "configuring failed"
if cmake --build build --target pgo-use >out 2>&1; then
    fail "pgo-use worked"
fi
has out "(TinyCC) is not supported" "hint: "
