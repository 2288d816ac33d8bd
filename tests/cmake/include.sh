# The module may come before the targets, twice, from a subdirectory: it does the right thing once. And with
# none of its targets built, nothing is compiled.
. "$(dirname "$0")/../lib.sh"
project src
cat >src/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(small C)
include(PGO)
pgo_add_training(early COMMAND sum 1000 DEPENDS late)
pgo_exclude_targets(late)
add_subdirectory(sub)
include(PGO)
add_library(core STATIC core.c)
add_executable(sum sum.c)
target_link_libraries(sum core)
add_executable(mul mul.c)
target_link_libraries(mul core)
END
mkdir src/sub
cat >src/sub/CMakeLists.txt <<'END'
include(PGO)
include(PGO)
add_executable(late EXCLUDE_FROM_ALL late.c)
pgo_add_training(below COMMAND mul 1000 INPUTS words.txt)
END
: >src/sub/words.txt
echo 'int main(void) { return 0; }' >src/sub/late.c
configure src build
same "$(grep -c '^training ' build/pgo.plan)" 2
has build/pgo.plan "input $work/src/sub/words.txt" "depends late" "arg mul"
[ ! -e build/pgo ] && [ ! -e build/pgo-driver/pgo ] || fail "configuring built something"
! find build -name '*.o' | grep -q . || fail "configuring compiled something"
cmake --build build >/dev/null
[ ! -e build/pgo ] && [ ! -e build/pgo-driver/pgo ] || fail "the project's own build built something of ours"
cmake --build build --target pgo-use >out 2>err || fail "pgo-use"
has out "found their profile (100.0 %)"
[ -x build/pgo/instrument/sub/late ] || fail "DEPENDS was not built"
for command in instrument train merge use status compare install clean quick; do
    cmake --build build --target help | grep -q "pgo-$command\b" || fail "there is no target pgo-$command"
done

# Only from a subdirectory.
sed -i '/PGO/d; /^pgo_/d' src/CMakeLists.txt
rm -rf build
configure src build
run 0 "$PGO" -C build use
has err "no training ran: sum"
cmake --build build --target pgo-status >/dev/null || fail "pgo-status"
