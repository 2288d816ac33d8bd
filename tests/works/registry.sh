# A project that registers its build tree as a package: its stages are not registered, or others would find
# instrumented libraries.
. "$(dirname "$0")/../lib.sh"
export HOME="$work/home"
mkdir home
project src
trainings src
edit src/CMakeLists.txt 's/VERSION 3.25/VERSION 3.10/' 's/include(PGO)/export(PACKAGE small)\n&/'
cmake -S src -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_MODULE_PATH="$PGO_ROOT/cmake" >configure.log 2>&1 || fail "configuring"
same "$(cat home/.cmake/packages/small/*)" "$work/build"
works
same "$(cat home/.cmake/packages/small/*)" "$work/build"
