# C by one family and C++ by another: configuring works, the pgo targets explain.
. "$(dirname "$0")/../lib.sh"
need gcc clang++
project src
trainings src
sed -i 's/project(small C)/project(small C CXX)/' src/CMakeLists.txt
cmake -S src -B build -DCMAKE_MODULE_PATH="$PGO_ROOT/cmake" -DCMAKE_C_COMPILER=gcc \
    -DCMAKE_CXX_COMPILER=clang++ >/dev/null || fail "configuring failed"
run 1 "$PGO" -C build use
one_error
has err "C is compiled by '" "(GNU), C++ by '" "(Clang)" "hint: "
cmake --build build >/dev/null || fail "the project's own build failed"
