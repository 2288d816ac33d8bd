# A stage tree that somebody configured otherwise: which source, which setting, and how to start afresh.
. "$(dirname "$0")/../lib.sh"
ready
works
reconfigure build/pgo/use flags='-O1 -DEXTRA=1'
run 1 "$PGO" -C build use
one_error
has err "is compiled with other settings in the two stages" "-O1" "-DEXTRA=1' only in 'use'" "hint: " \
    "pgo clean"
run 0 "$PGO" -C build clean
works

# LTO is a setting too.
case $SYSTEM in
cmake)
    sed -i '1a set(CMAKE_POLICY_DEFAULT_CMP0069 NEW)' src/CMakeLists.txt
    reconfigure build/pgo/instrument CMAKE_INTERPROCEDURAL_OPTIMIZATION=ON
    ;;
meson) reconfigure build/pgo/instrument b_lto=true ;;
esac
run 1 "$PGO" -C build use
has err "-flto" "only in 'instrument'"
