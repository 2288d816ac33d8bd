# A training that fails, cannot be run, or takes too long; and what is kept of the others.
. "$(dirname "$0")/../lib.sh"
need python3
case $SYSTEM in
cmake) timeout=TIMEOUT dataset=PGO_DATASET ;;
meson) timeout=timeout: dataset=pgo:dataset ;;
esac
project src
training src good -- sum 100
training src bad -- sh '{source}/bad.sh' '{build}'
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
driver 0 status
has out "training bad             failed: status 7 after "
driver 1 train --json
has out '"name": "bad", "status": 7, "failure": "training '"'bad'"' failed: it exited with status 7", "elapsed": 0.' \
    '"name": "good", "status": 0, "failure": null'
python3 -m json.tool out >/dev/null || fail "this is no JSON"

bad <<'EOT'
"$1/mul" 5
kill -SEGV $$
EOT
run 1 "$PGO" -C build use
one_error
has err "training 'bad' was killed by SIGSEGV after"
driver 0 status
has out "training bad             failed: SIGSEGV after "
hasnt err "train: good"

bad <<'EOT'
"$1/mul" 5
sleep 60
EOT
training src bad timeout=1 -- sh '{source}/bad.sh' '{build}'
run 1 "$PGO" -C build use
one_error
has err "training 'bad' was stopped at its time limit of 1 s" "hint: raise $timeout (--timeout)" "$dataset"
driver 0 status
has out "training bad             failed: stopped at its time limit after 1."

# Nothing instrumented was run.
bad <<'EOT'
echo nothing
EOT
run 1 "$PGO" -C build use
one_error
has err "training 'bad' left no profile: no instrumented program that it ran came to write one" \
    "$work/build/pgo/instrument"
driver 0 status
has out "training bad             failed: training 'bad' left no profile: " " after 0."

training src bad cwd='{source}/nowhere' -- sh '{source}/bad.sh' '{build}'
run 1 "$PGO" -C build use
one_error
has err "training 'bad' could not be run" "cannot enter the working directory '$work/src/nowhere'"

bad <<'EOT'
"$1/mul" 5
EOT
training src bad -- sh '{source}/bad.sh' '{build}'
run 0 "$PGO" -C build use
hasnt err "train: good"
driver 0 status --json
has out '"name": "bad", "status": 0, "failure": null'
driver 0 status
has out "training bad             fresh; ran "
hasnt out failed

# A failure is that of the last run, not of one that stands.
echo 'exit 4' >>src/bad.sh
driver 1 train
bad <<'EOT'
"$1/mul" 5
EOT
driver 0 train
hasnt err "train: bad"
driver 0 status
hasnt out failed
