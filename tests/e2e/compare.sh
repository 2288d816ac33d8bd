# pgo-compare: a row for each workload, held-out ones too; JSON; a workload that fails. What is faster
# is not asked here: machines differ.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
training src kept held-out -- mul 500
target src late late sum.c core
training src away held-out depends=late -- late 50
configure src build
driver 0 compare --runs 3
grep -Eq '^  sum +[0-9.]+ s +[0-9.]+ s +[0-9.]+ +\[[0-9.]+, [0-9.]+\]  ' out || fail "no row for sum"
has out "  mul " "  kept *" "  away *" "trained, mean" "held out, mean *" "baseline"
[ ! -e build/pgo/train/kept ] || fail "a held-out workload was trained on"
hasnt err "train: kept" "train: away"
[ -x build/pgo/baseline/sum ] || fail "no baseline"
driver 0 status
has out "comparison" "held out" "stage baseline"

driver 0 compare --runs 2 --json
hasnt err train: merge: configuring
has out '"name": "sum"' '"name": "kept", "held_out": true' '"verdict"' '"pairs": 2'
if command -v python3 >/dev/null; then
    python3 -m json.tool <out >json || fail "not JSON"
    cp out saved
    run 0 python3 -c '
import json
rows = json.load(open("saved"))["workloads"]
print(",".join(sorted(r["name"] for r in rows)))
assert all(r["baseline_s"] >= 0 and r["comparison"]["low"] <= r["comparison"]["ratio"] for r in rows)'
    same "$(cat out)" "away,kept,mul,sum"
fi

grep -q -e '[.]gcda' -e __llvm_prf build/pgo/instrument/sum || fail "no counters where they should be"
! grep -q -e '[.]gcda' -e __llvm_prf build/pgo/baseline/sum || fail "counters in the baseline"
same "$(build/pgo/baseline/mul 100)" "$(build/pgo/use/mul 100)"

training src broken held-out -- sh -c "echo it broke; exit 7"
driver 1 compare --runs 2
one_error
has err "'broken'" "exited with status 7"
has out "  sum " "broken *" "not compared"

if [ "$SYSTEM" = cmake ]; then
    edit src/CMakeLists.txt '/broken/d'
    edit src/CMakeLists.txt 's/pgo_add_training(away.*/add_custom_target(extra)/'
    goal build pgo-compare >out 2>&1 || fail "pgo-compare"
    has out "  kept *" "95 % interval"
fi

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
