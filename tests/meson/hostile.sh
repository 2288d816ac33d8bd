# The driver compiles whatever the project's options and flags are, in a project in C++ alone, and in one for
# another machine; and none of these is its own.
. "$(dirname "$0")/lib.sh"
need nm
in_cpp src

# driver_of ARGUMENT...: of a tree that is configured so.
driver_of() {
    rm -rf build
    setup src build "$@"
    run 0 ninja -C build subprojects/pgo/pgo
    same "$(build/subprojects/pgo/pgo version)" "$("$PGO" version)"
    nm build/subprojects/pgo/pgo >symbols
    hasnt symbols __asan __ubsan gcov
}

cat >cross.ini <<END
[binaries]
cpp = '$(command -v "$CXX")'
strip = 'strip'
[host_machine]
system = 'linux'
cpu_family = 'aarch64'
cpu = 'aarch64'
endian = 'little'
END
driver_of --cross-file cross.ini
edit src/meson.build "1s/.*/project('small', 'c', 'cpp')\nadd_global_arguments('-Wconversion', '-Wshadow', language: 'c', native: true)/"
driver_of --werror --warnlevel 3 -Db_lto=true -Db_coverage=true -Db_sanitize=address,undefined \
    -Db_lundef=false -Db_pgo=generate -Db_ndebug=true -Dunity=on -Dc_std=c89 \
    -Dc_args='-std=c89 -pedantic-errors -Werror -Wextra -D_POSIX_C_SOURCE=199309L'
