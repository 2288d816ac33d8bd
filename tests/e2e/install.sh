# Installing the optimized programs, looking at what is there, and removing it.
. "$(dirname "$0")/../lib.sh"
case $SYSTEM in cmake) headers=headers ;; meson) headers=devel ;; esac
project src
trainings src
in_cmake src <<'END'
install(TARGETS sum mul COMPONENT programs)
install(FILES core.h DESTINATION include COMPONENT headers)
END
in_meson src <<'END'
install_headers('core.h')
END
if [ "$SYSTEM" = meson ]; then
    more src sum 'install: true'
    more src mul 'install: true'
fi
configure src build prefix=/opt/small

run 0 env DESTDIR="$work/staged" "$PGO" -C build install
has out "installed all of '$work/build/pgo/use' in '/opt/small' below '$work/staged'" "sum"
cmp staged/opt/small/bin/sum build/pgo/use/sum || fail "not the optimized program"
cmp staged/opt/small/bin/mul build/pgo/use/mul || fail "not the optimized program"
[ -e staged/opt/small/include/core.h ] || fail "the header is not installed"
run 0 env DESTDIR="$work/part" "$PGO" -C build install --component $headers
has out "installed component $headers of "
[ -e part/opt/small/include/core.h ] || fail "--component"
[ ! -e part/opt/small/bin ] || fail "--component installed more"
driver 2 install --component nosuch
has err "component 'nosuch' installs nothing"
[ ! -e build/sum ] || fail "the user's programs were built"
run 0 env DESTDIR="$work/stripped" "$PGO" -C build install --strip
! readelf -S stripped/opt/small/bin/sum | grep -q symtab || fail "--strip"
readelf -S build/pgo/use/sum | grep -q symtab || fail "--strip stripped the stage's own"

# What is stale is made fresh before it is installed; what cannot be is not installed.
edit src/mul.c 's/1000003/1000033/'
run 0 env DESTDIR="$work/edited" "$PGO" -C build install
cmp edited/opt/small/bin/mul build/pgo/use/mul || fail "not the stage's program"
cmp -s edited/opt/small/bin/mul staged/opt/small/bin/mul && fail "not the edited program"
echo 'broken(' >>src/mul.c
run 1 env DESTDIR="$work/none" "$PGO" -C build install
[ ! -e none ] || fail "a build that failed was installed"
edit src/mul.c '/^broken/d'
case $SYSTEM in
cmake)
    driver 0 install --prefix "$work/to here"
    cmp "to here/bin/sum" build/pgo/use/sum || fail "not the optimized program"
    run 0 env DESTDIR="$work/by target" cmake --build build --target pgo-install
    cmp "by target/opt/small/bin/mul" build/pgo/use/mul || fail "pgo-install"
    [ ! -e build/sum ] || fail "the user's programs were built"
    goal build >/dev/null
    cmake --install build --prefix "$work/plain" >/dev/null
    cmp -s plain/bin/sum build/pgo/use/sum && fail "cmake --install build installed the optimized program"
    ;;
meson)
    driver 2 install --prefix "$work/to here"
    one_error
    has err "hint: set DESTDIR"
    ;;
esac

# A prefix in the build tree is the user's too.
configure src inside prefix="$work/inside/dist"
run 0 "$PGO" -C inside install
cmp inside/dist/bin/sum inside/pgo/use/sum || fail "not in the user's own prefix"

driver 0 status
has out "stage instrument         fresh" "stage use                fresh" "stage baseline           not made" \
    "training sum             fresh; ran " "training mul             fresh; ran " "$(profile)" "(100.0 %)" \
    "functions ran" "dataset                  full" "3 of 3 functions"
hasnt out "(null)"
if [ "$SYSTEM" = cmake ]; then
    goal build pgo-status >out 2>&1 || fail "pgo-status"
    has out "stage use                fresh"
fi

programs=$(cksum build/pgo/use/sum build/pgo/use/mul)
user_files build >before
driver 0 clean
has out "removed $work/build/pgo"
has err "profiles included"
[ ! -e build/pgo ] || fail "the folder is still there"
user_files build | cmp -s - before || fail "clean removed more"
driver 0 clean
has out "nothing to remove"
driver 0 use
has out "(100.0 %)"
same "$(cksum build/pgo/use/sum build/pgo/use/mul)" "$programs" "programs after 'clean' and 'use'"
case $SYSTEM in
cmake) goal build pgo-clean >out 2>&1 || fail "pgo-clean" ;;
meson) driver 0 clean ;;
esac
[ ! -e build/pgo ] || fail "pgo-clean"

# A directory of the project's own, of the same name, stays.
mkdir -p build/pgo/mine
echo mine >build/pgo/mine/file
driver 0 use
has out "pgo-stages/use/sum"
driver 0 clean
[ -e build/pgo/mine/file ] || fail "clean removed the project's own files"
[ ! -e build/pgo-stages ] || fail "pgo-stages is still there"
