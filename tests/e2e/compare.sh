# pgo-compare: a row for each workload, held-out ones too; JSON; a workload that fails. What is faster
# is not asked here: machines differ.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
training src kept held-out input='{source}/kept.txt' -- mul 500
echo 500 >src/kept.txt
# shellcheck disable=SC2016
echo 'cat "$1"/* && echo $$ >"$2"' | tee src/file.sh >file.sh
mkdir src/cases
echo 1 >src/cases/one
target src late late sum.c core
training src away held-out depends=late -- late 50
# Tests of the project's own are held out by their label, or suite; also where an expression names them.
own_test src adds sum 100
own_test src wrong false
in_cmake src <<'END'
add_test(NAME away_test COMMAND sh -c [[test "$WAY" = "on it" && exec ../mul 400]]
  WORKING_DIRECTORY ${CMAKE_BINARY_DIR}/there)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/there)
set_tests_properties(away_test PROPERTIES LABELS "pgo-held-out;slow" ENVIRONMENT "WAY=on it")
add_test(NAME bound_test COMMAND mul 400)
set_tests_properties(bound_test PROPERTIES LABELS pgo-held-out FIXTURES_REQUIRED f)
add_test(NAME said_test COMMAND mul 400)
set_tests_properties(said_test PROPERTIES LABELS pgo-held-out PASS_REGULAR_EXPRESSION [[[0-9]+]])
add_test(NAME file_test COMMAND sh ${CMAKE_SOURCE_DIR}/file.sh ${CMAKE_SOURCE_DIR}/cases ${CMAKE_SOURCE_DIR}/wrote)
set_tests_properties(file_test PROPERTIES LABELS pgo-held-out)
END
in_meson src <<'END'
source = meson.project_source_root()
test('file_test', find_program('sh'), args: [source / 'file.sh', source / 'cases', source / 'wrote'],
     suite: 'pgo-held-out')
test('away_test', find_program('sh'), args: ['-c', 'test "$WAY" = "on it" && exec "$1" 400', '-', mul],
     suite: ['slow', 'pgo-held-out'], env: {'WAY': 'on it'})
END
configure src build
driver 2 train --train-with-tests '^away_test$'
has err "but those that are held out, which are never trained on" "^away_test$"
driver 0 train --train-with-tests 'adds|away|bound'
same "$(trained)" "adds mul sum"
driver 0 compare --runs 11
grep -Eq '^  sum +[0-9.]+ [mu]s +[0-9.]+ [mu]s +(cpu|wall) +[0-9.]+ +\[[0-9.]+, [0-9.]+\] +12x[0-9]+  ' out ||
    fail "no row for sum"
grep -Eq '^  sum, text +[0-9.]+ kB +[0-9.]+ kB +[+][0-9.]+ % +[0-9.]+ kB +[-+][0-9.]+ %$' out || fail "no size of sum"
grep -Eq '^  build, optimized +[0-9.]+ s +[-+][0-9.]+ %$' out || fail "no time of the build"
has out "  mul " "  kept *" "  away *" "trained, mean" "held out, mean *" "baseline" "peak memory" "  profile  "
grep -Eq '^  away_test \* +[0-9.]+ [mu]s ' out || fail "no row for the test that is held out"
hasnt out bound_test said_test adds
[ "$SYSTEM" = meson ] || has err "test 'bound_test' is held out and needs CTest (FIXTURES_REQUIRED): it is not compared" \
    "test 'said_test' is held out and needs CTest (PASS_REGULAR_EXPRESSION): it is not compared"
[ "$(grep -c bound_test err)" -le 1 ] || fail "said twice"
[ -e build/pgo/train/adds ] || fail "a test was not trained with"
[ ! -e build/pgo/train/kept ] || fail "a held-out workload was trained on"
hasnt err "train: kept" "train: away"
[ -x build/pgo/baseline/sum ] || fail "no baseline"
driver 0 status
has out "comparison" "held out" "stage baseline           fresh" "held out kept            compared"
hasnt out "of other programs than these"
# It is of no other programs, whatever the build tool and the profile say, and of no other workloads.
cp -p build/pgo/baseline/sum aside
echo >>build/pgo/baseline/sum
driver 0 status
has out "stage baseline           fresh" "of other programs than these" "kept            stale: it was compared with other"
driver 3 check
grep -q '^unknown  size .*of other programs' out || fail "a size of other programs"
mv aside build/pgo/baseline/sum
driver 0 status
hasnt out "of other programs than these"
driver 0 train --held-out more='mul 30'
driver 0 status
has out "held out more            not compared yet" "held out kept            compared"
driver 3 check
grep -q '^unknown  memory .*; not compared as declared now: more$' out || fail "memory without a workload"
driver 0 compare --runs 2
driver 0 status
has out "held out more            compared"
driver 0 train --held-out more='mul 31'
driver 0 status
has out "held out more            stale: what it runs or reads changed" "held out kept            compared"
# What they name is of their inputs as a training's are: given, of the source, or elsewhere unless they write it.
# shellcheck disable=SC2016
echo 'echo 1 && echo "$1" >"$2"' | tee src/more.sh >more.sh
driver 0 train --held-out more="sh '$work/src/more.sh' 1 /dev/null" --held-out out="sh '$work/more.sh' 1 '$work/wrote'" \
    --held-out often='mul 30' --repeat often=2
driver 0 compare --runs 2
echo 2 >wrote
driver 0 status
for name in more out often kept away_test file_test; do
    grep -q "^held out $name  *compared" out || fail "$name is not compared"
done
echo 2 >src/cases/two
driver 0 status
has out "held out file_test       stale: what it runs or reads changed" "held out away_test       compared"
rm src/cases/two
driver 0 train --repeat often=3
echo 501 >src/kept.txt
rm src/more.sh
echo 'echo 2' >more.sh
echo 'echo 2' >src/file.sh
driver 0 status
for name in more out often kept file_test; do
    grep -q "^held out $name  *stale: what it runs or reads changed" out || fail "$name is not stale"
done
has out "held out away            compared" "held out away_test       compared" "(of other workloads than these)"
# One that is withdrawn is in the mean of what was held out, which says nothing then.
driver 0 train --forget more --forget out --forget often
echo 500 >src/kept.txt
cp file.sh src/file.sh
driver 3 check
grep -q '^unknown  gain .*; not compared as declared now: more, out, often$' out || fail "a gain of what was withdrawn"
driver 0 compare --runs 2
driver 0 test
driver 3 check
hasnt out "as declared now"
# The project's own tests are others, though the programs are not. (One that fails has the baseline brought.)
edit "src/$lists" '/away_test/s/400/401/'
in_cmake src <<'END'
add_test(NAME new_test COMMAND mul 300)
set_tests_properties(new_test PROPERTIES LABELS pgo-held-out)
END
in_meson src <<'END'
test('new_test', mul, args: '300', suite: 'pgo-held-out')
END
reconfigure build
driver 0 use
driver 0 test
driver 0 status
has out "stage baseline           fresh" "held out away_test       stale: what it runs or reads changed" "held out kept            compared"
driver 3 check
grep -q '^unknown  memory .*; not compared as declared now: .*away_test,' out || fail "memory of other tests"
driver 0 status --json
grep -q '"not_compared": .*"new_test"' out || fail "a test is not missed that is new"

driver 0 compare --runs 2 --json
hasnt err train: merge: configuring
has out '"name": "sum"' '"name": "kept", "held_out": true' '"verdict"' '"runs": 2,'
if command -v python3 >/dev/null; then
    python3 -m json.tool <out >json || fail "not JSON"
    cp out saved
    run 0 python3 -c '
import json
report = json.load(open("saved"))
rows = report["workloads"]
print(",".join(sorted(r["name"] for r in rows)))
assert report["sides"] == ["baseline", "optimized"] and report["build_s"]["use"] > 0 and report["profile_bytes"] > 0
assert {p["name"] for p in report["programs"]} >= {"sum", "mul"}
assert all(r["low"] is None for r in rows), "an interval of two runs"
for r in rows:
    assert r["ratio"] > 0 and r["verdict"] == "no difference shown" and r["more_runs"] == 10, r
    assert min(r["wall_s"]) > 0 and min(r["cpu_s"]) > 0 and min(r["memory_kib"]) > 100, r
    assert r["executions_per_run"] > 1, "a program of a millisecond was timed alone"'
    same "$(cat out)" "away,away_test,file_test,kept,mul,new_test,sum"
fi

grep -q -e '[.]gcda' -e __llvm_prf build/pgo/instrument/sum || fail "no counters where they should be"
! grep -q -e '[.]gcda' -e __llvm_prf build/pgo/baseline/sum || fail "counters in the baseline"
same "$(build/pgo/baseline/mul 100)" "$(build/pgo/use/mul 100)"

# Against the programs of any other build directory of the project, as they are.
configure src other
goal other >/dev/null
goal other late >/dev/null
driver 0 compare --runs 2 --vs other --json
has out '"sides": ["other", "optimized"]' '"name": "sum"' '"name": "kept"'
[ ! -e other/pgo ] || fail "the other directory was worked in"
rm other/mul
driver 2 compare --runs 2 --vs other
has err "/other/mul' is not there, which workload 'mul' runs"
driver 2 compare --vs nowhere
has err "'nowhere' is not a directory"
driver 0 status
has out "comparison"

training src broken held-out -- sh -c "echo it broke; exit 7"
echo 'echo it ends; exit 4' >src/ends.sh
training src lacking held-out input='{source}/nothing.txt' -- sum 3
training src served held-out server='sh {source}/ends.sh' ready='command false' -- sum 3
driver 1 compare --runs 2
one_error
has err "'broken'" "exited with status 7 (baseline and optimized)" "    it broke" "compare.broken.baseline.log"
has out "  sum " "broken *" "not compared" "the server 'sh' exited with status 4 before it was ready (baseline and optimized) (log: " \
    "'$work/src/nothing.txt', which it needs, is not there"
cp out said
# What failed stands in the place of what was known before.
driver 0 status
has out "held out broken          failed: " "exited with status 7" "held out kept            compared" \
    "held out lacking         failed: '$work/src/nothing.txt', which it needs, is not there" "; could not be compared: broken, served, lacking"
hasnt out "of other programs than these"
driver 3 check
grep -q '^fail  *gain .*; not compared: broken, served' out || fail "a gain in spite of failures"
echo >src/nothing.txt
driver 0 status
has out "held out lacking         stale: what it runs or reads changed" "held out broken          failed: "
cp said out
log=$(sed -n 's/.*before it was ready (baseline and optimized) (log: \(.*\))$/\1/p' out)
same "$(cat "$log")" "it ends"

if [ "$SYSTEM" = cmake ]; then
    edit src/CMakeLists.txt '/broken/d' '/ends.sh/d'
    edit src/CMakeLists.txt 's/pgo_add_training(away.*/add_custom_target(extra)/'
    goal build pgo-compare >out 2>&1 || fail "pgo-compare"
    has out "  kept *" "95 % interval"
fi

# What the comparison knows of the baseline: an instrumented program that is much slower is told.
rm -rf src build
project src
edit src/sum.c 's/int main.*/#include <unistd.h>\n&/' \
    's/.*printf/    if (getenv("LLVM_PROFILE_FILE") || getenv("GCOV_PREFIX"))\n        sleep(1);\n&/'
training src slow -- sum 5
configure src build
driver 0 train
hasnt err "the baseline's"
driver 0 compare --runs 1
edit src/sum.c 's/"%ld/"=%ld/'
driver 0 train
has err "warning: training 'slow' took 1." " times the baseline's 0.0" " s; use quick data ("
driver 0 train
hasnt err "the baseline's"
# Of another command it knows nothing.
training src slow -- sum 6
driver 0 train
same "$(trained)" slow
hasnt err "the baseline's"

# Of the project's own tests alone nothing is timed, which is told before anything is built.
rm -rf src build
project src
own_test src adds sum 1000
in_cmake src <<'END'
pgo_train_with_tests(REGEX adds)
END
configure src build
if [ "$SYSTEM" = meson ]; then
    driver 0 train --train-with-tests adds
    rm -rf build/pgo/instrument
fi
driver 2 compare
one_error
has err "nothing is declared that can be timed" "hint: give a workload, --held-out"
[ ! -e build/pgo/instrument ] || fail "something was built"

# Tests that are known once something is built may be held out.
if [ "$SYSTEM" = cmake ]; then
    in_cmake src <<'END'
set(found "${CMAKE_BINARY_DIR}/found.cmake")
file(GENERATE OUTPUT "${found}.made" CONTENT
  "add_test(found [[$<TARGET_FILE:mul>]] 300)\nset_tests_properties(found PROPERTIES SKIP_REGULAR_EXPRESSION none LABELS $<IF:$<BOOL:${HOLD}>,pgo-held-out,no>)\n")
add_custom_command(TARGET sum POST_BUILD COMMAND ${CMAKE_COMMAND} -E copy "${found}.made" "${found}")
set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${found}")
END
    driver 2 compare --runs 1
    one_error
    has err "nothing is declared that can be timed"
    reconfigure build HOLD=1
    driver 0 compare --runs 1
    has out "  found *"
fi
