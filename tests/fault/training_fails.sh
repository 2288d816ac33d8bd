# A training that fails, cannot be run, or takes too long; and what is kept of the others.
. "$(dirname "$0")/../lib.sh"
project src
cat >>src/CMakeLists.txt <<'EOT'
pgo_add_training(good COMMAND sum 100)
pgo_add_training(bad COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/bad.sh {build})
EOT
bad() {
    cat >src/bad.sh
}
bad <<'EOT'
"$1/mul" 5
echo "the data is wrong" >&2
exit 7
EOT
configure src build
run 1 "$PGO" -C build use
one_error
has err "training 'bad' failed: it exited with status 7" "    the data is wrong" \
    "log: $work/build/pgo/train/bad/log"
has build/pgo/train/bad/log "the data is wrong"
[ ! -e build/pgo/train/bad/record ] || fail "a failed training has a record"

bad <<'EOT'
"$1/mul" 5
kill -SEGV $$
EOT
run 1 "$PGO" -C build use
one_error
has err "training 'bad' was killed by SIGSEGV after"
hasnt err "train: good"

bad <<'EOT'
"$1/mul" 5
sleep 60
EOT
sed -i 's/bad.sh {build})/bad.sh {build} TIMEOUT 1)/' src/CMakeLists.txt
cmake build >/dev/null
run 1 "$PGO" -C build use
one_error
has err "training 'bad' was stopped at its time limit of 1 s" "hint: raise TIMEOUT" "PGO_DATASET"

# Nothing instrumented was run.
bad <<'EOT'
echo nothing
EOT
run 1 "$PGO" -C build use
one_error
has err "training 'bad' left no profile: no instrumented program that it ran came to write one" \
    "$work/build/pgo/instrument"

sed -i 's/TIMEOUT 1/WORKING_DIRECTORY nowhere/' src/CMakeLists.txt
cmake build >/dev/null
run 1 "$PGO" -C build use
one_error
has err "training 'bad' could not be run" "cannot enter the working directory '$work/src/nowhere'"

bad <<'EOT'
"$1/mul" 5
EOT
sed -i 's/ WORKING_DIRECTORY nowhere//' src/CMakeLists.txt
cmake build >/dev/null
run 0 "$PGO" -C build use
hasnt err "train: good"
