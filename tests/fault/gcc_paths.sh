# A launcher that compiles elsewhere gives each profile another name than GCC looks for later: nothing
# matches, and that is an error with one name of each kind.
. "$(dirname "$0")/../lib.sh"
executable launcher <<'END'
#!/bin/sh
# Compiles in a fresh directory below $1 or beside the object, and moves what was made there.
below=$1
shift
old= out=
for word; do
    [ "$old" != -o ] || out=$word
    old=$word
done
case $out in
*.o) ;;
*) exec "$@" ;;
esac
where=$(dirname "$out")
tmp=$(mktemp -d "${below:-$where}/launcher.XXXXXX")
n=$#
while [ $n -gt 0 ]; do
    word=$1
    shift
    [ "$word" != "$out" ] || word=$tmp/$(basename "$out")
    set -- "$@" "$word"
    n=$((n - 1))
done
"$@"
status=$?
mv "$tmp"/* "$where"
rmdir "$tmp"
exit $status
END
# The full path of an object is never looked for again; found before anything is trained.
case $SYSTEM in
cmake) elsewhere="$work/launcher;$work" beside="$work/launcher;" ;;
meson) elsewhere="$work/launcher' '$work" beside="$work/launcher' '" ;;
esac
ready launcher="$elsewhere"
run 3 "$PGO" -C build use
one_error
has err "0 of the functions of" "would find their profile: it is written as '$work/launcher." \
    "/core.c.gcda' and looked for as" "hint: "

ready launcher="$beside"
run 3 "$PGO" -C build use
one_error
has err "0 of 3 functions found their profile" "looks for '" ".gcda'; the profile has" \
    "#launcher." "hint: "
# The next run builds nothing and says the same.
cp err first
run 3 "$PGO" -C build use
same "$(cat err)" "$(grep -A9 error: first)"
[ "$SYSTEM" = cmake ] || rm -rf build
configure src build launcher=
works
