# The project's own tests as trainings: run by CTest, so that fixtures, properties and filters hold.
. "$(dirname "$0")/../lib.sh"
project src
cat >>src/CMakeLists.txt <<'END'
enable_testing()
add_test(NAME short COMMAND sum 10)
add_test(NAME long COMMAND sum 2000)
add_test(NAME "with space" COMMAND mul 20)
add_test(NAME fails COMMAND sh -c "./mul 3; exit 1" WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
set_tests_properties(fails PROPERTIES WILL_FAIL ON)
add_test(NAME prints COMMAND sum 4)
set_tests_properties(prints PROPERTIES PASS_REGULAR_EXPRESSION "3" ENVIRONMENT "A=b")
add_test(NAME setup COMMAND sh -c "echo setup >>order" WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
add_test(NAME inside COMMAND sh -c "echo inside >>order; ./sum 2" WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
add_test(NAME cleanup COMMAND sh -c "echo cleanup >>order" WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
set_tests_properties(setup PROPERTIES FIXTURES_SETUP f)
set_tests_properties(inside PROPERTIES FIXTURES_REQUIRED f)
set_tests_properties(cleanup PROPERTIES FIXTURES_CLEANUP f)
set_tests_properties(short long inside PROPERTIES LABELS "train;other")
add_test(NAME never COMMAND sh -c "echo never >>order; exit 1" WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
END
cp src/CMakeLists.txt base

# with WORDS: the project with pgo_train_with_tests(WORDS).
with() {
    cp base src/CMakeLists.txt
    echo "pgo_train_with_tests($1)" >>src/CMakeLists.txt
    rm -f build/pgo/instrument/order
}

# Fixtures run around the tests that require them, and are no trainings by that.
with 'EXCLUDE "never|setup|cleanup" WEIGHT 2'
configure src build
driver 0 use
same "$(trained)" "fails inside long prints short with space"
has out "(100.0 %)"
same "$(words <build/pgo/instrument/order)" "setup inside cleanup" "order of the fixture"
grep -q '^training long weight 2$' build/pgo/profile/*.manifest || fail "the weight"
[ -d "build/pgo/train/long/raw" ] || fail "no raw profiles of their own"
mark
sleep 0.02
driver 0 use
hasnt err train: merge: configuring
same "$(recompiled build/pgo/instrument)$(recompiled build/pgo/use)" ""
same "$(words <build/pgo/instrument/order)" "setup inside cleanup" "tests that ran again"

# The user's own list of tests has no word of ours.
ctest --test-dir build -N >list
has list "Total Tests: 9"
! sed "s|$work||g" build/CTestTestfile.cmake | grep -qi pgo || fail "something of ours in the user's tests"

# A test that changes runs again; with it CTest runs what it requires.
edit src/CMakeLists.txt 's/>>order; .\/sum 2/>>order; .\/sum 7/'
driver 0 use
same "$(trained)" inside
same "$(words <build/pgo/instrument/order)" "setup inside cleanup setup inside cleanup"

with 'REGEX "^(short|long)$"'
driver 0 use
same "$(trained)" "" "tests that ran before"
has err "merge: "
same "$(grep -c '^training' build/pgo/profile/*.manifest)" 2
with 'REGEX "o" EXCLUDE "long"'
driver 0 use
same "$(grep '^training' build/pgo/profile/*.manifest | sed 's/ weight.*//; s/training //' | words)" "short"
with 'LABELS "train"'
driver 0 use
same "$(grep '^training' build/pgo/profile/*.manifest | sed 's/ weight.*//; s/training //' | sort | words)" \
    "inside long short"

with 'REGEX "short|never"'
driver 1 use
one_error
has err "test 'never' failed as a training"
hasnt err "test 'short'"
with 'REGEX "nothing_has_this_name"'
driver 2 use
one_error
has err "no test of the project" nothing_has_this_name

# With a declared training beside them, by the target.
with 'REGEX "with space"'
echo 'pgo_add_training(own COMMAND sum 77)' >>src/CMakeLists.txt
cmake --build build --target pgo-use >out 2>err || fail "pgo-use"
has out "(100.0 %)"
same "$(grep '^training' build/pgo/profile/*.manifest | sed 's/ weight.*//; s/training //' | sort | words)" \
    "own with space"
