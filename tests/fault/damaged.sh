# Every file of ours, damaged in several ways: it is made again, or named and, once it is removed, made
# again; never a crash, and never a wrong result.
. "$(dirname "$0")/../lib.sh"
ready
works
case $SYSTEM in
cmake) own="*.cmake instrument/pgo.plan use/pgo.excluded use/compile_commands.json" ;;
meson) own="instrument/pgo.configured use/build.ninja.meson" ;;
esac
list=${PGO_TEST_FILES:-"state/* .gitignore train/*/record train/*/raw/* train/*/log profile/* log/* $own"}
hurt() { # WAY FILE
    case $1 in
    half) size=$(wc -c <"$2") && head -c $((size / 2)) "$2" >cut && cat cut >"$2" ;;
    empty) : >"$2" ;;
    garbage) head -c 300 /dev/urandom >"$2" ;;
    version) sed -i '1s/ 1$/ 99/' "$2" ;;
    directory) rm -rf "$2" && mkdir "$2" && : >"$2/inside" ;;
    gone) rm -rf "$2" ;;
    esac
}
check() { # WAY FILE: as given from the build directory
    got=0
    "$PGO" -C build status >out 2>err </dev/null || got=$?
    [ $got -le 2 ] || fail "$2, $1: status ended with $got"
    got=0
    "$PGO" -C build use >out 2>err </dev/null || got=$?
    echo "$2 $1: $got $(grep -m1 -E 'error|warning' err)"
    case $got in
    0) [ ! -d "build/$2" ] || [ "$2" = pgo/state/pgo ] || rm -r "build/$2" ;;
    1 | 2)
        one_error
        has err "$(basename "$2")"
        rm -rf "build/$2"
        [ "$2" != pgo.plan ] || reconfigure build
        run 0 "$PGO" -C build use
        ;;
    *) fail "$2, $1: status $got" ;;
    esac
    has out "3 of 3 functions in 3 of 3 translation units found their profile (100.0 %)"
    run 0 "$PGO" -C build use
    [ ! -s err ] || fail "$2, $1: not settled"
}
n=0
for way in ${PGO_TEST_WAYS:-half directory}; do
    for path in $(cd build/pgo && ls -d $list); do
        [ -f "build/pgo/$path" ] && [ "$way$path" != gonestate/pgo ] || continue
        hurt $way "build/pgo/$path"
        check $way "pgo/$path"
        n=$((n + 1))
    done
    [ $way != gone ] && [ "$SYSTEM" = cmake ] || continue # else nothing is declared
    hurt $way build/pgo.plan
    check $way pgo.plan
done
[ $n -gt 20 ] || fail "only $n files were damaged"

# Without its mark the folder may be the project's: it is left alone, and that is said once.
rm -rf build/pgo/state/pgo
find build/pgo | sort >before
run 0 "$PGO" -C build use
has err "'$work/build/pgo' is the project's own: the stages are in" "'$work/build/pgo-stages'"
has out "$work/build/pgo-stages/use/sum"
find build/pgo | sort | cmp - before || fail "a folder that is not ours was touched"
run 0 "$PGO" -C build use
[ ! -s err ] || fail "said again"
