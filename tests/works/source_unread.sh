# A run that has nothing to do does not look at the files of the source tree that the build does not look at.
. "$(dirname "$0")/../lib.sh"
need strace
export ASAN_OPTIONS=detect_leaks=0 # which cannot look while strace does
project src
trainings src
mkdir src/sub
echo >src/sub/unused
configure src build
run 0 strace -f -e trace=%file -o trace "$PGO" -C build use
has trace unused
run 0 strace -f -e trace=%file -o trace "$PGO" -C build use
hasnt trace unused
