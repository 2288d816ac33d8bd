# Damaged raw profiles are dropped by name, with the reason, and the rest is merged; over the gate, or
# when none is left, it is an error.
. "$(dirname "$0")/../lib.sh"
for each in gcc clang; do
    family $each
    rm -rf src build
    project src
    echo 'pgo_add_training(good COMMAND mul 1000)' >>src/CMakeLists.txt
    echo 'pgo_add_training(hurt COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/hurt.sh {build})' \
        >>src/CMakeLists.txt
    cat >src/hurt.sh <<'END'
set -e
for n in 10 20 30 40; do
    "$1/mul" $n
done
cd "${GCOV_PREFIX:-$(dirname "$LLVM_PROFILE_FILE")}"
i=0
for file in *; do
    [ "$file" != "*" ] || continue
    i=$((i + 1))
    case $i in
    1) head -c 40 "$file" >short; mv short "$file" ;;
    2) printf 'not a profile at all, but long enough to be one' >"$file" ;;
    *) ;;
    esac
done
END
    configure src build
    run 3 "$PGO" -C build use
    one_error
    has err "warning: dropped a raw profile of training hurt: " "raw profiles could not be used" \
        "allowed are 10 %" "hint: " "PGO_MAX_DROPPED"
    [ ! -e build/pgo/use ] || fail "the optimized tree was built"
    # The gate holds on the next run too.
    run 3 "$PGO" -C build merge
    run 0 "$PGO" -C build merge --max-dropped 90
    has out "2 dropped"
    run 0 "$PGO" -C build use --max-dropped 90
    has out "found their profile (100.0 %)"
    same "$(grep -c '^dropped hurt: ' build/pgo/profile/*.manifest)" 2

    # No raw profile is usable.
    sed -i '/training(good/d; s/training(hurt/training(worst/' src/CMakeLists.txt
    sed -i 's/^ *\([12*]\)) .*/\1) echo x >"$file" ;;/' src/hurt.sh
    cmake build >/dev/null
    run 1 "$PGO" -C build use
    one_error
    has err "raw profiles is usable"
done
