# pgo doctor: all is well, and nothing is written; and each thing that is not, with what mends it.
. "$(dirname "$0")/../lib.sh"
mkdir tmp
TMPDIR=$work/tmp
export TMPDIR
# line STATE CHECK TEXT...: what the last doctor said of one thing.
line() {
    state=$1
    check=$2
    shift 2
    printf '%-8s %-23s ' "$state" "$check" >wanted
    # With what mends it, in a line that starts with blanks.
    grep -A1 -F -e "$(cat wanted)" out | sed '2{/^ /!d}' >said
    [ -s said ] || fail "'$check' is not '$state'"
    for text; do
        grep -qF -e "$text" said || fail "'$text' is not said of '$check'"
    done
}
doctor() { # STATUS ARGUMENT...
    driver "$1" doctor
    [ "$1" = 0 ] || one_error
    same "$(ls tmp)" "" "left in TMPDIR"
}

for each in gcc clang; do
    family $each
    [ $FAMILY = gcc ] || need llvm-profdata
    ready
    user_files build >before
    doctor 0
    for check in "build directory" "build tool" path "write access" "disk space" compiler "profile tools" flags \
        linker runtime trial environment; do
        line ok "$check"
    done
    line ok compiler "$(command -v $CC)"
    line ok trial "2 of 2 functions found their profile"
    line note tests none
    line note launcher none
    user_files build | cmp - before || fail "the tree was written to"
    [ ! -e build/pgo ] || fail "build/pgo was made"
done
# With a folder of ours, that is where it works. As JSON.
mkdir -p build/pgo/state build/pgo/scratch "100%"
: >build/pgo/state/pgo
TMPDIR=$work/100% driver 0 doctor --json
same "$(ls build/pgo/scratch "100%")" "$(printf '100%%:\n\nbuild/pgo/scratch:')" "left there"
python3 -c '
import json
checks = {c["check"]: c for c in json.load(open("out"))}
assert checks["trial"]["state"] == "ok" and checks["trial"]["mend"] is None, checks
assert checks["launcher"]["state"] == "note", checks'
rm -r build/pgo
TMPDIR=$work/none driver 1 doctor
one_error
has err "cannot make temporary files in '$work/none'" "set TMPDIR"

# Without a tree; a compiler that is not there.
run 0 "$PGO" doctor --compiler $CC
hasnt out "build directory"
line ok trial
line ok link-time\ optimization -flto
run 0 "$PGO" -C tmp doctor
line note "build directory" "'tmp' is none" "name one with -C"
run 3 "$PGO" doctor --compiler no-such-gcc
line missing compiler "'no-such-gcc' was not found" "apt install gcc"
has err "checks failed: compiler"
run 3 "$PGO" doctor --compiler ls
line wrong compiler "neither GCC nor Clang"
run 2 "$PGO" -C nowhere doctor
one_error

# What goes against a profile, in a setting and in a target.
case $SYSTEM in cmake) setting=CMAKE_C_FLAGS ;; meson) setting=c_args ;; esac
reconfigure build flags=--coverage
LLVM_PROFILE_FILE=elsewhere doctor 3
line note environment LLVM_PROFILE_FILE
line wrong flags "--coverage ($setting)" "take them out"
has err "checks failed: flags"
compiled_with src mul -fsanitize=undefined
reconfigure build flags=
reconfigure build # Meson does what is said at the next build
doctor 0
line note flags "-fsanitize=undefined (target 'mul')" "exclude"

# One that takes back what nobody gave is no harm, as to the stages.
compiled_with src mul -fno-profile-generate
reconfigure build
reconfigure build
doctor 0
hasnt out -fno-profile-generate

# A path that build tools cannot read.
mkdir 'a|b'
cp -R src 'a|b'
configure 'a|b/src' 'piped'
run 3 "$PGO" -C piped doctor
line wrong path "'|'" "without it"
case $SYSTEM in
meson) configure src 'c|d' && run 0 "$PGO" -C 'c|d' doctor ;; # of which it names nothing
esac

# A compiler that passes -fprofile-generate by, tools of another version, and none.
executable tools/wrapped <<END
#!/bin/sh
for word; do
    shift
    case \$word in
    -fprofile-generate*) ;;
    *) set -- "\$@" "\$word" ;;
    esac
done
exec gcc "\$@"
END
CC=$work/tools/wrapped
ready
doctor 3
line wrong trial "no counters" "without a wrapper"

# Interrupted in a check, it says nothing of that one.
executable tools/wrapped <<'END'
#!/bin/sh
case $* in *half*)
    read -r _ _ _ driver _ </proc/$PPID/stat # the parent of its supervisor
    kill -TERM "$driver"
    sleep 9
    ;;
esac
exec gcc "$@"
END
doctor 143
hasnt out wrong "interrupted"
has err "interrupted by SIGTERM"

real=$(command -v clang)
clang_is() {
    printf '#!/bin/sh\n[ "$1" != --version ] || { echo "clang version %s"; exit; }\nexec "%s" "$@"\n' \
        "$1" "$real" | executable tools/clang
}
clang_is 14.0.6
CC=$work/tools/clang
ready
clang_is 97.1.0
printf '#!/bin/sh\necho "LLVM version 12.0.1"\n' | executable old/llvm-profdata
PATH="$work/old:/usr/bin:/bin" doctor 3
line wrong "profile tools" "'$work/old/llvm-profdata' is version 12.0.1" "apt install llvm-97"
line note trial "not made"
PATH=$work/empty run 3 "$PGO" -C build doctor
line missing "profile tools" "was not found" "apt install llvm-97"
clang_is 13.0.1
doctor 3
line wrong compiler "is version 13.0.1; 14 or newer is needed"
rm tools/clang
doctor 3
case $SYSTEM in
cmake) line missing compiler "tools/clang" "have a compiler there that can be run" ;;
meson) line wrong "build directory" "tools/clang' was not found" ;; # which it does not know by its tree
esac

# A launcher that is gone; a tree that was not configured to the end.
family gcc
printf '#!/bin/sh\nexec "$@"\n' | executable tools/launcher
ready launcher="$work/tools/launcher"
doctor 0
line ok launcher "$work/tools/launcher"
rm tools/launcher
doctor 3
line missing launcher "'$work/tools/launcher'" "configure without it"
cp -R build whole
rm build/build.ninja
doctor 3
line wrong "build directory" "not completely configured" "to the end first"
rm -r build
mv whole build

# A tree that cannot be written to, and one whose disk is full.
cat >inside.sh <<'END'
set -eu
case $1 in
read-only)
    mount --bind build build
    mount -o remount,bind,ro build
    ;;
full)
    cp -R build saved
    mount -t tmpfs -o size=1200k none build
    cp -R saved/. build
    ;;
esac
exec "$PGO" -C build doctor
END
[ "$(id -u)" = 0 ] && unshare=-m || unshare=-rm
if unshare $unshare true 2>/dev/null; then
    family gcc
    ready
    run 3 unshare $unshare sh inside.sh read-only
    line wrong "write access" "'$work/build'" "make it writable"
    run 3 unshare $unshare sh inside.sh full
    line wrong "disk space" "are free in '$work/build'" "make room"
fi
