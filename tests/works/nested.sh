# A dependency that includes the module as well, as a subdirectory and fetched, with the module of its own copy: all of it
# is profiled, and only the outer project's trainings run.
. "$(dirname "$0")/../lib.sh"
for form in subdirectory fetched; do
    rm -rf src dep build
    project dep
    trainings dep
    edit dep/CMakeLists.txt 's/project(small C)/project(dep C)/' 's/pgo_add_training(/pgo_add_training(dep-/' \
        's/include(PGO)/include(cmake\/PGO.cmake)/'
    cmake "-DOUT=$work/dep/cmake" -P "$PGO_ROOT/cmake/dropin.cmake" >/dev/null || fail "no drop-in"
    mkdir src
    echo 'int main(int argc, char **argv) { long step(long, int), a = argc; for (int i = 0; i < 1000; i++) a = step(a, i); return a == 3; }' >src/outer.c
    cat >src/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(outer C)
if(FETCHED)
  include(FetchContent)
  FetchContent_Declare(dep URL "${FETCHED}")
  FetchContent_MakeAvailable(dep)
else()
  add_subdirectory("${CMAKE_SOURCE_DIR}/../dep" dep)
endif()
add_executable(outer outer.c)
target_link_libraries(outer core)
include(PGO)
pgo_add_training(outer COMMAND outer)
END
    if [ $form = fetched ]; then
        tar czf dep.tgz dep
        configure src build "-DFETCHED=file://$work/dep.tgz"
        rm -rf dep dep.tgz
    else
        configure src build
    fi
    works
    same "$(trained)" outer
    has out "2 of 2 functions in 2 of 2 translation units" "build/pgo/use/outer"
    has err "no training ran: mul, sum"
    run 0 "$PGO" -C build use
    same "$(trained)" ""
done
