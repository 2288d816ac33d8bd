# With Meson 1.7 (of the backports, as this system has an older one) what depends on Meson's own workings most
# comes out as with the system's.
. "$(dirname "$0")/lib.sh"
of_suite bookworm-backports meson
# In place, it looks for its modules beside itself.
ln -sfn ../lib/python3/dist-packages/mesonbuild "$unpacked/usr/bin/mesonbuild"
MESON=$unpacked/usr/bin/meson
"$MESON" --version >said 2>&1 || skip "it does not run here: $(tail -n 1 said)"
has said 1.7
for name in hostile options own_tests stage subproject targets; do
    status=0
    PGO_TEST_NAME="$PGO_TEST_NAME $name" sh "$PGO_ROOT/tests/meson/$name.sh" >script.log 2>&1 || status=$?
    [ $status = 0 ] || [ $status = 77 ] || fail "$name with Meson $(cat said): $(cat script.log)"
done
