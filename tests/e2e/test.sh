# pgo test: the project's own tests on the optimized programs. What fails there and passes on the baseline is
# an error, and told from what fails on both, and from what passes when it is run again.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
cat >src/picky.c <<'END'
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv)
{
    char self[4096] = "";
    if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0 || argc < 2)
        return 2;
    if (strcmp(argv[1], "skip") == 0)
        return 77;
    if (strcmp(argv[1], "unclear") == 0)
        return strstr(self, "/pgo/use/") ? 1 : 77;
    if (strcmp(argv[1], "optimized") == 0) {
        printf("this is %s\n", self);
        return strstr(self, "/pgo/use/") != NULL;
    }
    if (strcmp(argv[1], "told") == 0)
        return strstr(self, "/pgo/use/") && access(argv[2], F_OK) == 0;
    if (strcmp(argv[1], "once") == 0 && access(argv[2], F_OK) != 0) {
        fclose(fopen(argv[2], "w"));
        return 1;
    }
    return strcmp(argv[1], "never") == 0;
}
END
target src program picky picky.c
configure src build
driver 3 check --stability --json
has out '"stability": null, "stability_unknown": "the profile is not of the trainings as they stand'
driver 2 test
one_error
has err "the project declares no tests"
driver 3 check
grep -q "^unknown  tests .*the project declares none; '--waive tests' leaves this check out" out || fail "advice that does not help"

own_test src sums sum 100
own_test src odd picky skip
own_test src "at times" picky once "$work/was there"
in_cmake src <<'END'
set_tests_properties(odd PROPERTIES SKIP_RETURN_CODE 77)
END
# shellcheck disable=SC2016
echo '[ "$(cat "${1#--of=}")" = well ] && echo $$ >"$2" && echo $$ >"logs/$$"' >src/says.sh
echo well >src/data
mkdir src/logs
ln -s /proc/self/mem src/unread # no file that can be read, for root neither
in_cmake src <<'END'
add_test(NAME script COMMAND sh says.sh --of=data log logs unread WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
END
in_meson src <<'END'
test('script', find_program('sh'), args: ['says.sh', '--of=data', 'log', 'logs', 'unread'],
     workdir: meson.project_source_root())
END
in_meson src <<'END' # 'meson test' would not run it either
test('excluded', picky, args: 'never', suite: 'left out')
add_test_setup('usual', is_default: true, exclude_suites: 'left out')
END
reconfigure build
driver 0 test
has out "ran 4 tests on the optimized programs: 3 passed, 1 skipped, 0 failed" \
    "passed when run again: at times"
hasnt out "fails" "(null)"
hasnt err "train: running"
driver 3 check
has out "3 of 4 pass, 1 skipped, 1 when run again"
for name in says.sh data; do # what a test's words name below the source is a part of it
    cp src/$name as_it_was
    echo bad >src/$name
    driver 3 check
    has out "the programs or the tests have changed since"
    cp as_it_was src/$name
    driver 3 check
    has out "3 of 4 pass"
done
# What they write there themselves is none, be it new or another one than before.
driver 0 test
driver 3 check
has out "3 of 4 pass"
hasnt out "have changed since"
[ ! -e build/pgo/baseline ] || fail "a baseline was built, but nothing failed"

# A failure that one of some tests shows ends a result that passes the checklist, and no other one does.
own_test src wrong picky never
own_test src flip picky told "$work/broken"
reconfigure build
driver 0 test
has err "warning: 1 test fails on the baseline as well: wrong"
driver 1 test wrong
has err "no test passed"
driver 3 check
has out "4 of 6 pass, 1 skipped, 1 fails on the baseline as well"
: >broken
driver 1 test flip
has err "1 test fails only when optimized: flip"
driver 3 check
has out "'pgo test' does it"
rm broken

own_test src fast picky optimized
reconfigure build
driver 1 test
one_error
has out "ran 7 tests on the optimized programs: 4 passed, 1 skipped, 2 failed" \
    "fails only when optimized: fast" "fails on the baseline as well: wrong"
has err "1 test fails only when optimized: fast" "hint: " "log: $work/build/pgo/log/test.again.log"
grep -q "this is $work/build/pgo/use/picky" build/pgo/log/test.again.log || fail "not the optimized program"
[ -e build/pgo/state/test ] || fail "not remembered"

# A run of some is not remembered: what is known to fail stays so.
driver 0 test 'sums|wrong'
has out "ran 2 tests on the optimized programs: 1 passed, 0 skipped, 1 failed"
has err "warning: 1 test fails on the baseline as well: wrong"
driver 1 test wrong
one_error
has err "no test passed: nothing is known of the optimized programs"
driver 3 check
has out "only when optimized fail: fast"
driver 2 test nothing
one_error
has err "no test of the project has a name that 'nothing' fits" "fast"
driver 2 test sums odd
has err "'pgo test' takes one expression, not 'odd' as well"

driver 1 test --json
has out '"tests": 7, "passed": 4' '"only_optimized": ["fast"]' '"also_baseline": ["wrong"]' '"passed_again": []'
! command -v python3 >/dev/null || python3 -m json.tool <out >/dev/null || fail "not JSON"

# What the baseline skips is no case of "only when optimized", and not nothing either.
own_test src unclear picky unclear
in_cmake src <<'END'
set_tests_properties(unclear PROPERTIES SKIP_RETURN_CODE 77)
END
reconfigure build
driver 1 test 'sums|unclear'
one_error
has out "ran 2 tests on the optimized programs: 1 passed, 0 skipped, 1 failed" "fails, and is skipped on the baseline: unclear"
hasnt out "only when optimized"
has err "1 test fails when optimized, and is skipped on the baseline: unclear"
driver 1 test --json
has out '"only_optimized": ["fast"]' '"skipped_on_baseline": ["unclear"]'

# Two tests of one name; a program that the default target does not build.
if [ "$SYSTEM" = cmake ]; then
    mkdir src/below
    echo 'add_test(NAME sums COMMAND picky optimized)' >src/below/CMakeLists.txt
    in_cmake src <<'END'
add_subdirectory(below)
add_executable(unbuilt EXCLUDE_FROM_ALL sum.c)
add_test(NAME unbuilt COMMAND unbuilt)
END
    driver 1 test 'sums|unbuilt'
    has out "ran 2 tests on" "fails only when optimized: sums~2" "not run, its program is not built: unbuilt"
    driver 2 test unbuilt
    has err "the programs of the project's tests are not built: unbuilt"

    # A fixture runs with the test that needs it, and is none of the tests that were asked for.
    in_cmake src <<'END'
add_test(NAME prepare COMMAND picky never)
set_tests_properties(prepare PROPERTIES FIXTURES_SETUP prepared)
add_test(NAME needing COMMAND picky ready)
set_tests_properties(needing PROPERTIES FIXTURES_REQUIRED prepared)
END
    driver 1 test needing
    has out "ran 1 test on the optimized programs: 0 passed, 0 skipped, 1 failed" "fails on the baseline as well: needing"
fi
