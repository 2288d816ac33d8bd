# Trainings by an alias, by an imported program, with a directory of inputs; an alias is excluded as
# its target is.
. "$(dirname "$0")/../lib.sh"
need sh
project src
mkdir src/corpus
echo one >src/corpus/a
cat >>src/CMakeLists.txt <<'EOF'
add_executable(small::sum ALIAS sum)
add_library(small::core ALIAS core)
add_executable(shell IMPORTED)
set_target_properties(shell PROPERTIES IMPORTED_LOCATION /bin/sh)
pgo_add_training(sum COMMAND small::sum 100 INPUTS corpus)
pgo_add_training(mul COMMAND shell -c "./mul 100")
pgo_exclude_targets(small::core)
EOF
configure src build
run 0 "$PGO" -C build use
has err "train: sum:" "train: mul:"
grep -q 'core.c' build/pgo/use/compile_commands.json || fail "core is not compiled"
! grep 'core.c' build/pgo/use/compile_commands.json | grep -q fprofile || fail "the alias is not excluded"
run 0 "$PGO" -C build use
hasnt err train:
echo two >>src/corpus/a
run 0 "$PGO" -C build use
has err "train: sum:"
hasnt err "train: mul:"
