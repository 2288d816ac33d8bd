# Profile flags that a compiler wrapper, a source's own options or a project's own compile rule take away
# again: what was compiled without them is named.
. "$(dirname "$0")/../lib.sh"
executable drops <<'END'
#!/bin/sh
case " $* " in
*" -c "*) ;;
*) exec "$@" ;; # Meson links by it too
esac
for word; do
    shift
    case $word in
    -fprofile-generate*) ;;
    *) set -- "$@" "$word" ;;
    esac
done
exec "$@"
END
for each in gcc clang; do
    family $each
    ready launcher="$work/drops"
    run 1 "$PGO" -C build use
    one_error
    has err "no counters in" "'$work/build/pgo/instrument/mul'" "'$work/build/pgo/instrument/sum'" \
        "hint: " "$exclusion"

    [ "$SYSTEM" = cmake ] || rm -rf build
    configure src build launcher=
    works

    cp src/$lists lists
    in_cmake src <<'END'
set_source_files_properties(sum.c core.c PROPERTIES COMPILE_OPTIONS -fno-profile-generate)
END
    [ "$SYSTEM" = cmake ] || continue # Meson puts a project's own flags before ours
    run 1 "$PGO" -C build use
    one_error
    has err "no counters in" "/instrument/sum'" "/instrument/libcore.a'"
    hasnt err "instrument/mul'"
    echo 'pgo_exclude_targets(sum core)' >>src/CMakeLists.txt
    sed -i '/add_training(sum/d' src/CMakeLists.txt
    cmake build >/dev/null
    run 0 "$PGO" -C build use

    cp lists src/CMakeLists.txt
    sed -i '/^project/a set(CMAKE_C_COMPILE_OBJECT "<CMAKE_C_COMPILER> -O2 -o <OBJECT> -c <SOURCE>")' \
        src/CMakeLists.txt
    cmake build >/dev/null
    run 1 "$PGO" -C build use
    one_error
    has err "the profile flags did not reach target" "'core'" "'sum'" "'mul'" "hint: "
done
