# The variables reach the plan; wrong ones are named when they are used.
. "$(dirname "$0")/../lib.sh"
ready -DPGO_DATASET=quick -DPGO_MIN_MATCH=12.5 -DPGO_MIN_COVERAGE=3 -DPGO_MAX_DROPPED=7 -DPGO_ATOMIC=ON
has build/pgo.plan "setting dataset quick" "setting min_match 12.5" "setting min_coverage 3" \
    "setting max_dropped 7" "setting atomic 1"
run 0 "$PGO" -C build status
has out quick
works
has build/pgo/instrument/compile_commands.json "-fprofile-update=atomic"
for variable in MIN_MATCH MIN_COVERAGE MAX_DROPPED; do
    cmake -DPGO_$variable=lots build >/dev/null || fail "configuring failed"
    run 2 "$PGO" -C build use
    one_error
    has err "must be a percentage from 0 to 100, not 'lots'"
    cmake -DPGO_$variable=9 build >/dev/null
done
