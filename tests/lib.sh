# Sourced by every test script. A test runs in a fresh directory with a space in its name, kept when
# it fails. It gets from CTest: PGO (the driver), PGO_ROOT (the repository), FAMILY (gcc or clang),
# SYSTEM (cmake or meson) and CMAKE_GENERATOR; by hand: PGO=build/pgo sh tests/e2e/first.sh
#
# Projects are described in words that lib_cmake.sh and lib_meson.sh both have:
#   start DIRECTORY NAME [LANGUAGE...]      a project in which nothing is built yet
#   target DIRECTORY KIND NAME "SOURCE..." [LIBRARY...]
#                                           KIND: program, late (built when asked for), static, shared, module
#   option DIRECTORY TARGET NAME            off by default; defines NAME in the target
#   compiled_with DIRECTORY TARGET FLAG
#   training DIRECTORY NAME [ATTRIBUTE=VALUE...] -- WORD...
#                                           in the place of one of that name; ATTRIBUTE: weight, repeat, timeout,
#                                           depends, stdin, input, env, cwd, server, ready, stop, grace, ready_timeout,
#                                           also (several times), and the words serial, parallel and held-out
#   withdraw DIRECTORY NAME                 declares that training no more
#   own_test DIRECTORY NAME WORD...         a test of the project's own
#   exclude DIRECTORY TARGET...
#   module DIRECTORY                        gives the project our targets and settings
#   in_cmake DIRECTORY, in_meson DIRECTORY  what is described in words of their own, from standard input
#   configure SOURCE BUILD [SETTING...]     as a user would; SETTING: type=, flags=, launcher=, prefix=, min_match=
#   reconfigure BUILD [SETTING...]          and the like, NAME=VALUE of the project's own, or -… as it is
#   value STAGE SETTING                     what it came out as in the stage
#   goal BUILD [TARGET]                     the user's own build
#   commands STAGE                          how sources are compiled in it, a line each
# and in $lists, $exclusion the name of the project's file and what is said to exclude a target.
set -eu

PGO_ROOT=${PGO_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
PGO_TEST_NAME=${PGO_TEST_NAME:-$(basename "$0" .sh)}
PGO=$(realpath "${PGO:-$PGO_ROOT/build/pgo}")
FAMILY=${FAMILY:-gcc}
SYSTEM=${SYSTEM:-cmake}
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

# family gcc|clang: for a test that looks at both.
family() {
    FAMILY=$1
    case $FAMILY in
    clang) CC=clang CXX=clang++ ;;
    *) CC=gcc CXX=g++ ;;
    esac
    need $CC
}

# ready [SETTING...]: the small project with its trainings, configured in `build`.
ready() {
    rm -rf src build
    project src
    trainings src
    configure src build "$@"
}

# executable FILE: a script, from standard input.
executable() {
    mkdir -p "$(dirname "$1")"
    rm -f "$1"
    cat >"$1"
    chmod +x "$1"
}

# works: the tree in `build` is as good as new.
works() {
    run 0 "$PGO" -C build use
    has out "found their profile (100.0 %)"
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
    start "$1" small
    target "$1" static core core.c
    target "$1" program sum sum.c core
    target "$1" program mul mul.c core
}

# with_targets DIRECTORY: adds what a Meson project adds to have the pgo targets.
with_targets() {
    cat >>"$1/meson.build" <<'EOF'
foreach name, command : subproject('pgo').get_variable('targets')
  run_target(name, command: command)
endforeach
EOF
}

# The usual trainings of that project.
trainings() {
    training "$1" sum -- sum 1000
    training "$1" mul -- mul 1000
}

# driver STATUS ARGUMENT...: runs the driver on the tree `build`.
driver() {
    status=$1
    shift
    run "$status" "$PGO" -C build "$@"
}

# edit FILE EXPRESSION...: by sed; fails when nothing changes.
edit() {
    edited=$1
    shift
    for expression; do
        sed "$expression" "$edited" >"$work/.edit"
        ! cmp -s "$work/.edit" "$edited" || fail "'$expression' changes nothing in $edited"
        cat "$work/.edit" >"$edited"
    done
}

# Remembers the time; written DIRECTORY [FIND-ARGUMENT...] lists the files written there since then,
# without those that a build tool writes when it has nothing to do.
mark() {
    : >"$work/.mark"
}

written() {
    below=$1
    shift
    (cd "$below" && find . -type f -newer "$work/.mark" "$@") |
        sed -e 's|^\./||' -e '/^\.ninja_/d' -e "$tool_files" | sort
}

# The objects among them, as words: "core.c mul.c".
recompiled() {
    written "$1" -name '*.o' | sed -e 's|.*/||' -e 's|\.o$||' | words
}

words() {
    tr '\n' ' ' | sed 's/ $//'
}

# Names of the trainings that the last command ran, sorted, as words.
trained() {
    sed -n 's/^pgo: train: \(.*\): [0-9.]* s$/\1/p' err | sort | words
}

# The hash of the newest profile of the tree `build`.
profile() {
    basename "$(readlink build/pgo/profile/current)" .profdata
}

# sums DIRECTORY [FIND-ARGUMENT...]: checksum and name of each file.
sums() {
    below=$1
    shift
    (cd "$below" && find . -type f "$@" -exec cksum {} + | sort -k 3)
}

# The same of a build directory's files, without ours and what a build tool writes at each run.
user_files() {
    sums "$1" ! -path './pgo/*' ! -path './pgo-stages/*' ! -name '.ninja_*' ! -path './meson-logs/*' ! -path './CMakeFiles/Progress*'
}

# wait_for COMMAND...: until it succeeds, at most 20 s.
wait_for() {
    limit=$(($(date +%s) + 20))
    until "$@" >/dev/null 2>&1; do
        [ "$(date +%s)" -lt $limit ] || fail "never came: $*"
        sleep 0.05
    done
}

# Processes that work in the stage trees of this test.
left_running() {
    # shellcheck disable=SC2010
    ls -ld /proc/[0-9]*/cwd 2>/dev/null | grep -F -e "-> $work/build/pgo/" || :
}

nothing_left() {
    [ -z "$(left_running)" ]
}

# shellcheck source=tests/lib_cmake.sh
. "$PGO_ROOT/tests/lib_$SYSTEM.sh"
