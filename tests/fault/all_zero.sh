# A profile in which every count is 0 is said once, and the work goes on.
. "$(dirname "$0")/../lib.sh"
for each in gcc clang; do
    family $each
    rm -rf src build
    project src
    case $SYSTEM in
    cmake) edit src/CMakeLists.txt 's/STATIC/SHARED/' ;;
    meson) edit src/meson.build 's/static_/shared_/' ;;
    esac
    exclude src sum mul
    training src idle -- sum 0
    configure src build
    run 0 "$PGO" -C build use
    has err "warning: all counts of the profile are 0"
    run 0 "$PGO" -C build use
    hasnt err "all counts"
done
