# By itself it builds, tests and installs with Meson; what is listed for Meson is what there is.
. "$(dirname "$0")/lib.sh"
for name in "$PGO_ROOT"/src/*.c; do
    has "$PGO_ROOT/meson/meson.build" "'../src/$(basename "$name")'"
done
for name in "$PGO_ROOT"/runtime/*.c; do
    has "$PGO_ROOT/meson/meson.build" "'$(basename "$name")'"
done
for name in "$PGO_ROOT"/tests/unit/test_*.c; do
    name=$(basename "$name" .c)
    has "$PGO_ROOT/meson/alone/meson.build" "'${name#test_}'"
done
setup "$PGO_ROOT" build --prefix "$work/installed" --buildtype=debug
version=$("$PGO" version)
has configure.log "Project version: ${version#pgo }"
run 0 "$MESON" install -C build
run 0 installed/bin/pgo version
[ -f installed/include/pgo.h ] || fail "pgo.h is not installed"
[ ! -e /usr/include/cmocka.h ] || run 0 "$MESON" test -C build hash
