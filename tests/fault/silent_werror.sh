# Warnings that are errors, silenced by -w: the compile that is made for Clang's words alone fails
# nothing.
. "$(dirname "$0")/../lib.sh"
for each in gcc clang; do
    family $each
    rm -rf src build
    project src
    trainings src
    echo 'static int unused(void) { return 1; }' >>src/core.c
    configure src build flags="-Wall -Werror -w"
    run 0 "$PGO" -C build use
    has out "(100.0 %)"
done
