# A declared input or standard input that is not there is found before anything is built.
. "$(dirname "$0")/../lib.sh"
case $SYSTEM in cmake) depends=DEPENDS ;; meson) depends=depends: ;; esac
project src
training src one input=data/big.txt -- sum 5
configure src build
run 1 "$PGO" -C build use
one_error
has err "training 'one' needs '$work/src/data/big.txt', which is not there" "nothing was built"
[ ! -e build/pgo/instrument ] || fail "something was built"
mkdir src/data
: >src/data/big.txt
run 0 "$PGO" -C build use

training src one stdin=words.txt -- sum 5
reconfigure build
run 1 "$PGO" -C build use
has err "training 'one' needs '$work/src/words.txt', which is not there"

# A file that the build makes is looked for when it is built.
training src one input='{build}/made.txt' -- sum 5
reconfigure build
run 1 "$PGO" -C build use
one_error
has err "training 'one' needs '$work/build/pgo/instrument/made.txt', which is not there" "$depends"
