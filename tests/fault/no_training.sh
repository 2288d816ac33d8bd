# No training, or one whose command does not exist: status 2 before anything is built, with the way out.
. "$(dirname "$0")/../lib.sh"
case $SYSTEM in
cmake) declaration=pgo_add_training tests=pgo_train_with_tests ;;
meson) declaration="benchmark('NAME'" tests=pgo:train_with_tests ;;
esac
project src
configure src build
run 2 "$PGO" -C build use
one_error
has err "no training is declared for '$work/build'" "hint: " "$declaration"
own_test src adds sum 5
own_test src "with space" mul 5
reconfigure build
run 2 "$PGO" -C build use
one_error
has err "no training is declared" "$tests" "adds, with space"
run 0 "$PGO" -C build instrument
in_cmake src <<'END'
pgo_train_with_tests(REGEX nothing-is-called-so)
END
case $SYSTEM in
cmake)
    reconfigure build
    run 2 "$PGO" -C build use
    ;;
meson)
    module src
    reconfigure build
    reconfigure build -Dpgo:train_with_tests=nothing-is-called-so
    run 2 "$PGO" -C build use
    ;;
esac
has err "no test of the project is of the names to train with" "nothing-is-called-so"

# A training that is held out is none.
rm -rf src build
project src
training src held held-out -- sum 5
configure src build
run 2 "$PGO" -C build use
has err "no training is declared"

# Meson itself finds programs, and so does not configure without them.
withdraw src held
rm -rf build
[ "$SYSTEM" = cmake ] || exit 0
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
