# Sourced by every test script. A test runs in a fresh directory with a space in its name, kept when
# it fails. It gets from CTest: PGO (the driver), PGO_ROOT (the repository), FAMILY (gcc or clang) and
# CMAKE_GENERATOR; by hand: PGO=build/pgo sh tests/e2e/first.sh
set -eu

PGO_ROOT=${PGO_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
PGO_TEST_NAME=${PGO_TEST_NAME:-$(basename "$0" .sh)}
PGO=$(realpath "${PGO:-$PGO_ROOT/build/pgo}")
FAMILY=${FAMILY:-gcc}
CMAKE_GENERATOR=${CMAKE_GENERATOR:-Ninja}
case $FAMILY in
clang) CC=clang CXX=clang++ ;;
*) CC=gcc CXX=g++ ;;
esac
export PGO CC CXX CMAKE_GENERATOR
unset CFLAGS CXXFLAGS LDFLAGS MAKEFLAGS DESTDIR LLVM_PROFILE_FILE GCOV_PREFIX || :

work="${PGO_WORK:-${TMPDIR:-/tmp}/pgo tests}/$PGO_TEST_NAME"
rm -rf "$work"
mkdir -p "$work"
cd "$work"

# The working directory goes when the test passes.
finish() {
    status=$?
    if [ $status -eq 0 ]; then
        cd /
        rm -rf "$work"
    elif [ $status -ne 77 ]; then
        echo "kept: $work" >&2
    fi
}
trap finish EXIT

fail() {
    echo "FAIL: $*" >&2
    for file in out err; do
        if [ -s $file ]; then
            echo "--- $file" >&2
            cat $file >&2
        fi
    done
    exit 1
}

skip() {
    echo "skipped: $*"
    exit 77
}

need() {
    for tool; do
        command -v "$tool" >/dev/null || skip "$tool is not installed"
    done
}

# run STATUS COMMAND...: output in the files out and err; fails unless the exit status is STATUS.
run() {
    wanted=$1
    shift
    got=0
    "$@" >out 2>err </dev/null || got=$?
    [ $got -eq "$wanted" ] || fail "exit status $got instead of $wanted: $*"
}

# has FILE TEXT...: each text stands in the file, literally.
has() {
    file=$1
    shift
    for text; do
        grep -qF -e "$text" "$file" || fail "'$text' is not in $file"
    done
}

hasnt() {
    file=$1
    shift
    for text; do
        ! grep -qF -e "$text" "$file" || fail "'$text' is in $file"
    done
}

# One error message, one line, in the project's form.
one_error() {
    [ "$(grep -c '^pgo: error: ' err)" = 1 ] || fail "not just one error message"
}

same() {
    [ "$1" = "$2" ] || fail "${3:-they differ}: '$1' and '$2'"
}

# configure SOURCE BUILD [ARGUMENT...]: as a user would, with our module on the path.
configure() {
    source=$1
    build=$2
    shift 2
    cmake -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_MODULE_PATH="$PGO_ROOT/cmake" "$@" >configure.log 2>&1 || {
        cat configure.log >&2
        fail "cmake -S $source -B $build"
    }
}

# A project with two programs on a static library, as small as it can be. Both work on numbers: `sum N`
# and `mul N`.
project() {
    mkdir -p "$1"
    cat >"$1/core.c" <<'EOF'
#include "core.h"
static int odd(int i) { return i & 1; }
long step(long a, int i) { return odd(i) ? a + i : a - i / 2; }
EOF
    echo 'long step(long a, int i);' >"$1/core.h"
    cat >"$1/sum.c" <<'EOF'
#include "core.h"
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
    long a = 0;
    for (int i = 0; i < (argc > 1 ? atoi(argv[1]) : 10); i++)
        a = step(a, i);
    printf("%ld\n", a);
    return 0;
}
EOF
    cat >"$1/mul.c" <<'EOF'
#include "core.h"
#include <stdio.h>
#include <stdlib.h>
static long twice(long a) { return a * 2 % 1000003; }
int main(int argc, char **argv)
{
    long a = 1;
    for (int i = 0; i < (argc > 1 ? atoi(argv[1]) : 10); i++)
        a = twice(step(a, i));
    printf("%ld\n", a);
    return 0;
}
EOF
    cat >"$1/CMakeLists.txt" <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(small C)
add_library(core STATIC core.c)
add_executable(sum sum.c)
target_link_libraries(sum core)
add_executable(mul mul.c)
target_link_libraries(mul core)
include(PGO)
EOF
}

# The usual trainings of that project.
trainings() {
    cat >>"$1/CMakeLists.txt" <<'EOF'
pgo_add_training(sum COMMAND sum 1000)
pgo_add_training(mul COMMAND mul 1000)
EOF
}
