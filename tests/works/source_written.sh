# A build that writes into the source tree is noticed when the first stage is built, with the file's name; a
# training that does, whenever it is run. Somebody may have edited the file meanwhile: that is said too.
. "$(dirname "$0")/../lib.sh"
project src
in_meson src <<'END'
custom_target(output: 'stamp', build_by_default: true, input: 'core.c',
              command: ['sh', '-c', 'cp "$1" "$(dirname "$1")/made here.c" && : >"$2"', 'sh', '@INPUT@', '@OUTPUT@'])
END
in_cmake src <<'END'
add_custom_command(OUTPUT stamp COMMAND cp "${CMAKE_CURRENT_SOURCE_DIR}/core.c" "${CMAKE_CURRENT_SOURCE_DIR}/made here.c"
                   COMMAND "${CMAKE_COMMAND}" -E touch stamp VERBATIM)
add_custom_target(write ALL DEPENDS stamp)
add_dependencies(core write)
END
trainings src
mkdir src/sub
echo >src/sub/untouched
configure src src/build
run 0 "$PGO" -C src/build use
same "$(grep -c "warning: the source tree changed while the stage was built (.*): $work/src/made here.c$" err)" 1
has err "if nobody edited it, the project's own build writes there, and so does each stage"
hasnt err untouched core.c
run 0 "$PGO" -C src/build use
hasnt err "source tree"
# shellcheck disable=SC2016
training src writes -- sh -c '"$1/sum" 3 >"$2/it wrote"' sh '{build}' '{source}'
run 0 "$PGO" -C src/build use
same "$(grep -c "warning: the source tree changed while trainings ran (.*): $work/src/it wrote$" err)" 1
run 0 "$PGO" -C src/build use
hasnt err "source tree"
# A word that names the build directory does not make everything in it an input.
withdraw src writes
training src holds -- sum 5 '{source}/build' '{build}' '{build}/../..'
run 0 "$PGO" -C src/build use
same "$(trained)" holds
run 0 "$PGO" -C src/build use
same "$(trained)" ""
