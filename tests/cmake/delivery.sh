# The ways to have the module: from a checkout (all other tests), dropped in, installed, and installed
# and then moved.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
run 0 cmake -S "$PGO_ROOT" -B tool -DBUILD_TESTING=OFF
run 0 cmake --build tool --target dropin
same "$(ls tool/dropin | words)" "PGO.cmake pgo.c pgo.h" "what is dropped in"
cp -R tool/dropin "dropped in"
cp -R "dropped in" src/cmake
mkdir -p one/.cmake/api/v1/query
: >one/.cmake/api/v1/query/codemodel-v2
run 0 cmake -S src -B one -DCMAKE_MODULE_PATH="$PWD/src/cmake"
# An IDE reads this: each target is in the folder PGO, and documented in the module.
for command in instrument train merge use quick compare test check install status doctor clean; do
    python3 -c 'import glob, json, sys
target = json.load(open(glob.glob(f"one/.cmake/api/v1/reply/target-pgo-{sys.argv[1]}-*.json")[0]))
sys.exit(target["folder"]["name"] != "PGO")' $command || fail "pgo-$command is not in the folder PGO"
    has src/cmake/PGO.cmake "\`\`pgo-$command\`\`"
done
[ ! -e one/pgo-driver ] || fail "configuring compiled the driver"
run 0 cmake --build one --target pgo-use
has out "found their profile (100.0 %)"

# Another module in its place has another driver, whatever the times of its files.
edit src/cmake/pgo.c 's/#define PGO_VERSION "[0-9.]*"/#define PGO_VERSION "9.9.9"/'
touch -d 2020-01-01 src/cmake/*
run 0 cmake --build one --target pgo-status
same "$(one/pgo-driver/pgo version)" "pgo 9.9.9"

# Where no static C library is installed, the driver is linked as other programs are.
printf '#!/bin/sh\ncase " $* " in *" -static "*) exit 1 ;; esac\nexec "%s" "$@"\n' "$CC" >plain
chmod +x plain
run 0 cmake -DPGO_DRIVER="$PWD/driver/pgo" -DPGO_HOST_CC="$PWD/plain" -P src/cmake/PGO.cmake
same "$(driver/pgo version)" "pgo 9.9.9"

# Fetched as a repository: the module comes, and nothing else is built or tested.
mkdir repository
cp -R "$PGO_ROOT/CMakeLists.txt" "$PGO_ROOT/cmake" "$PGO_ROOT/src" "$PGO_ROOT/runtime" "$PGO_ROOT/include" repository
git -C repository init -q
git -C repository add .
git -C repository -c user.name=t -c user.email=t@t commit -qm all
cp -R src fetching
edit fetching/CMakeLists.txt "s|include(PGO)|include(FetchContent)\nFetchContent_Declare(pgo GIT_REPOSITORY \"$PWD/repository\" GIT_TAG HEAD)\nFetchContent_MakeAvailable(pgo)\ninclude(PGO)|"
run 0 cmake -S fetching -B three
run 0 cmake --build three
[ ! -e three/_deps/pgo-build/pgo ] || fail "the driver was built with the project"
run 0 ctest --test-dir three --show-only
has out "Total Tests: 0"
run 0 cmake --build three --target pgo-use
has out "found their profile (100.0 %)"

run 0 cmake --build tool -j2
run 0 cmake --install tool --prefix "$PWD/installed"
run 0 installed/bin/pgo version
mv installed moved
sed -i 's/include(PGO)/find_package(PGO 0.1 REQUIRED)/' src/CMakeLists.txt
run 0 cmake -S src -B two -DCMAKE_PREFIX_PATH="$PWD/moved"
run 0 cmake --build two --target pgo-use
has out "found their profile (100.0 %)"
[ ! -e two/pgo-driver ] || fail "a driver was compiled beside the installed one"

# Each of them has pgo.h as PGO::pgo; where it is installed, pkg-config and Meson find it too.
edit src/sum.c '1s/^/#include <pgo.h>\n/' 's/return 0;/pgo_flush(); return 0;/'
echo 'target_link_libraries(sum PGO::pgo)' >>src/CMakeLists.txt
run 0 cmake -S src -B two -DCMAKE_PREFIX_PATH="$PWD/moved"
run 0 cmake --build two --target pgo-use
has out "found their profile (100.0 %)"
edit src/CMakeLists.txt 's/find_package(PGO 0.1 REQUIRED)/include(PGO)/'
run 0 cmake -S src -B one -DCMAKE_MODULE_PATH="$PWD/dropped in"
run 0 cmake --build one
if command -v pkg-config >/dev/null; then
    PKG_CONFIG_PATH="$PWD/moved/share/pkgconfig" run 0 pkg-config --cflags pgo
    has out "/include"
fi
