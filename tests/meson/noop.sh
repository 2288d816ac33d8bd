# With nothing to do no Meson is started; nor is one for another profile, whose name is in the flags.
. "$(dirname "$0")/lib.sh"
need strace
export ASAN_OPTIONS=detect_leaks=0 # it does not work under strace
small src
setup src build
works
run 0 strace -f -e trace=execve -o trace "$PGO" -C build use
hasnt trace meson\"
has trace ninja\"
edit src/core.c 's/a + i :/a + 2 * i :/'
echo 'int unused(int a); int unused(int a) { return a ? a : 7; }' >>src/core.c
before=$(profile)
run 0 strace -f -e trace=execve -o trace "$PGO" -C build use
hasnt trace meson\"
[ "$before" != "$(profile)" ] || fail "it is the same profile"
has out "found their profile (100.0 %)"
