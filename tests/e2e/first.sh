# The main job by the targets: an optimized program, all functions matched, and the user's own build
# the same bytes with and without the module.
. "$(dirname "$0")/../lib.sh"
project src
cp src/$lists plain.txt
module src
trainings src
configure src build
goal build pgo-use >out 2>err || fail "pgo-use"
has out "found their profile (100.0 %)" "pgo/use/sum" "pgo/use/mul"
same "$(build/pgo/use/sum 1000)" "$(build/pgo/instrument/sum 1000)"
[ ! -e build/sum ] || fail "the user's own targets were built"

goal build >/dev/null
cp build/sum with
sed '/include(PGO)/d' plain.txt >src/$lists
rm -rf build
configure src build
goal build >/dev/null
cmp build/sum with || fail "the module changed the user's program"
