#!/bin/sh
# Builds everything and runs the tests; ends in CTest's summary.
#   sh tests/run.sh [--all] [CTEST-ARGUMENT...]      --all: also the tests that take long
# Environment: PGO_BUILD, the build directory; PGO_TEST_FLAGS, more arguments for cmake.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tests/packages.sh"

all=OFF
if [ "${1:-}" = --all ]; then
    all=ON
    shift
fi
need_packages gcc:gcc g++:g++ clang:clang llvm-profdata:llvm cmake:cmake meson:meson ninja:ninja-build make:make \
    python3:python3 ccache:ccache git:git pgrep:procps i/cmocka.h:libcmocka-dev i/stdio.h:libc6-dev \
    'i/python3*/Python.h:python3-dev' '/usr/lib/python3*/*-packages/mesonpy/:python3-mesonpy' \
    '/usr/lib/python3*/*-packages/build/:python3-build' '/usr/lib/python3*/*-packages/wheel/:python3-wheel' \
    i/zlib.h:zlib1g-dev gfortran:gfortran rustc:rustc strace:strace dpkg-source:dpkg-dev i/gtest/gtest.h:libgtest-dev
need_clang_runtime

build=${PGO_BUILD:-$root/build/tests}
jobs=$(nproc 2>/dev/null || echo 2)
# shellcheck disable=SC2086
cmake -G Ninja -S "$root" -B "$build" -DPGO_TESTS_ALL=$all ${PGO_TEST_FLAGS:-} >/dev/null
cmake --build "$build" -j"$jobs"
# Some wait most of their time.
exec ctest --test-dir "$build" --output-on-failure -j$((jobs + 1)) "$@"
