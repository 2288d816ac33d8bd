# pgo check: the checklist, and --stability: each training left out.
. "$(dirname "$0")/../lib.sh"

# line NAME RESULT TEXT: what the last check said.
line() {
    grep -Eq "^$2 +$1 +" out || fail "$1 is not '$2'"
    grep -E "^$2 +$1 +" out | grep -qF -e "$3" || fail "'$3' is not said of $1"
}

project src
module src
cat >src/sum.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
__attribute__((noinline)) static long often(long n)
{
    long a = 1;
    for (long i = 0; i < n; i++)
        a = a * 3 ^ (i & 7 ? i : a >> 3);
    return a;
}
__attribute__((noinline)) static long other(long n)
{
    long a = 1;
    for (long i = 0; i < n; i++)
        a += a * 5 + i;
    return a;
}
int main(int argc, char **argv)
{
    printf("%ld\n", argc > 1 && strcmp(argv[1], "a") ? other(2500) : often(1000));
    return 0;
}
END
training src a weight=3 -- sum a
training src b -- sum b
training src c -- sum c
own_test src sums sum a
configure src build

driver 3 check
one_error
line fresh fail "'pgo use' brings it up to date"
line profile fail "there is none"
line tests unknown "'pgo test' does it"
has err "9 of 9 checks did not pass: fresh, profile, merge, match, size, gain, memory, tests, archived" "--waive fresh"
[ ! -e build/pgo ] || fail "check made something"
driver 3 check --stability
line fresh fail "'pgo use'"
has out "what each training adds is not known: the profile is not of the trainings as they stand (" "'pgo use' makes one"
driver 3 check --stability --json
has out '"name": "fresh", "result": "fail"' '"stability": null'

driver 0 use
driver 0 test
user_files build >before
sums build/pgo ! -name lock >ours
driver 3 check
user_files build | cmp -s - before || fail "check changed the user's files"
sums build/pgo ! -name lock | cmp -s - ours || fail "check changed something of ours"
line fresh pass "3 trainings"
line profile pass "functions ran (" # also of mul, or not: families count otherwise
line merge pass "0 dropped"
line match pass "wanted are 50 %"
line gain unknown "'pgo compare' does it"
line tests pass "1 of 1 pass"
line archived fail "--profile-dir"
has err "did not pass: size, gain, memory, archived"
driver 2 check --waive gian
one_error
has err "there is no check 'gian' to waive" "did you mean 'gain'?"
driver 2 check --max-size much
one_error

driver 0 use --profile-dir kept
driver 0 check --waive size,gain --waive memory
line archived pass "$work/kept"
line gain waived "'pgo compare' does it"
reconfigure build waive=size,gain
driver 0 use
driver 0 check --waive memory
line gain waived "'pgo compare' does it"
if goal build pgo-check >out 2>err; then fail "pgo-check passes"; fi
line size waived "'pgo compare' does it"
line memory unknown "'pgo compare' does it"
reconfigure build waive=gian
driver 2 check
one_error
has err "there is no check 'gian'" "did you mean 'gain'?"
reconfigure build waive=
driver 0 use
driver 3 check --waive size --waive gain --waive memory --archive elsewhere
line archived fail "not in '$work/elsewhere'"
rm kept/profile.manifest
driver 3 check --waive size --waive gain --waive memory --min-match 100
line archived fail "not in '$work/kept'"
line match pass "wanted are 100 %"

# Another test, or other words of one, with the same programs: that was not tried.
own_test src added sum b
reconfigure build
driver 0 use
driver 3 check
line tests unknown "the programs or the tests have changed since; 'pgo test' runs them again"
driver 0 test
driver 3 check
line tests pass "2 of 2 pass"
edit "src/$lists" '/added/s/\<b\>/c/'
reconfigure build
driver 0 use
driver 3 check
line tests unknown "the tests have changed since"
driver 0 test
if [ "$SYSTEM" = cmake ]; then
    in_cmake src <<'END'
add_executable(unbuilt EXCLUDE_FROM_ALL sum.c)
add_test(NAME unbuilt COMMAND unbuilt)
END
    driver 0 test
    driver 3 check
    line tests unknown "2 of 2 pass; not run, for their programs are not built: unbuilt"
fi

# What the last comparison measured.
driver 0 compare --runs 2
driver 3 check
for name in size gain memory; do
    hasnt out "$(printf '%-9s not compared' $name)"
done
line size "[a-z]*" "the baseline's "
line memory "[a-z]*" "at most "
# Settings that say what is good enough change nothing of what is made. (Meson keeps all in one file.)
if [ "$SYSTEM" = cmake ]; then
    reconfigure build -DPGO_WAIVE:STRING=gain min_match=40 min_coverage=1 -DPGO_MAX_DROPPED=20
    driver 3 check
    line fresh pass "3 trainings"
    line match pass "wanted are 40 %"
    line gain waived "trained on"
    line memory "[a-z]*" "at most "
    reconfigure build waive=
fi

driver 3 check --stability
cp out shown
has out "1 of 2 hot functions (90 % of all counts) are run by one training only:" "  a: " "often"
grep -Eq '^a +5[0-9][.][0-9] % +1 +[1-9]' out || fail "what is lost without a"
grep -Eq '^b +[0-9.]+ % +0 +0$' out || fail "b adds as much as its twin, which comes later"
has out "  the same as b: adds nothing but weight"
driver 3 check --stability --json
if command -v python3 >/dev/null; then
    cp out saved
    python3 - <<'END' >out 2>err || fail "not the JSON that was expected"
import json
all = json.load(open("saved"))
assert all["passed"] is False and len(all["checks"]) == 9, all
rows = {row["name"]: row for row in all["stability"]["trainings"]}
assert 0.5 < rows["a"]["overlap"] < 0.7 and not rows["a"]["adds_nothing"], rows
assert rows["c"]["adds_nothing"] and not rows["b"]["adds_nothing"], rows
assert [one["training"] for one in all["stability"]["run_by_one"]] == ["a"], all
END
fi
# LLVM's own tool finds the same overlap.
merge=$(sed -n 's/^merge //p' build/pgo/state/tools)
if [ -n "$merge" ]; then
    "$merge" merge build/pgo/train/b/raw/*.profraw build/pgo/train/c/raw/*.profraw -o without
    "$merge" overlap "$(readlink -f build/pgo/profile/current)" without >edges
    same "$(awk '/Edge profile overlap:/ { printf "%.1f", $NF }' edges)" \
        "$(sed -n 's/^a  *\([0-9]*[.][0-9]\) .*/\1/p' shown)" "overlap without a"
fi

# An edit: nothing is fresh, and what was found out is of other programs.
edit src/sum.c 's/a \* 5/a * 7/'
driver 3 check
line fresh fail "sum.c"
line gain unknown "'pgo compare' makes a new one"
driver 0 use
driver 3 check
line fresh pass "3 trainings"
line tests unknown "'pgo test' runs them again"

withdraw src b
withdraw src c
driver 0 use
driver 3 check --stability
has out "there is one training"
