# A build directory that is reached through a symbolic link: everything matches, by either path. And a
# stage tree is not mistaken for a user's tree.
. "$(dirname "$0")/../lib.sh"
mkdir real
ln -s real link
project real/src
trainings real/src
configure "$PWD/link/src" "$PWD/link/build"
run 0 "$PGO" -C link/build use
has out "(100.0 %)"
run 0 "$PGO" -C real/build use
has out "(100.0 %)"
hasnt err train: merge: configuring
run 2 "$PGO" -C real/build/pgo/use use
one_error
has err "is a stage tree of" "hint: name the tree"
