# Code that is generated differently in each stage does not fit its profile: the share is told, and under
# the gate it is an error that says to train again.
. "$(dirname "$0")/../lib.sh"
for each in gcc clang; do
    family $each
    ready
    cat >src/gen.sh <<'END'
exec >gen.c
case $PWD in
*/pgo/use*) body='int k = 0; while (i-- > 0) if (i % 3) k += i; else k ^= 1; return k;' ;;
*) body='return i > 3 ? i : 7;' ;;
esac
for n in 1 2 3 4 5 6 7 8 9; do
    echo "int gen$n(int i) { $body }"
done
END
    in_cmake src <<'END'
add_custom_command(OUTPUT gen.c COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/gen.sh VERBATIM)
target_sources(mul PRIVATE gen.c)
END
    [ "$SYSTEM" = cmake ] || edit src/meson.build \
        "s|^mul = executable('mul'|gen = custom_target(output: 'gen.c', command: ['sh', files('gen.sh')])\\n&, gen|"
    sum= declared=
    for n in 1 2 3 4 5 6 7 8 9; do
        sum="$sum + gen$n(i)"
        declared="${declared:-int} gen$n(int)$([ $n = 9 ] || echo ,)"
    done
    sed -i "s/a = 1;/a = 1; for (int i = 0; i < 9; i++) a += 0$sum;/; 1i $declared;" src/mul.c
    reconfigure build
    run 3 "$PGO" -C build use
    one_error
    has err "warning: functions without their profile: " "gen.c: 9 of 9" \
        "functions found their profile" "wanted are 50.0 %" "hint: " "train again"
    # Kept for the next run, which builds nothing.
    run 3 "$PGO" -C build use
    has err "wanted are 50.0 %"
    run 0 "$PGO" -C build use --min-match 10
    has err "functions found their profile (" "is all code the same in both stages?"
done
