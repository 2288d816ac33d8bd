# No training, or one whose command does not exist: status 2 before anything is built, with the way out.
. "$(dirname "$0")/../lib.sh"
project src
configure src build
run 2 "$PGO" -C build use
one_error
has err "no training is declared for '$work/build'" "hint: " "pgo_add_training"
cat >>src/CMakeLists.txt <<'EOT'
enable_testing()
add_test(NAME adds COMMAND sum 5)
add_test(NAME "with space" COMMAND mul 5)
EOT
cmake build >/dev/null
run 2 "$PGO" -C build use
one_error
has err "no training is declared" "pgo_train_with_tests" "adds, with space"
run 0 "$PGO" -C build instrument
echo 'pgo_train_with_tests(REGEX nothing-is-called-so)' >>src/CMakeLists.txt
cmake build >/dev/null
run 2 "$PGO" -C build use
has err "no test of the project is of the names to train with" "nothing-is-called-so"

sed -i '/pgo_train_with_tests/d' src/CMakeLists.txt
rm -rf build
echo 'pgo_add_training(typo COMMAND som 5)' >>src/CMakeLists.txt
configure src build
run 2 "$PGO" -C build use
one_error
has err "training 'typo': the command 'som' is neither a target of the project nor a program on PATH" "hint: "
[ ! -e build/pgo/instrument ] || fail "something was built"
sed -i 's/COMMAND som/COMMAND \/no\/such\/program/' src/CMakeLists.txt
cmake build >/dev/null
run 2 "$PGO" -C build use
has err "'/no/such/program' is neither a target of the project nor a program that can be run"
sed -i 's/COMMAND \/no.*/COMMAND .\/script.sh WORKING_DIRECTORY .)/' src/CMakeLists.txt
cmake build >/dev/null
run 2 "$PGO" -C build use
has err "the command '$work/src/script.sh' is neither a target of the project nor a program that can be run"
printf '#!/bin/sh\n"%s" 5\n' "$work/build/pgo/instrument/sum" | executable src/script.sh
run 0 "$PGO" -C build use
# Without a directory of its own it runs in a stage's: what is there shows when it is run.
sed -i 's/COMMAND .\/script.sh.*/COMMAND .\/sum 6)/' src/CMakeLists.txt
cmake build >/dev/null
run 0 "$PGO" -C build use
same "$(trained)" typo
sed -i '/typo/d' src/CMakeLists.txt
echo 'pgo_add_training(held COMMAND sum 5 HELD_OUT)' >>src/CMakeLists.txt
cmake build >/dev/null
run 2 "$PGO" -C build use
has err "no training is declared"
