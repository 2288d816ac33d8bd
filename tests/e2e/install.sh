# Installing the optimized programs, looking at what is there, and removing it.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
cat >>src/CMakeLists.txt <<'END'
install(TARGETS sum mul COMPONENT programs)
install(FILES core.h DESTINATION include COMPONENT headers)
END
configure src build -DCMAKE_INSTALL_PREFIX=/opt/small

driver 0 install --prefix "$work/to here"
cmp "to here/bin/sum" build/pgo/use/sum || fail "not the optimized program"
cmp "to here/bin/mul" build/pgo/use/mul || fail "not the optimized program"
[ -e "to here/include/core.h" ] || fail "the header is not installed"
run 0 env DESTDIR="$work/staged" "$PGO" -C build install
cmp staged/opt/small/bin/sum build/pgo/use/sum || fail "DESTDIR"
driver 0 install --prefix "$work/part" --component headers
[ -e part/include/core.h ] || fail "--component"
[ ! -e part/bin ] || fail "--component installed more"
run 0 env DESTDIR="$work/by target" cmake --build build --target pgo-install
cmp "by target/opt/small/bin/mul" build/pgo/use/mul || fail "pgo-install"
[ ! -e build/sum ] || fail "the user's programs were built"
cmake --build build >/dev/null
cmake --install build --prefix "$work/plain" >/dev/null
cmp -s plain/bin/sum build/pgo/use/sum && fail "cmake --install build installed the optimized program"

driver 0 status
has out "stage instrument         made" "stage use                made" "stage baseline           not made" \
    "training sum             ran " "training mul             ran " "$(profile)" "(100.0 %)" \
    "functions ran" "dataset                  full" "3 of 3 functions"
hasnt out "(null)"
driver 0 status --json
has out '"stage use": "made"' "\"profile\": \"$(profile)\"" '"match": "3 of 3 functions (100.0 %)"'
! command -v python3 >/dev/null || python3 -m json.tool <out >/dev/null || fail "not JSON"
cmake --build build --target pgo-status >out 2>&1 || fail "pgo-status"
has out "stage use                made"

programs=$(cksum build/pgo/use/sum build/pgo/use/mul)
sums build ! -path './pgo/*' ! -name '.ninja_*' >before
driver 0 clean
has out "removed $work/build/pgo"
has err "profiles included"
[ ! -e build/pgo ] || fail "the folder is still there"
sums build ! -path './pgo/*' ! -name '.ninja_*' | cmp -s - before || fail "clean removed more"
driver 0 clean
has out "nothing to remove"
driver 0 use
has out "(100.0 %)"
same "$(cksum build/pgo/use/sum build/pgo/use/mul)" "$programs" "programs after 'clean' and 'use'"
cmake --build build --target pgo-clean >out 2>&1 || fail "pgo-clean"
[ ! -e build/pgo ] || fail "pgo-clean"

# A directory of the project's own, of the same name, stays.
mkdir -p build/pgo/mine
echo mine >build/pgo/mine/file
driver 0 use
has out "pgo-stages/use/sum"
driver 0 clean
[ -e build/pgo/mine/file ] || fail "clean removed the project's own files"
[ ! -e build/pgo-stages ] || fail "pgo-stages is still there"
