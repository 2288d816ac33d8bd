# Programs and libraries that a project writes outside its build tree are in the stage there, said in one line for
# each place, and those of the user do not change: places given by variables, by configuration, by
# properties, by the old names of the cache, and with generator expressions.
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"
project src
edit src/CMakeLists.txt 's/include(PGO)//' 's/project(small C)/&\ninclude(places.cmake)/'
sed 's/step/other/; s/core.h/shar.h/' src/core.c >src/shar.c
echo 'long other(long a, int i);' >src/shar.h
sed -i 's/core.h/shar.h/; s/step/other/' src/mul.c
cat >>src/CMakeLists.txt <<'END'
add_library(shar SHARED shar.c)
target_link_libraries(mul shar)
include(more.cmake OPTIONAL)
include(PGO)
END
trainings src
# check PLACES [ARGUMENT...]: `places` are set before the targets are made
check() {
    rm -rf build bin lib src/bin src/lib
    mkdir bin lib src/bin
    echo "$1" >src/places.cmake
    shift
    configure src build "$@"
    cmake --build build >build.log 2>&1 || fail "the user's own build: $(cat build.log)"
    [ -x src/bin/sum ] || [ -x src/bin/Release/sum ] || fail "the user's program is not in src/bin"
    before=$(sums src)$(sums bin)$(sums lib)
    run 0 "$PGO" -C build use
    has out "found their profile (100.0 %)" "in 4 of 4 translation units" "build/pgo/use/"
    for where in $places; do
        same "$(grep -c -F "what is built into $work/$where is in out/" err)" 1 "$where"
    done
    same "$(sums src)$(sums bin)$(sums lib)" "$before" "the user's programs changed"
}
places="src/bin lib"
check "set(CMAKE_RUNTIME_OUTPUT_DIRECTORY \${CMAKE_SOURCE_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY \"$work/lib\")"
check "set(CMAKE_RUNTIME_OUTPUT_DIRECTORY_RELEASE \${CMAKE_SOURCE_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY_RELEASE \"$work/lib\")"
check "" "-DEXECUTABLE_OUTPUT_PATH=$work/src/bin" "-DLIBRARY_OUTPUT_PATH=$work/lib"
check "set(CMAKE_RUNTIME_OUTPUT_DIRECTORY \$<1:\${CMAKE_SOURCE_DIR}/bin>)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY \${CMAKE_SOURCE_DIR}/../lib/\$<LOWER_CASE:X>)"
places="src/bin"
echo 'set_target_properties(sum mul PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_SOURCE_DIR}/bin)' >src/more.cmake
check ""
check "" -G "Ninja Multi-Config" -DCMAKE_DEFAULT_BUILD_TYPE=Release

# Relative to the target's own directory, and inside the tree: left where it is.
rm -rf build src/bin
echo >src/more.cmake
mkdir src/sub
echo 'add_executable(deep ../sum.c)
target_link_libraries(deep core)
set_target_properties(deep PROPERTIES RUNTIME_OUTPUT_DIRECTORY ../bin)' >src/sub/CMakeLists.txt
echo 'add_subdirectory(sub)
pgo_add_training(deep COMMAND sh -c "bin/deep 300")' >>src/CMakeLists.txt
configure src build
run 0 "$PGO" -C build use
hasnt err "out/"
has out "build/pgo/use/bin/deep"
