# The user's tree and sources stay as they are, and everything that projects do with flags, outputs and
# generated sources still ends in optimized programs with all functions matched.
. "$(dirname "$0")/../lib.sh"
project src
cat >src/step.c.in <<'END'
static int level(int a) { return a > @LEVEL@ ? a - 1 : a + 1; }
int configured(int a);
int configured(int a) { return level(a) * 2; }
END
cat >src/make.c <<'END'
/* make FILE: writes a C source, with a function that nobody but this program runs. */
#include <stdio.h>
static int only_here(int a) { return a % 7 ? a : 0; }
int main(int argc, char **argv)
{
    FILE *out = argc > 1 ? fopen(argv[1], "w") : NULL;
    int sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += only_here(i);
    if (!out)
        return 1;
    fprintf(out, "static int inner(int a) { return a > %d ? a / 2 : a; }\n", sum % 5);
    fputs("int generated(int a);\nint generated(int a) { return inner(a); }\n", out);
    return fclose(out) != 0;
}
END
for i in 1 2 3; do
    printf 'static int part%d(int a) { return a > %d ? a : -a; }\nint one%d(int a);\nint one%d(int a) { return part%d(a); }\n' \
        $i $i $i $i $i >src/one$i.c
done
cat >src/main.c <<'END'
#include <stdio.h>
#include "config.h"
int configured(int), generated(int), one1(int), one2(int), one3(int), own(int), loose(int);
int never(int);
int main(int argc, char **argv)
{
    int a = argc;
    (void)argv;
    if (argc > 5)
        a += never(a);
    for (int i = 0; i < 100; i++)
        a += configured(i) + generated(i) + one1(i) + one2(i) + one3(i) + own(i) + loose(i);
    printf("%d %d\n", a, FOUND);
    return 0;
}
END
echo 'int never(int); int never(int a) { return a * a; }' >src/never.c
echo 'int own(int); int own(int a) { for (int i = 0; i < a; i++) a -= i; return a; }' >src/own.c
echo 'int loose(int); int loose(int a) { int unused; return a & 3 ? a : 1; }' >src/loose.c
cat >>src/CMakeLists.txt <<'END'
include(CheckCCompilerFlag)
include(CheckFunctionExists)
include(CheckCSourceCompiles)
check_c_compiler_flag(-Wall HAVE_WALL)
check_c_compiler_flag(-fno-such-flag HAVE_NO_SUCH)
check_function_exists(getpid HAVE_GETPID)
check_function_exists(no_such_function HAVE_NO_FUNCTION)
set(CMAKE_REQUIRED_FLAGS "-Werror -Wall -Wextra")
check_c_source_compiles("int main(void) { return 0; }" HAVE_STRICT)
unset(CMAKE_REQUIRED_FLAGS)
file(WRITE "${CMAKE_BINARY_DIR}/try.c" "int main(void) { return 0; }")
try_compile(HAVE_TRY "${CMAKE_BINARY_DIR}/try" "${CMAKE_BINARY_DIR}/try.c")
set(FOUND "0")
foreach(check HAVE_WALL HAVE_NO_SUCH HAVE_GETPID HAVE_NO_FUNCTION HAVE_STRICT HAVE_TRY)
  if(${check})
    set(FOUND "${FOUND}1")
  else()
    set(FOUND "${FOUND}0")
  endif()
endforeach()
file(WRITE "${CMAKE_BINARY_DIR}/config.h" "#define FOUND ${FOUND}\n")
set(LEVEL 3)
configure_file(step.c.in configured.c)
add_executable(make make.c)
add_custom_command(OUTPUT generated.c COMMAND make "${CMAKE_CURRENT_BINARY_DIR}/generated.c" VERBATIM)
add_library(one STATIC one1.c one2.c one3.c)
set_target_properties(one PROPERTIES UNITY_BUILD ON)
add_library(loose OBJECT loose.c)
target_compile_options(loose PRIVATE -w)
add_library(own STATIC own.c)
add_executable(main main.c never.c "${CMAKE_CURRENT_BINARY_DIR}/configured.c" "${CMAKE_CURRENT_BINARY_DIR}/generated.c")
target_include_directories(main PRIVATE "${CMAKE_BINARY_DIR}")
target_link_libraries(main one own loose)
target_compile_options(main PRIVATE -Wall -Wextra -Werror)
set_property(DIRECTORY PROPERTY COMPILE_OPTIONS "")
set_target_properties(own PROPERTIES COMPILE_OPTIONS "-Wall;-Werror" LINK_OPTIONS "")
if(OUTSIDE)
  set_target_properties(sum PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_SOURCE_DIR}/bin")
endif()
pgo_add_training(main COMMAND main)
END
trainings src
configure src build
sums build ! -name '.ninja_*' >before
sums src >sources
chmod -R a-w src
driver 0 use
chmod -R u+w src
sums build ! -path './pgo/*' ! -name '.ninja_*' | diff before - || fail "the user tree changed"
sums src | diff sources - || fail "the sources changed"
has out "(100.0 %)"
same "$(grep warning err)" "pgo: warning: no training ran: make"

# The checks came out alike; each way of setting flags was followed.
for stage in instrument use; do
    cmp build/config.h build/pgo/$stage/config.h || fail "checks came out otherwise in '$stage'"
done
for source in own.c loose.c one/Unity configured.c generated.c never.c; do
    for stage in instrument:generate use:use; do
        name=$(basename "$source")
        grep -e "\"command\".*$name" build/pgo/${stage%:*}/compile_commands.json |
            grep -q -e "-fprofile-${stage#*:}" || fail "no flags for $source in ${stage%:*}"
    done
done
! grep -q fprofile build/compile_commands.json 2>/dev/null || fail "flags in the user tree"
same "$(build/pgo/use/main)" "$(LLVM_PROFILE_FILE=/dev/null GCOV_PREFIX=$work/away build/pgo/instrument/main 2>/dev/null)"

# The program that the build ran is in no training's profile: its own functions never ran.
case $FAMILY in
gcc) [ ! -e "build/pgo/profile/current/CMakeFiles#make.dir#make.c.gcda" ] || fail "the generator was trained" ;;
clang)
    tool=$(sed -n 's/^merge[ =]*//p' build/pgo/state/tools | head -n 1)
    [ -x "$tool" ] || tool=/usr/lib/llvm-$(clang -dumpversion | sed 's/[.].*//')/bin/llvm-profdata
    "$tool" show --all-functions build/pgo/profile/current >functions
    has functions "generated"
    hasnt functions "make.c:only_here"
    ;;
esac
! grep -q "program:.*/make" build/pgo/train/*/record || fail "a training wrote a profile of the generator"

# Without optimization in the user tree the stages use Release, configured afresh: the checks too.
configure src build --fresh -DCMAKE_BUILD_TYPE=Debug
sums build ! -path './pgo/*' ! -name '.ninja_*' >before
driver 0 use
has err "the build type of your tree is 'Debug'" "the stages use 'Release'"
hasnt err "came out otherwise"
has out "(100.0 %)"
grep -q -e '-O3' build/pgo/use/compile_commands.json || fail "not optimized"
cmp build/config.h build/pgo/use/config.h || fail "checks came out otherwise"
sums build ! -path './pgo/*' ! -name '.ninja_*' | diff before - || fail "the user tree changed"
driver 0 use
hasnt err train: merge: configuring
# But a project that brings its own optimization keeps its build type.
rm -rf build
configure src build -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS=-O1
driver 0 use
hasnt err Release
grep -q -e '-O1' build/pgo/use/compile_commands.json || fail "the project's -O1 is lost"
has out "(100.0 %)"

# A program that is written into the source tree stays in the stage, and this is said in a line.
rm -rf build
configure src build -DOUTSIDE=ON
sums src >sources
driver 0 use
has err "what is built into $work/src/bin is in out/"
sums src | diff sources - || fail "something was written into the source tree"
has out "(100.0 %)"
same "$(grep warning err)" "pgo: warning: no training ran: make"
