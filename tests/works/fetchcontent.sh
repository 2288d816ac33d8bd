# FetchContent: the stages use the sources that the user's configure has fetched, wherever it put them, although
# none of what they came from is there any more, and leave the user's tree as it is. A name whose sources are
# gone is an error that names it, unless the project does not ask for that name any more.
. "$(dirname "$0")/../lib.sh"
need git tar
# library NAME: a project that writes into its own binary directory
library() {
    mkdir -p "$1"
    printf '#include "%s.h"\nint %s(int a) { return a %% ODD ? a : -a; }\n' "$1" "$1" >"$1/$1.c"
    cat >"$1/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project($1 C)
file(WRITE "\${CMAKE_CURRENT_BINARY_DIR}/$1.h" "#define ODD 3\nint $1(int);\n")
add_library($1 $1.c)
target_include_directories($1 PUBLIC "\${CMAKE_CURRENT_BINARY_DIR}")
END
}
library Cloned
library packed
library placed
library given
mkdir origin
(cd Cloned && git init -q . && git add . && git -c user.name=a -c user.email=b commit -qm first)
tar czf origin/packed.tgz packed
tar czf origin/placed.tgz placed
rm -rf packed placed
mv Cloned origin
mkdir src
cat >src/main.c <<'END'
#include "Cloned.h"
#include "given.h"
#include "packed.h"
#include "placed.h"
int main(int argc, char **argv)
{
    int sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += Cloned(i) + packed(i) + placed(i) + given(i);
    return sum == argc;
}
END
cat >src/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25...4.3)
project(fetch C)
include(FetchContent)
FetchContent_Declare(Cloned GIT_REPOSITORY "file://${ORIGIN}/Cloned" GIT_TAG HEAD)
FetchContent_Declare(packed URL "file://${ORIGIN}/packed.tgz" DOWNLOAD_EXTRACT_TIMESTAMP ON)
FetchContent_Declare(placed URL "file://${ORIGIN}/placed.tgz" DOWNLOAD_EXTRACT_TIMESTAMP ON
                     SOURCE_DIR "${CMAKE_BINARY_DIR}/third")
FetchContent_Declare(given URL "file://${ORIGIN}/given.tgz")
FetchContent_MakeAvailable(Cloned packed placed given)
add_executable(main main.c)
target_link_libraries(main PRIVATE Cloned packed placed given)
include(PGO)
pgo_add_training(main COMMAND main)
END
configure src build "-DORIGIN=$work/origin" "-DFETCHCONTENT_SOURCE_DIR_GIVEN=$work/given" \
    -DFETCHCONTENT_SOURCE_DIR_FORMER=
mv origin moved
before=$(sums build)
works
has out "5 of 5 functions in 5 of 5 translation units"
same "$(sums build ! -path './pgo/*')" "$before" "the user's tree changed"
for name in cloned packed placed given; do
    [ ! -e build/pgo/use/_deps/$name-src ] || fail "$name was fetched again"
    [ -d build/pgo/use/_deps/$name-build ] || fail "$name has no directory in the stage"
done

rm -rf build/_deps/packed-src
echo >>build/CMakeCache.txt
driver 1 use
one_error
has err "configuring the stage 'instrument' failed" "FETCHCONTENT_SOURCE_DIR_PACKED"

mv moved origin
rm -rf build
configure src build -DCMAKE_BUILD_TYPE=Debug "-DORIGIN=$work/origin" "-DFETCHCONTENT_SOURCE_DIR_GIVEN=$work/given" \
    "-DFETCHCONTENT_BASE_DIR=$work/base"
mv origin moved
before=$(sums base)
works
has err "the stages use 'Release'"
same "$(sums base)" "$before" "the shared directory changed"
