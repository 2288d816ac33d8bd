# The compiler's warnings about profiles never become errors, whatever the project sets.
. "$(dirname "$0")/../lib.sh"
for each in gcc clang; do
    family $each
    rm -rf src build
    project src
    in_cmake src <<'END'
add_custom_command(OUTPUT gen.c COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/gen.sh VERBATIM)
add_library(gen STATIC gen.c)
target_compile_options(gen PRIVATE -Werror)
target_link_libraries(sum gen)
END
    [ "$SYSTEM" = cmake ] || edit src/meson.build "s|^core = |add_project_arguments('-Werror', language: 'c')\\n&|" \
        "s|^sum = executable('sum'|gen = custom_target(output: 'gen.c', command: ['sh', files('gen.sh')])\\n&, gen|"
    training src sum -- sum 1000
    cat >src/gen.sh <<'END'
exec >gen.c
case $PWD in
*/pgo/use*) echo 'int gen(int i); int gen(int i) { while (i > 9) i -= 2; return i; }' ;;
*) echo 'int gen(int i); int gen(int i) { return i > 3 ? i : i + 7; }' ;;
esac
END
    sed -i 's/a = 0;/a = gen(5);/; 1i int gen(int i);' src/sum.c
    configure src build flags="-Wall -Wextra -Werror"
    run 0 "$PGO" -C build use
    has err "no training ran: mul" "gen.c: 1 of 1"
done
