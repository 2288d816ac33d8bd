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
# full_at COMMAND KIB: it works, or says that the disk is full.
full_at() {
    fill $2
    got=0
    "$PGO" -C build $1 >out 2>err </dev/null || got=$?
    rm -f build/fill
    case $got in
    0) return ;;
    1) one_error ;;
    *) fail "status $got with $2 KiB" ;;
    esac
    grep -q -e "$work/build/pgo" err || fail "no path is named"
    grep -qi -e 'no space left' -e 'bytes free' -e 'disk .*is full' err || fail "$1, $2 KiB: the reason is missing"
    echo "$1, $2 KiB: $(grep error: err)"
}
for room in 0 4 24 64 160 280 330 370 400; do
    rm -rf build/pgo
    full_at use $room
    [ $room != 0 ] || has err "bytes needed): No space left on device (" " bytes free)" "nothing was changed"
    [ $got = 0 ] || works
done
for room in 0 8 16 32; do
    for stage in train merge; do
        rm -rf build/pgo
        driver 0 $([ $stage = train ] && echo instrument || echo train)
        full_at $stage $room
        [ $got = 0 ] || works
    done
done
# A training that fills it itself.
driver 1 train --train "fills=sh -c './sum 3; cat /dev/zero >\"{tmp}/all\"'"
one_error
has err "No space left on device"
driver 0 use --forget fills
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
