# The number of jobs of the calling make, or in CMAKE_BUILD_PARALLEL_LEVEL, is the number of jobs that the stages are built with, also
# through the targets, unless the driver is given another.
. "$(dirname "$0")/../lib.sh"
unset CMAKE_BUILD_PARALLEL_LEVEL || :
project src
trainings src
cat >src/tool.sh <<'END'
#!/bin/sh
echo "$*" >>"$TOOL_LOG"
exec "$TOOL" "$@"
END
chmod +x src/tool.sh
case $CMAKE_GENERATOR in Ninja) TOOL=$(command -v ninja) ;; *) TOOL=$(command -v make) ;; esac
export TOOL TOOL_LOG="$work/tool.log"
# called WITH COMMAND...: the stages are built with -jWITH
called() {
    with=$1
    shift
    rm -rf build/pgo
    : >tool.log
    run 0 "$@"
    grep -q -e "pgo/instrument -j$with all" tool.log || fail "not built with $with jobs: $(grep pgo/ tool.log)"
}
configure src build "-DCMAKE_MAKE_PROGRAM=$work/src/tool.sh"
cpus=$(getconf _NPROCESSORS_ONLN)
called "$cpus" "$PGO" -C build instrument
called 5 "$PGO" -C build -j5 instrument
called 6 env CMAKE_BUILD_PARALLEL_LEVEL=6 cmake --build build --target pgo-instrument
called 7 env MAKEFLAGS=" -j7 --jobserver-auth=3,4" "$PGO" -C build instrument
called 3 env MAKEFLAGS=" -j7" "$PGO" -C build -j3 instrument
if [ "$CMAKE_GENERATOR" = "Unix Makefiles" ]; then
    called 4 make -C build -j4 pgo-instrument
    called 4 cmake --build build -j4 --target pgo-instrument
    called "$cpus" make -C build pgo-instrument
fi
