# A full disk or one that cannot be written to: the path, the free bytes, and after making room the same
# command works. On a small file system of its own, which goes with the test.
if [ -z "${PGO_TEST_MOUNTS:-}" ]; then
    unshare -m true 2>/dev/null && PGO_TEST_MOUNTS=1 exec unshare -m sh "$0"
    unshare -rm true 2>/dev/null && PGO_TEST_MOUNTS=1 exec unshare -rm sh "$0"
    echo "skipped: no file system can be mounted here"
    exit 77
fi
export PGO_TEST_MOUNTS
. "$(dirname "$0")/../lib.sh"
project src
trainings src
mkdir build
mount -t tmpfs -o size=12m none build || skip "no file system can be mounted here"
configure src build
fill() { # KIB: leaves so much room
    rm -f build/fill
    free=$(df -k --output=avail build | tail -1)
    [ $1 -ge $free ] || head -c $(((free - $1) * 1024)) /dev/zero >build/fill
}
for room in 0 4 24 64 160 280 330 370 400; do
    rm -rf build/pgo
    fill $room
    got=0
    "$PGO" -C build use >out 2>err </dev/null || got=$?
    case $got in
    0) continue ;;
    1) one_error ;;
    *) fail "status $got with $room KiB" ;;
    esac
    grep -q -e "$work/build/pgo" err || fail "no path is named"
    grep -qi -e 'no space left' -e 'bytes free' -e 'disk .*is full' err ||
        fail "$room KiB: the reason is missing"
    echo "$room KiB: $(grep error: err)"
    [ $room != 0 ] || has err "bytes needed): No space left on device (" " bytes free)" "nothing was changed"
    rm build/fill
    works
done
fill 0
works
rm build/fill

mount -o remount,ro build
echo '/* changed */' >>src/mul.c
run 1 "$PGO" -C build use
one_error
has err "$work/build/pgo/" "Read-only file system"
mount -o remount,rw build
works
cd "$work"
umount build
