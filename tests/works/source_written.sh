# A build that writes into the source tree is noticed when the first stage is built, with the file's name; a
# training that does, whenever it is run. Somebody may have edited the file meanwhile: that is said too.
. "$(dirname "$0")/../lib.sh"
project src
edit src/CMakeLists.txt 's/include(PGO)//'
cat >>src/CMakeLists.txt <<'END'
add_custom_command(OUTPUT stamp COMMAND cp "${CMAKE_CURRENT_SOURCE_DIR}/core.c" "${CMAKE_CURRENT_SOURCE_DIR}/made here.c"
                   COMMAND "${CMAKE_COMMAND}" -E touch stamp VERBATIM)
add_custom_target(write ALL DEPENDS stamp)
add_dependencies(core write)
include(PGO)
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
cat >>src/CMakeLists.txt <<'END'
pgo_add_training(writes COMMAND sh -c [["$1/sum" 3 >"$2/it wrote"]] sh "{build}" "{source}")
END
run 0 "$PGO" -C src/build use
same "$(grep -c "warning: the source tree changed while trainings ran (.*): $work/src/it wrote$" err)" 1
run 0 "$PGO" -C src/build use
hasnt err "source tree"
# A word that names the build directory does not make everything in it an input.
edit src/CMakeLists.txt '/(writes /d'
echo 'pgo_add_training(holds COMMAND sum 5 "{source}/build" {build} "{build}/../..")' >>src/CMakeLists.txt
run 0 "$PGO" -C src/build use
same "$(trained)" holds
run 0 "$PGO" -C src/build use
same "$(trained)" ""
