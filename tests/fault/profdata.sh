# llvm-profdata of another version than the compiler, or none: which, where, and what to install, before
# anything is built.
FAMILY=clang
. "$(dirname "$0")/../lib.sh"
need clang
real=$(command -v clang)
clang_is() {
    printf '#!/bin/sh\n[ "$1" != --version ] || { echo "clang version %s"; exit; }\nexec "%s" "$@"\n' \
        "$1" "$real" | executable tools/clang
}
clang_is 14.0.6
CC="$work/tools/clang"
ready

clang_is 97.1.0
executable old/llvm-profdata <<'END'
#!/bin/sh
echo "LLVM (http://llvm.org/):"
echo "  LLVM version 12.0.1"
END
run 1 env PATH="$work/old:/usr/bin:/bin" "$PGO" -C build use
one_error
has err "'$work/old/llvm-profdata' is version 12.0.1" "'$CC' is version 97.1.0" "hint: " "llvm-97"
[ ! -e build/pgo/instrument ] || fail "something was built"

clang_is 98.0.0
run 1 env PATH="$work/empty" "$PGO" -C build use
one_error
has err "'llvm-profdata' for the compiler '$CC' (version 98.0.0) was not found" "hint: " "llvm-98"
[ ! -e build/pgo/instrument ] || fail "something was built"

printf '#!/bin/sh\nexec "%s" "$@"\n' "$real" | executable tools/clang
works
