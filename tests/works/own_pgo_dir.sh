# A project that has a directory `pgo` in its build tree, or makes a program `pgo`, keeps it: the stages are in
# `pgo-stages`, also for the targets, which is said once, and `clean` removes only those.
. "$(dirname "$0")/../lib.sh"
case $SYSTEM in
cmake) library='add_library(pgo STATIC pgo.c)' ;;
meson) library="pgo = static_library('pgo', 'pgo.c')" ;;
esac
project src
trainings src
mkdir src/pgo
echo 'int pgo(int a) { return a % 3 ? a : -a; }' >src/pgo/pgo.c
echo "$library" >src/pgo/$lists
edit src/sum.c 's/a = step(a, i)/a = step(a, i) + pgo(i)/' '1s/^/int pgo(int);\n/'
case $SYSTEM in
cmake) printf 'add_subdirectory(pgo)\ntarget_link_libraries(sum pgo)\n' >>src/CMakeLists.txt ;;
meson) edit src/meson.build "s/^sum = /subdir('pgo')\n&/" 's/\[core\])/[core, pgo])/' ;;
esac
configure src build
goal build >build.log 2>&1 || fail "the user's own build"
before=$(user_files build)
works
has out "build/pgo-stages/use/sum" "in 4 of 4 translation units"
same "$(grep -c "'$work/build/pgo' is the project's own: the stages are in '$work/build/pgo-stages'" err)" 1
same "$(user_files build)" "$before" "the user's tree changed"
works
hasnt err "project's own"
driver 0 clean
[ ! -e build/pgo-stages ] || fail "the stages are still there"
same "$(user_files build)" "$before" "the user's tree changed"

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
cp src/$lists lists
target src late pgo mul.c core
configure src build
works
has out "build/pgo-stages/use/sum"
has err "'$work/build/pgo' is the project's own: the stages are in '$work/build/pgo-stages'"
run 0 goal build pgo
works
hasnt err "project's own"
driver 0 clean
cp lists src/$lists
rm -rf build
configure src build
works
has out "build/pgo/use/sum"
[ "$SYSTEM" = cmake ] || exit 0
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
