# A dependency that includes the module as well: its trainings are ignored, with one line each, and the outer
# project's count; what it excludes stays excluded. The dependency alone is a project as any other.
. "$(dirname "$0")/../lib.sh"
project src/dep
trainings src/dep
sed -i 's/project(small C)/project(dep C)/; s/pgo_add_training(/pgo_add_training(dep-/' src/dep/CMakeLists.txt
printf 'pgo_exclude_targets(mul)\npgo_train_with_tests()\n' >>src/dep/CMakeLists.txt
cat >src/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(outer C)
add_subdirectory(dep)
include(PGO)
pgo_add_training(own COMMAND sum 1000)
END
cmake -S src -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_MODULE_PATH="$PGO_ROOT/cmake" >out 2>err ||
    fail "configuring"
same "$(grep -c "^-- PGO: training 'dep-.*' of the inner project $work/src/dep is ignored$" out)" 2
[ ! -s err ] || fail "something is on standard error"
same "$(grep '^training ' build/pgo.plan)" "training own"
! grep -qx tests build/pgo.plan || fail "the dependency's tests are in the plan"
has out "PGO: pgo_train_with_tests of the inner project $work/src/dep is ignored"
run 0 "$PGO" -C build use
has out "2 of 2 functions in 2 of 2 translation units"
! grep 'mul.c' build/pgo/use/compile_commands.json | grep -q fprofile-use || fail "mul is not excluded any more"

configure src/dep alone
same "$(grep -c '^training ' alone/pgo.plan)" 2

# In an outer project that does not use the module, the dependency's declarations count.
sed -i '/PGO/d; /pgo_/d' src/CMakeLists.txt
rm -rf build
configure src build
same "$(grep -c '^training ' build/pgo.plan)" 2
