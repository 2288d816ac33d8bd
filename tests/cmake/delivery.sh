# The ways to have the module: from a checkout (all other tests), dropped in, installed, and installed
# and then moved.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
run 0 cmake -DOUT="$PWD/dropped in" -P "$PGO_ROOT/cmake/dropin.cmake"
same "$(ls "dropped in")" "PGO.cmake
pgo.c" "what is dropped in"
cp -R "dropped in" src/cmake
run 0 cmake -S src -B one -DCMAKE_MODULE_PATH="$PWD/src/cmake"
[ ! -e one/pgo-driver ] || fail "configuring compiled the driver"
run 0 cmake --build one --target pgo-use
has out "found their profile (100.0 %)"

run 0 cmake -S "$PGO_ROOT" -B tool -DBUILD_TESTING=OFF
run 0 cmake --build tool -j2
run 0 cmake --install tool --prefix "$PWD/installed"
run 0 installed/bin/pgo version
mv installed moved
sed -i 's/include(PGO)/find_package(PGO 0.1 REQUIRED)/' src/CMakeLists.txt
run 0 cmake -S src -B two -DCMAKE_PREFIX_PATH="$PWD/moved"
run 0 cmake --build two --target pgo-use
has out "found their profile (100.0 %)"
[ ! -e two/pgo-driver ] || fail "a driver was compiled beside the installed one"
