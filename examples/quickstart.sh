#!/bin/sh
# Optimizes the log tools of examples/logtools by their profile, from a fresh checkout to the
# comparison.  sh examples/quickstart.sh [BUILD-DIRECTORY]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tests/packages.sh"
need_packages cc:gcc cmake:cmake ninja:ninja-build i/stdio.h:libc6-dev i/zlib.h:zlib1g-dev

build=${1:-$root/build/quickstart}
show() {
    printf '$'
    for word; do
        case $word in
        *[!A-Za-z0-9_=./-]*) printf " '%s'" "$word" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
    echo
    "$@"
}
show cmake -G Ninja -S "$root/examples/logtools" -B "$build" -DCMAKE_BUILD_TYPE=Release
show cmake --build "$build" --target pgo-use
show cmake --build "$build" --target pgo-compare
