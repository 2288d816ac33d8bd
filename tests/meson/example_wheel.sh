# The wheel of the Python module gets the optimized one, as the example's README says.
. "$(dirname "$0")/../lib.sh"
need meson
for python in python3 /usr/bin/python3 none; do
    ! "$python" -c 'import build, mesonpy, wheel' 2>/dev/null || break
done
[ "$python" != none ] || skip "the Python packages build, meson-python or wheel are not installed"
cp -R "$PGO_ROOT/examples/pyext-meson" src
cd src || exit
run 0 "$python" -m build --wheel --no-isolation --skip-dependency-check -Cbuilddir=build
run 0 "$PGO" -C build use
has out "found their profile (100.0 %)"
run 0 "$python" -m wheel unpack dist/accesslog-1.0.0-*.whl
cp build/pgo/use/accesslog.*.so accesslog-1.0.0/
run 0 "$python" -m wheel pack accesslog-1.0.0 -d dist
run 0 "$python" -m zipfile -e dist/accesslog-1.0.0-*.whl unpacked
cmp unpacked/accesslog.*.so build/pgo/use/accesslog.*.so || fail "another module is in the wheel"
run 0 env PYTHONPATH="$PWD/unpacked" "$python" tests/test_accesslog.py
