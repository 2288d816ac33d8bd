# A profile in which every count is 0 is said once, and the work goes on.
. "$(dirname "$0")/../lib.sh"
for each in gcc clang; do
    family $each
    rm -rf src build
    project src
    sed -i 's/STATIC/SHARED/' src/CMakeLists.txt
    cat >>src/CMakeLists.txt <<'END'
pgo_exclude_targets(sum mul)
pgo_add_training(idle COMMAND sum 0)
END
    configure src build
    run 0 "$PGO" -C build use
    has err "warning: all counts of the profile are 0"
    run 0 "$PGO" -C build use
    hasnt err "all counts"
done
