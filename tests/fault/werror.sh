# The compiler's warnings about profiles never become errors, whatever the project sets.
. "$(dirname "$0")/../lib.sh"
for each in gcc clang; do
    family $each
    rm -rf src build
    project src
    sed -i '/^project/a add_compile_options(-Wall -Wextra -Werror)' src/CMakeLists.txt
    cat >>src/CMakeLists.txt <<'END'
add_custom_command(OUTPUT gen.c COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/gen.sh VERBATIM)
add_library(gen STATIC gen.c)
target_compile_options(gen PRIVATE -Werror)
target_link_libraries(sum gen)
pgo_add_training(sum COMMAND sum 1000)
END
    cat >src/gen.sh <<'END'
exec >gen.c
case $PWD in
*/pgo/use*) echo 'int gen(int i); int gen(int i) { while (i > 9) i -= 2; return i; }' ;;
*) echo 'int gen(int i); int gen(int i) { return i > 3 ? i : i + 7; }' ;;
esac
END
    sed -i 's/a = 0;/a = gen(5);/; 1i int gen(int i);' src/sum.c
    configure src build
    run 0 "$PGO" -C build use
    has err "no training ran: mul" "gen.c: 1 of 1"
done
