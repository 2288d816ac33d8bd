# Nothing of the stages shows up in the user's own ctest, not even what the project wrote for CTest.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
cat >>src/CMakeLists.txt <<'END'
file(WRITE "${CMAKE_BINARY_DIR}/CTestCustom.ctest" "message([[custom of ${CMAKE_BINARY_DIR}]])\n")
enable_testing()
add_test(NAME adds COMMAND sum 5)
END
configure src build
run 0 cmake --build build
run 0 ctest --test-dir build
sed 's/[0-9.]* sec//' out >before
driver 0 use --train-with-tests adds
run 0 ctest --test-dir build
has err "custom of $work/build"
hasnt err build/pgo/
sed 's/[0-9.]* sec//' out >after
cmp before after || fail "ctest says something else"
