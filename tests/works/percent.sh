# A path with '%': profile runtimes reach our folder by a link in /tmp, which goes with the driver. That of a
# driver that was killed will do; one to elsewhere is refused, and left.
. "$(dirname "$0")/../lib.sh"
mkdir 'a%p'
project 'a%p/src'
configure 'a%p/src' 'a%p/build'
run 0 "$PGO" -C 'a%p/build' use --train 'show=sh -c "env >seen && ./sum 5"'
has out "(100.0 %)"
link=$(sed -n 's/^\(GCOV_PREFIX\|LLVM_PROFILE_FILE\)=\(\/tmp\/pgo-[^/]*\)\/.*/\2/p' 'a%p/build/pgo/instrument/seen')
[ -n "$link" ] || fail "no link was used"
[ ! -L "$link" ] || fail "the link is left"
ln -s "$work/a%p/build/pgo" "$link"
run 0 "$PGO" -C 'a%p/build' use --train 'show=sh -c "env >seen && ./sum 6"'
same "$(trained)" show
[ ! -L "$link" ] || fail "the link is left"
ln -s "$work" "$link"
run 1 "$PGO" -C 'a%p/build' use --train 'show=sh -c "./sum 7"'
one_error
has err "cannot link '$link'"
same "$(readlink "$link")" "$work" "the other's link"
rm "$link"
