# The three lines of a project give all targets that CMake gives, and later ones without an edit. The driver is
# built when one is first wanted; cleaning leaves it.
. "$(dirname "$0")/lib.sh"
small src
release src/subprojects/pgo
with_targets src
setup src build
same "$(pgo_targets build)" \
    "$(sed -n '/^ *set(commands/,/)/p' "$PGO_ROOT/cmake/PGO.cmake" | tr -s ' ()' '\n' |
        sed -n -e '/^set$/d' -e '/^commands$/d' -e 's/^[a-z]/pgo-&/p' | sort | words)"
edit src/subprojects/pgo/meson.build "s/'clean'/'clean', 'later'/"
run 0 ninja -C build
has "build/build.ninja" pgo-later
[ -z "$(find build/subprojects -name '*.o')" ] || fail "the driver was compiled with the project"
run 0 ninja -C build pgo-quick
has out "found their profile (100.0 %)"
run 0 ninja -C build pgo-status
has out quick
run 0 ninja -C build pgo-clean
[ ! -e build/pgo ] || fail "build/pgo is left"
run 0 ninja -C build pgo-clean
has out "nothing to remove"
