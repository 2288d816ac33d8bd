# The project's tests that are disabled, skipped, change their properties, or match no selection; and a
# comparison beside them.
. "$(dirname "$0")/../lib.sh"
project src
cat >>src/CMakeLists.txt <<'EOF'
add_executable(idle idle.c)
target_link_libraries(idle core)
enable_testing()
add_test(NAME good COMMAND sum 50)
add_test(NAME off COMMAND sum 51)
set_tests_properties(off PROPERTIES DISABLED ON)
add_test(NAME skipped COMMAND sh -c "exit 77")
set_tests_properties(skipped PROPERTIES SKIP_RETURN_CODE 77)
add_test(NAME script COMMAND sh script.sh $<TARGET_FILE:sum> WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
pgo_train_with_tests(REGEX "good|off|skipped|script")
pgo_add_training(mul COMMAND mul 1000)
EOF
echo '"$1" 52' >src/script.sh
sed 's/twice/thrice/' src/mul.c >src/idle.c
configure src build
run 0 "$PGO" -C build use
has err "train: good:" "test 'skipped' passed or was skipped without leaving a profile"
hasnt err "train: off:"
# A test that ran nothing has not trained all programs.
has err "no training ran: idle"
has out "(100.0 %)"
run 0 "$PGO" -C build use
hasnt err train:
echo '"$1" 53' >src/script.sh
run 0 "$PGO" -C build use
same "$(trained)" script
echo 'set_tests_properties(good PROPERTIES ENVIRONMENT LEVEL=2)' >>src/CMakeLists.txt
run 0 "$PGO" -C build use
has err "train: good:"
run 0 "$PGO" -C build compare --runs 2
has out "mul "
has err "good is one of the project's tests, which are not timed"
echo 'pgo_train_with_tests(REGEX nosuchtest)' >>src/CMakeLists.txt
run 2 "$PGO" -C build use
one_error
has err "no test of the project is of the names to train with" "nosuchtest"
