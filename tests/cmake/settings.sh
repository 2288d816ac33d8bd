# The variables reach the plan; wrong ones are named when they are used.
. "$(dirname "$0")/../lib.sh"
ready -DPGO_DATASET=quick -DPGO_MIN_MATCH=12.5 -DPGO_MIN_COVERAGE=3 -DPGO_MAX_DROPPED=7 -DPGO_ATOMIC=ON '-DPGO_WAIVE=size;gain'
has build/pgo.plan "setting dataset quick" "setting min_match 12.5" "setting min_coverage 3" \
    "setting max_dropped 7" "setting atomic ON" "setting waive size;gain"
run 0 "$PGO" -C build status
has out quick
works
has build/pgo/instrument/compile_commands.json "-fprofile-update=atomic"
# How counters are updated: the command line goes before the project; what was trained otherwise is run again.
driver 0 use --atomic OFF
same "$(trained)" "mul sum"
has build/pgo/instrument/compile_commands.json "-fprofile-update=single"
driver 0 use --atomic=prefer
has build/pgo/instrument/compile_commands.json "-fprofile-update=prefer-atomic"
driver 2 use --atomic maybe
one_error
has err "PGO_ATOMIC (--atomic) must be ON, OFF or prefer, not 'maybe'"
run 1 cmake -DPGO_ATOMIC=maybe build
has err "PGO_ATOMIC must be ON, OFF or prefer, not 'maybe'"
# CMake's words for true and false are as good.
for word in yes TRUE 1; do
    run 0 cmake -DPGO_ATOMIC=$word build
    driver 0 instrument
    has build/pgo/instrument/compile_commands.json "-fprofile-update=atomic"
done
run 0 cmake -DPGO_ATOMIC:BOOL=FALSE build
driver 0 instrument
has build/pgo/instrument/compile_commands.json "-fprofile-update=single"
cmake -DPGO_ATOMIC=prefer build >/dev/null
driver 0 use
hasnt err train:

for variable in MIN_MATCH MIN_COVERAGE MAX_DROPPED; do
    cmake -DPGO_$variable=lots build >/dev/null || fail "configuring failed"
    run 2 "$PGO" -C build use
    one_error
    has err "must be a percentage from 0 to 100, not 'lots'"
    cmake -DPGO_$variable=9 build >/dev/null
done
