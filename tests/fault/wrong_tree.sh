# -C at what is no build tree, or not one that can be worked with.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
run 2 "$PGO" -C missing use
has err "'missing' is not a directory"
mkdir empty
run 2 "$PGO" -C empty use
one_error
has err "'empty' is not a configured build directory" "hint: name one with -C; " "configures one"
[ ! -e empty/pgo ] || fail "something was made"
run 2 "$PGO" -C src use
run 2 "$PGO" -C src/sum.c use
has err "is not a directory"

# A configure that failed half way.
cp -r src broken
case $SYSTEM in
cmake)
    echo 'message(FATAL_ERROR "no")' >>broken/CMakeLists.txt
    hint="hint: run 'cmake -S \"$work/broken\" -B \"$work/half\"'"
    ;;
meson)
    echo "error('no')" >>broken/meson.build
    hint="hint: run 'meson setup \"$work/half\" \"$work/broken\"' to the end first"
    ;;
esac
! (configure broken half) 2>/dev/null || fail "configured"
run 2 "$PGO" -C half use
one_error
has err "'$work/half' is not completely configured" "$hint"

configure src build
if [ "$SYSTEM" = meson ]; then # versions: meson/old, meson/muon
    for file in meson-info/intro-buildoptions.json meson-info/meson-info.json build.ninja; do
        cp "build/$file" kept
        head -c 30 kept >"build/$file"
        got=0
        "$PGO" -C build use >out 2>err || got=$?
        [ $got = 1 ] || [ $got = 2 ] || fail "status $got without $file"
        one_error
        cp kept "build/$file"
    done
    mv build moved
    run 1 "$PGO" -C moved use
    one_error
    has err "'$work/moved' was configured as '$work/build', and moved since"
    mv moved build
    works
    exit 0
fi
fake() { # KEY TEXT
    sed -i "s/^$1:INTERNAL=.*/$1:INTERNAL=$2/" build/CMakeCache.txt
}
cp build/CMakeCache.txt cache
fake CMAKE_GENERATOR Xcode
run 1 "$PGO" -C build use
one_error
has err "the generator 'Xcode' of '$work/build' is not supported" "hint: configure with -G Ninja"
cp cache build/CMakeCache.txt
version=$(sed -n 's/^CMAKE_CACHE_M[AI][JN]OR_VERSION:INTERNAL=//p' build/CMakeCache.txt | tr '\n' . )
patch=$(sed -n 's/^CMAKE_CACHE_PATCH_VERSION:INTERNAL=//p' build/CMakeCache.txt)
cp -R "build/CMakeFiles/$version$patch" "build/CMakeFiles/3.22.$patch"
fake CMAKE_CACHE_MAJOR_VERSION 3
fake CMAKE_CACHE_MINOR_VERSION 22
run 1 "$PGO" -C build use
one_error
has err "'$work/build' was configured by CMake 3.22; 3.25 or newer is needed" "hint: configure it with a newer one"
rm -r "build/CMakeFiles/3.22.$patch"
: >build/CMakeCache.txt
run 2 "$PGO" -C build use
one_error
cp cache build/CMakeCache.txt

listed=$(echo build/CMakeFiles/*/CMakeCCompiler.cmake)
cp "$listed" compiler
sed -i 's/set(CMAKE_C_COMPILER_ID "GNU")/set(CMAKE_C_COMPILER_ID "TinyCC")/' "$listed"
run 1 "$PGO" -C build use
one_error
has err "(TinyCC) is not supported" "hint: " "GCC 12" "Clang 14"
cp compiler "$listed"

# A tree that is not configured again after its compiler vanished or grew old.
sed -i "s|set(CMAKE_C_COMPILER \".*\")|set(CMAKE_C_COMPILER \"$work/cc\")|" "$listed"
run 1 "$PGO" -C build use
one_error
has err "$work/cc"
printf '#!/bin/sh\necho "gcc (GCC) 4.8.5"\n' | executable cc
run 1 "$PGO" -C build use
one_error
has err "the compiler '$work/cc' is version 4.8.5; 12 or newer is needed"
cp compiler "$listed"
works
