# A declared input or standard input that is not there is found before anything is built.
. "$(dirname "$0")/../lib.sh"
project src
echo 'pgo_add_training(one COMMAND sum 5 INPUTS data/big.txt)' >>src/CMakeLists.txt
configure src build
run 1 "$PGO" -C build use
one_error
has err "training 'one' needs '$work/src/data/big.txt', which is not there" "nothing was built"
[ ! -e build/pgo/instrument ] || fail "something was built"
mkdir src/data
: >src/data/big.txt
run 0 "$PGO" -C build use

sed -i 's/INPUTS .*/STDIN words.txt)/' src/CMakeLists.txt
cmake build >/dev/null
run 1 "$PGO" -C build use
has err "training 'one' needs '$work/src/words.txt', which is not there"

# A file that the build makes is looked for when it is built.
sed -i 's/STDIN words.txt/INPUTS {build}\/made.txt/' src/CMakeLists.txt
cmake build >/dev/null
run 1 "$PGO" -C build use
one_error
has err "training 'one' needs '$work/build/pgo/instrument/made.txt', which is not there" "DEPENDS"
