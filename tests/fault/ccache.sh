# Behind ccache, objects of another profile are never taken from its cache, and the match is measured all
# the same.
. "$(dirname "$0")/../lib.sh"
need ccache
export CCACHE_DIR="$work/cache"
for each in gcc clang; do
    family $each
    ready -DCMAKE_C_COMPILER_LAUNCHER=ccache
    works
    cp build/pgo/use/sum first
    # Another profile: other objects, the same as without ccache.
    sed -i 's/sum 1000/sum 3/; s/mul 1000/mul 0/' src/CMakeLists.txt
    cmake build >/dev/null
    works
    cp build/pgo/use/mul second
    CCACHE_DISABLE=1 cmake --build build/pgo/use --clean-first >/dev/null
    cmp build/pgo/use/mul second || fail "$each: ccache gave objects of another profile"
    # The first profile again: everything may come from the cache.
    sed -i 's/sum 3/sum 1000/; s/mul 0/mul 1000/' src/CMakeLists.txt
    rm -rf build
    configure src build -DCMAKE_C_COMPILER_LAUNCHER=ccache
    run 0 "$PGO" -C build use
    cmp build/pgo/use/sum first || fail "$each: another program from the cache"
    has out '(100.0 %)'
done
