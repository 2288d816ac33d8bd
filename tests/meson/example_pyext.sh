# A Python module, trained through a Python that is not instrumented, as its README says: the module of
# the stage is what ran, all of it found its profile, and it is what gets installed.
. "$(dirname "$0")/../lib.sh"
need meson python3
headers() {
    for header in /usr/include/python3*/Python.h \
        "$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h"; do
        [ ! -e "$header" ] || return 0
    done
    return 1
}
headers || skip "Python's headers are not installed"
for family in gcc clang; do
    family $family
    rm -rf build root
    run 0 meson setup build "$PGO_ROOT/examples/pyext-meson" --buildtype release
    hasnt out WARNING
    run 0 "$PGO" -C build use
    same "$(trained)" "files lines"
    has out "found their profile (100.0 %)" "pgo/use/accesslog."
    hasnt err warning
    run 0 meson test -C build/pgo/use
    grep -Eq '^Ok: *1 *$' out || fail "the module's test does not pass on the optimized one"

    driver 0 use
    same "$(trained)" ""
    run 0 env DESTDIR="$PWD/root" "$PGO" -C build install
    module=$(find root -name 'accesslog.*.so')
    cmp "$module" build/pgo/use/accesslog.*.so || fail "another module was installed"
done
