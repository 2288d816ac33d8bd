# Behind ccache, objects of another profile are never taken from its cache, and the match is measured all
# the same.
. "$(dirname "$0")/../lib.sh"
need ccache
export CCACHE_DIR="$work/cache"
cleaned() {
    case $SYSTEM in
    cmake) cmake --build "$1" --clean-first ;;
    meson) ninja -C "$1" -t clean && ninja -C "$1" ;;
    esac
}
for each in gcc clang; do
    family $each
    ready launcher=ccache
    works
    cp build/pgo/use/sum first
    # Another profile: other objects, the same as without ccache.
    training src sum -- sum 3
    training src mul -- mul 0
    reconfigure build
    works
    cp build/pgo/use/mul second
    CCACHE_DISABLE=1 cleaned build/pgo/use >/dev/null
    cmp build/pgo/use/mul second || fail "$each: ccache gave objects of another profile"
    # The first profile again: everything may come from the cache.
    trainings src
    rm -rf build
    configure src build launcher=ccache
    run 0 "$PGO" -C build use
    cmp build/pgo/use/sum first || fail "$each: another program from the cache"
    has out '(100.0 %)'
done
