# A build directory that is the source directory, and one that holds it: programs are optimized, a script of the
# sources is an input of its training, and none of the user's files changes by a byte.
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"
need python3
sources() {
    project "$1"
    edit "$1/CMakeLists.txt" 's/STATIC/OBJECT/'
    mkdir -p "$1/data" "$1/sub"
    echo 1000 >"$1/data/count"
    printf 'set -e\ncount=$(cat "$2/count")\n"$1/bin/sum" "$count"\n"$1/bin/mul" 9\n' >"$1/train.sh"
    cat >"$1/gen.py" <<'END'
import sys
open(sys.argv[1], "w").write("int made(int a) { return a % 3 ? a : -a; }\n")
END
    printf '@ANY@\nint conf(int a) { return a %% 5 ? a : -a; }\n' >"$1/conf.c.in"
    cat >>"$1/CMakeLists.txt" <<'END'
set(COUNTS "${CMAKE_CURRENT_SOURCE_DIR}/data" CACHE PATH "Where the count is")
add_custom_command(OUTPUT made.c COMMAND python3 "${CMAKE_CURRENT_SOURCE_DIR}/gen.py" made.c DEPENDS gen.py)
configure_file(conf.c.in conf.c)
target_sources(core PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/made.c" "${CMAKE_CURRENT_BINARY_DIR}/conf.c")
pgo_add_training(script COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/train.sh "{build}" "${COUNTS}")
END
}
# check BUILD SOURCE
check() {
    cmake --build "$1" -j2 >build.log 2>&1 || fail "the user's own build: $(cat build.log)"
    before=$(sums "$1" ! -path '*/.ninja_*')
    sources_before=$(sums "$2" ! -path '*/.ninja_*' ! -path "*/pgo/*")
    run 0 "$PGO" -C "$1" use
    has out "found their profile (100.0 %)" "in 5 of 5 translation units" "$1/pgo/use/bin/sum"
    same "$(sums "$1" ! -path '*/.ninja_*' ! -path '*/pgo/*')" "$before" "the user's files changed"
    same "$(sums "$2" ! -path '*/.ninja_*' ! -path '*/pgo/*')" "$sources_before" "the sources changed"
    run 0 "$PGO" -C "$1" use
    same "$(trained)" ""
    echo '"$1/bin/mul" 500' >>"$2/train.sh"
    run 0 "$PGO" -C "$1" use
    same "$(trained)" script
}
for type in Debug Release; do
    rm -rf tree
    sources tree
    configure tree tree "-DCMAKE_RUNTIME_OUTPUT_DIRECTORY=$work/tree/bin" -DCMAKE_BUILD_TYPE=$type
    check tree tree
done
run 0 cmake --build tree --target pgo-use
has out "found their profile (100.0 %)"
mkdir build
sources build/src
configure build/src build "-DCMAKE_RUNTIME_OUTPUT_DIRECTORY=$work/build/bin"
check build build/src
