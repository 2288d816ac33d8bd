# Link-time optimization, by CMake's own means and by flags: a program with a static library is
# profiled and every function of it finds its profile, read from objects that are no machine code.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
if [ "$SYSTEM" = meson ]; then
    configure src build b_lto=true
    echo 'int main(void) { return 0; }' | $CC -flto -x c - -o lto 2>/dev/null ||
        skip "$CC and its linker have no link-time optimization"
    works
    has out "3 of 3 functions in 3 of 3 translation units"
    commands use | grep -q -e " -flto" || fail "no link-time optimization"
    exit 0
fi
cat >src/ipo.cmake <<'END'
include(CheckIPOSupported)
check_ipo_supported(RESULT ipo OUTPUT why)
file(WRITE "${CMAKE_BINARY_DIR}/ipo" "${ipo}")
if(ipo AND NOT LTO)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()
END
edit src/CMakeLists.txt '/^add_library/i include(ipo.cmake)'
configure src build
[ "$(cat build/ipo)" = YES ] || [ "$(cat build/ipo)" = TRUE ] ||
    skip "$CC and its linker have no link-time optimization"
case $FAMILY in
clang) set -- "" -flto=thin -flto ;;
gcc) set -- "" "-flto -ffat-lto-objects" ;;
esac
for flags; do
    rm -rf build
    configure src build "-DLTO=$flags" "-DCMAKE_C_FLAGS=$flags"
    works
    has out "3 of 3 functions in 3 of 3 translation units"
    has build/pgo/use/compile_commands.json " -flto"
done
