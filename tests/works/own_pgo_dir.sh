# A project that has a directory `pgo` in its build tree, or makes a program `pgo`, keeps it: the stages are in
# `pgo-stages`, also for the targets, which is said once, and `clean` removes only those.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
mkdir src/pgo
echo 'int pgo(int a) { return a % 3 ? a : -a; }' >src/pgo/pgo.c
echo 'add_library(pgo STATIC pgo.c)' >src/pgo/CMakeLists.txt
edit src/sum.c 's/a = step(a, i)/a = step(a, i) + pgo(i)/' '1s/^/int pgo(int);\n/'
cat >>src/CMakeLists.txt <<'END'
add_subdirectory(pgo)
target_link_libraries(sum pgo)
END
configure src build
cmake --build build >build.log 2>&1 || fail "the user's own build"
before=$(sums build)
works
has out "build/pgo-stages/use/sum" "in 4 of 4 translation units"
same "$(grep -c "'$work/build/pgo' is the project's own: the stages are in '$work/build/pgo-stages'" err)" 1
same "$(sums build ! -path './pgo-stages/*')" "$before" "the user's tree changed"
works
hasnt err "project's own"
driver 0 clean
[ ! -e build/pgo-stages ] || fail "the stages are still there"
same "$(sums build)" "$before" "the user's tree changed"

# Both names are the project's: nothing is touched.
rm -rf build
configure src build
mkdir -p build/pgo build/pgo-stages
echo mine >build/pgo-stages/file
run 2 "$PGO" -C build use
one_error
has err "were not made by pgo" "hint: rename one"
run 2 "$PGO" -C build clean
same "$(find build/pgo-stages)" "build/pgo-stages
build/pgo-stages/file"

# A program of that name, not built yet, and then a directory that comes after our folder.
rm -rf src build
project src
trainings src
cp src/CMakeLists.txt lists
echo 'add_executable(pgo EXCLUDE_FROM_ALL mul.c)
target_link_libraries(pgo core)' >>src/CMakeLists.txt
configure src build
works
has out "build/pgo-stages/use/sum"
has err "'$work/build/pgo' is the project's own: the stages are in '$work/build/pgo-stages'"
run 0 cmake --build build --target pgo
works
hasnt err "project's own"
driver 0 clean
cp lists src/CMakeLists.txt
rm -rf build
configure src build
works
has out "build/pgo/use/sum"
mkdir src/pgo
echo 'configure_file(CMakeLists.txt made COPYONLY)' >src/pgo/CMakeLists.txt
echo 'add_subdirectory(pgo)' >>src/CMakeLists.txt
cmake build >configure.log || fail "configuring again"
works
has out "build/pgo/use/sum"
driver 0 clean
has err "was not made by pgo: what is not pgo's is left"
same "$(ls -A build/pgo | grep -v Makefile | words)" "CMakeFiles cmake_install.cmake made" "what is left"
works
has out "build/pgo-stages/use/sum"
