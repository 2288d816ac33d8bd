# The template's README, command by command, with the files dropped in; both routes.
. "$(dirname "$0")/../lib.sh"
for CC in gcc clang; do
    export CC
    rm -rf minimal
    cp -R "$PGO_ROOT/templates/minimal" minimal
    run 0 cmake -DOUT="$PWD/minimal/cmake" -P "$PGO_ROOT/cmake/dropin.cmake"
    cd minimal
    sed -n '/^## With CMake/,/^## With Meson/s/^    //p' README.md >commands
    [ "$(wc -l <commands)" -ge 8 ] || fail "the README shows no commands"
    sed -i "s/ merge / merge --compiler $CC /" commands
    sh -e commands >out 2>err || fail "a command of the README"
    has out "found their profile (100.0 %)"
    [ "$(build/pgo-use/minimal main.c)" = "$(build/release/pgo/use/minimal main.c)" ] || fail "other output"
    cd ..
done
