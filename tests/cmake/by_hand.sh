# Stages configured by hand: instrument, run a program, `pgo merge --raw`, use. For presets and for builds that
# run elsewhere. A configured source has another path in each.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
cat >src/made.c.in <<'END'
static int @HOW@(int a) { return a % 3 ? a : -a; }
long made(long a) { return @HOW@((int)a) + 1; }
END
cat >>src/CMakeLists.txt <<'END'
set(HOW way)
configure_file(made.c.in made.c)
target_sources(sum PRIVATE ${PROJECT_BINARY_DIR}/made.c)
END
edit src/sum.c 's|^int main|long made(long a);\n&|' 's|a = step|a = made(1) + step|'
# pgo.h calls the compiler's own runtime here.
edit src/mul.c '1s/^/#include <pgo.h>\n#include <unistd.h>\n/' \
    's/return 0;/fflush(stdout); pgo_flush(); _exit(0);/'
echo 'target_link_libraries(mul PGO::pgo)' >>src/CMakeLists.txt
for each in gcc clang; do
    family $each
    rm -rf instrument use profile
    configure src instrument -DPGO_STAGE=instrument
    cmake --build instrument >log 2>&1 || fail "building: $(tail -5 log)"
    [ ! -e instrument/pgo-raw ] || fail "building wrote profiles"
    instrument/mul 1000 >/dev/null
    [ -n "$(ls instrument/pgo-raw)" ] || fail "nothing in pgo-raw"
    instrument/sum 1000 >/dev/null
    run 0 "$PGO" merge --raw instrument/pgo-raw --source instrument --use-in use \
        --output profile --compiler $CC
    has out "functions ran"
    configure src use -DPGO_STAGE=use -DPGO_PROFILE="$work/profile"
    has use/compile_commands.json "-fprofile-use=$work/profile"
    cmake --build use >log 2>&1 || fail "building: $(tail -5 log)"
    hasnt log "warning:"
    same "$(use/sum 1000)" "$(instrument/sum 1000)"
    configure src plain
    cmake --build plain >/dev/null
    ! cmp -s plain/sum use/sum || fail "the profile changed nothing"

    # With atomic counters, and back to a plain tree.
    configure src instrument -DPGO_STAGE=instrument -DPGO_ATOMIC=ON
    has instrument/compile_commands.json "atomic"
    configure src instrument -DPGO_STAGE= -DPGO_ATOMIC=OFF
    cmake --build instrument >/dev/null
    cmp plain/sum instrument/sum || fail "flags stay behind"
    rm -rf plain
done

# Such a tree is the user's: nothing is moved in it or removed from it.
edit src/CMakeLists.txt 's|project(small C)|&\nset(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_SOURCE_DIR}/../bin")|'
echo 'set(CTEST_CUSTOM_PRE_TEST true)' >src/CTestCustom.cmake
(cd src && cmake -DPGO_STAGE=instrument "-DCMAKE_MODULE_PATH=$PGO_ROOT/cmake" . >log && cmake --build . >log 2>&1) ||
    fail "a stage in the source"
[ -x bin/sum ] || fail "the program is elsewhere"
[ -f src/CTestCustom.cmake ] || fail "a file of the project is gone"
