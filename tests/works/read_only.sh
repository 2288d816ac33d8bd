# A source tree that cannot be written to: configured, trained and optimized all the same.
. "$(dirname "$0")/../lib.sh"
need unshare mount
MESON=${MESON:-}
project src
trainings src
cat >inside.sh <<'END'
set -eu
mount --bind src src
mount -o remount,bind,ro src
! touch src/new 2>/dev/null || exit 9
case $SYSTEM in
cmake)
    cmake -S src -B build -DCMAKE_BUILD_TYPE=Release "-DCMAKE_MODULE_PATH=$PGO_ROOT/cmake" >configure.log 2>&1
    cmake --build build --target pgo-use
    ;;
meson)
    "$MESON" setup -Dbuildtype=release build src >configure.log 2>&1
    "$PGO" -C build use
    ;;
esac
END
export PGO_ROOT SYSTEM MESON
if [ "$(id -u)" = 0 ]; then
    unshare -m true 2>/dev/null || skip "no mount namespace here"
    run 0 unshare -m sh inside.sh
else
    unshare -rm true 2>/dev/null || skip "no mount namespace for this user"
    run 0 unshare -rm sh inside.sh
fi
has out "found their profile (100.0 %)"
