# An ExternalProject is built in each stage, linked there, and named once as not profiled.
. "$(dirname "$0")/../lib.sh"
mkdir -p src/ext
echo 'int ext(int a) { return a % 3 ? a : -a; }' >src/ext/ext.c
cat >src/ext/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(ext C)
add_library(ext STATIC ext.c)
install(TARGETS ext DESTINATION lib)
END
cat >src/main.c <<'END'
int ext(int);
static int way(int a) { return a & 1 ? ext(a) : a; }
int main(int argc, char **argv)
{
    int sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += way(i);
    return sum == argc;
}
END
cat >src/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(outer C)
include(ExternalProject)
ExternalProject_Add(other SOURCE_DIR "${CMAKE_CURRENT_SOURCE_DIR}/ext"
                    CMAKE_ARGS -DCMAKE_INSTALL_PREFIX=<INSTALL_DIR> -DCMAKE_INSTALL_LIBDIR=lib
                               -DCMAKE_C_COMPILER=${CMAKE_C_COMPILER}
                    BUILD_BYPRODUCTS "<INSTALL_DIR>/lib/libext.a")
ExternalProject_Get_Property(other INSTALL_DIR)
add_executable(main main.c)
add_dependencies(main other)
target_link_libraries(main PRIVATE "${INSTALL_DIR}/lib/libext.a")
include(PGO)
pgo_add_training(main COMMAND main)
END
configure src build
before=$(sums build)
works
has out "in 1 of 1 translation units"
same "$(grep -c "the external project 'other' is built in each stage and not profiled" err)" 1
[ -f build/pgo/use/other-prefix/lib/libext.a ] || fail "the stage has no library of its own"
! grep -q __llvm_prf build/pgo/use/other-prefix/lib/libext.a || fail "it is instrumented"
same "$(sums build ! -path './pgo/*')" "$before" "the user's tree changed"
driver 0 use
hasnt err external
