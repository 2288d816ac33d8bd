# The subproject's options are the settings; wrong ones are named when they are used.
. "$(dirname "$0")/lib.sh"
small src
release src/subprojects/pgo
with_targets src
cat >>src/meson.build <<'END'
test('unit', sum, args: '10')
test('of pgo', mul, args: '10', suite: 'pgo')
test('of other', mul, args: '20', suite: 'other')
END
setup src build -Dpgo:dataset=quick -Dpgo:min_match=12.5 -Dpgo:min_coverage=3 -Dpgo:max_dropped=7 \
    -Dpgo:atomic=ON
driver 0 use
has out "found their profile (100.0 %)"
same "$(trained)" "mul of pgo sum"
has build/pgo/instrument/build.ninja "-fprofile-update=atomic"
# How counters are updated: the command line goes before the project; what was trained otherwise is run again.
driver 0 use --atomic OFF
same "$(trained)" "mul of pgo sum"
has build/pgo/instrument/build.ninja "-fprofile-update=single"
driver 0 use --atomic=prefer
has build/pgo/instrument/build.ninja "-fprofile-update=prefer-atomic"
driver 2 use --atomic maybe
one_error
has err "pgo:atomic (--atomic) must be ON, OFF or prefer, not 'maybe'"
run 0 "$MESON" configure build -Dpgo:atomic=prefer
driver 0 use
hasnt err train:

driver 0 status
has out quick
run 0 "$MESON" configure build -Dpgo:train_with_tests=^unit -Dpgo:train_with_suites=other
driver 0 train
same "$(trained)" "of other unit"
for option in min_match min_coverage max_dropped; do
    run 0 "$MESON" configure build -Dpgo:$option=lots
    driver 2 use
    one_error
    has err "must be a percentage from 0 to 100, not 'lots'"
    run 0 "$MESON" configure build -Dpgo:$option=9
done
