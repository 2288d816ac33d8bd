# `pgo flags`: what a build that pgo does not drive needs, for each family and stage.
. "$(dirname "$0")/../lib.sh"
need gcc clang
mkdir "tree"
: >tree/some.profdata
run 0 "$PGO" flags --stage instrument --compiler gcc --source tree
has out "compile: " "-fprofile-generate=$work/tree/pgo-raw" "-fprofile-prefix-path=$work/tree" \
    "-fprofile-update=single" "link: "
same "$(wc -l <out)" 2
run 0 "$PGO" flags --stage instrument --compiler gcc --source tree --atomic ON --raw /tmp/raw
has out "-fprofile-generate=/tmp/raw" "-fprofile-update=atomic"
run 0 "$PGO" flags --stage use --compiler gcc --source tree --profile tree
has out "-fprofile-use=$work/tree" "-fprofile-correction" \
    "-Wno-error=coverage-mismatch" "-Wno-error=missing-profile"
run 0 "$PGO" flags --stage instrument --compiler clang --source tree
has out "-fprofile-generate=$work/tree/pgo-raw" "-static-func-strip-dirname-prefix="
run 0 "$PGO" flags --stage use --compiler clang --source tree --profile tree/some.profdata
has out "-fprofile-use=$work/tree/some.profdata" "-Wno-error=profile-instr-out-of-date"
for compiler in gcc clang; do
    for part in compile link; do
        run 0 "$PGO" flags --stage instrument --compiler $compiler --source tree --part $part
        has out "-fprofile-generate"
        hasnt out "compile:" "link:"
        # A shell takes the words as they are, and the compiler takes them.
        echo 'int main(void) { return 0; }' >a.c
        eval "$compiler $(cat out) -c a.c -o a.o" || fail "$compiler does not take them"
    done
    run 0 "$PGO" flags --stage instrument --compiler $compiler --source tree --cmake
    printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(x C)' 'include(out.cmake)' \
            'add_library(x a.c)' >CMakeLists.txt
    mv out out.cmake
    cmake -S . -B b.$compiler -DCMAKE_C_COMPILER=$compiler >/dev/null || fail "not CMake code"
    has b.$compiler/compile_commands.json -fprofile-generate=
done

wrong() { # STATUS MESSAGE ARGUMENT...
    status=$1
    message=$2
    shift 2
    run $status "$PGO" flags "$@"
    one_error
    has err "pgo: error: $message"
    [ ! -s out ] || fail "something is on standard output"
}
wrong 2 "'--stage' must be 'instrument' or 'use'"
wrong 2 "'--stage' must be 'instrument' or 'use', not 'train'" --stage train
wrong 2 "'--stage use' wants '--profile PATH'" --stage use
wrong 1 "the profile '$work/none' is not there" --stage use --profile none --compiler gcc
wrong 2 "'--part' must be 'compile' or 'link', not 'both'" --stage instrument --part both
wrong 2 "the compiler 'no-such-cc' was not found" --stage instrument --compiler no-such-cc
# Something that prints the Free Software Foundation's name is no compiler for that.
for program in true ls; do
    wrong 1 "the compiler '$(realpath -s "$(which $program)")' is neither GCC nor Clang" \
        --stage instrument --compiler $program
done
