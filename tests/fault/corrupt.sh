# Damaged raw profiles are dropped by name, with the reason, and the rest is merged; over the gate, or
# when none is left, it is an error.
. "$(dirname "$0")/../lib.sh"
case $SYSTEM in cmake) max_dropped=PGO_MAX_DROPPED ;; meson) max_dropped=pgo:max_dropped ;; esac
for each in gcc clang; do
    family $each
    rm -rf src build
    project src
    training src good -- mul 1000
    training src hurt -- sh '{source}/hurt.sh' '{build}'
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
        "allowed are 10 %" "hint: " "$max_dropped"
    [ ! -e build/pgo/use ] || fail "the optimized tree was built"
    # The gate holds on the next run too.
    run 3 "$PGO" -C build merge
    run 0 "$PGO" -C build merge --max-dropped 90
    has out "2 dropped"
    run 0 "$PGO" -C build use --max-dropped 90
    has out "found their profile (100.0 %)"
    same "$(grep -c '^dropped hurt: ' build/pgo/profile/*.manifest)" 2

    # No raw profile is usable.
    withdraw src good
    withdraw src hurt
    training src worst -- sh '{source}/hurt.sh' '{build}'
    sed -i 's/^ *\([12*]\)) .*/\1) echo x >"$file" ;;/' src/hurt.sh
    run 1 "$PGO" -C build use
    one_error
    has err "raw profiles is usable"
done
