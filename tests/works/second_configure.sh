# A stage is a second configure. Where a project cannot be configured twice, or cannot be built then, its stages are
# configured afresh with the user's own entries, which is said in a line; a header that comes out otherwise
# is named; and when configuring afresh does not help either, the first error stands and what was built is kept.
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"
# once WHAT LINES KIND: a project that writes the file WHAT only the first time, and remembers that in an entry
once() {
    rm -rf src build
    kind=$3
    project src
    cat >>src/CMakeLists.txt <<END
if(NOT DEFINED CACHE{MADE})
  set(MADE 1 CACHE $kind "")
  file(WRITE "\${CMAKE_BINARY_DIR}/$1" "static int made(int a) { return a; }\n")
endif()
target_include_directories(core PRIVATE "\${CMAKE_BINARY_DIR}")
set(OPTION default CACHE STRING "")
file(APPEND "\${CMAKE_BINARY_DIR}/options" "\${OPTION}\n")
$2
END
    trainings src
    configure src build -DOPTION=own
}
afresh() {
    before=$(sums build ! -path './pgo/*')
    works
    same "$(grep -c "a copy of your tree's configuration could not be $1: trying" err)" 1
    same "$(grep -c "that worked: the stages are configured afresh" err)" 1
    for stage in instrument use; do
        same "$(tail -n 1 build/pgo/$stage/options)" own
        [ ! -e build/pgo/$stage.clone ] || fail "the clone is still there"
    done
    same "$(sums build ! -path './pgo/*')" "$before" "the user's tree changed"
    cmake -DOPTION=other build >configure.log 2>&1 || fail "configuring again"
    works
    hasnt err afresh
    same "$(tail -n 1 build/pgo/use/options)" other
}
once made.c 'target_sources(core PRIVATE "${CMAKE_BINARY_DIR}/made.c")' BOOL
afresh configured
once made.h '' INTERNAL
edit src/core.c '1s/^/#include "made.h"\n/'
afresh built

# Killed while it configures afresh: the next run does so again, and shows the first error while there is another.
dies='if(NOT DEFINED CACHE{TWICE} AND EXISTS "${CMAKE_SOURCE_DIR}/kill")
  execute_process(COMMAND sh -c "kill -9 $(cat pid); sleep 1" WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
endif()
set(TWICE 1 CACHE INTERNAL "")'
once made.h "$dies" INTERNAL
edit src/core.c '1s/^/#include "made.h"\n/'
echo "not C" >>src/mul.c
touch src/kill
run 137 sh -c 'echo $$ >src/pid; exec "$PGO" -C build use'
[ -d build/pgo/instrument.clone ] || fail "it was not killed while it configured afresh"
rm src/kill
driver 1 use
one_error
has err "building the stage 'instrument' failed" "made.h"
edit src/mul.c '/^not C/d'
afresh built

once made.h 'if(NOT DEFINED CACHE{TWICE})
  set(TWICE 0 CACHE INTERNAL "")
else()
  set(TWICE 1)
endif()
file(WRITE "${CMAKE_BINARY_DIR}/sub/config.h" "#define TWICE ${TWICE}\n")
file(WRITE "${CMAKE_BINARY_DIR}/sub/where.h" "#define WHERE \"${CMAKE_BINARY_DIR}\"\n")' BOOL
works
same "$(grep -c "warning: configuring wrote other content in the stage 'use' than in your tree: sub/config.h$" err)" 1
hasnt err afresh

once made.h '' INTERNAL
edit src/mul.c '$s/$/\nnot C/'
driver 1 use
one_error
has err "building the stage 'instrument' failed" "mul.c" "a copy of your tree's configuration could not be built: trying"
hasnt err worked
mark
edit src/mul.c '/^not C/d'
works
same "$(recompiled build/pgo/instrument)" mul.c
