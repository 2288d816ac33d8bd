# What a change makes stale, and nothing else: files, trainings, profile.
. "$(dirname "$0")/../lib.sh"
project src
cat >>src/CMakeLists.txt <<'END'
option(FOO "" OFF)
if(FOO)
  target_compile_definitions(mul PRIVATE FOO)
endif()
pgo_add_training(sum COMMAND sum 1000)
pgo_add_training(mul COMMAND mul 1000)
pgo_add_training(env COMMAND sum 100 ENVIRONMENT LEVEL=1)
pgo_add_training(input COMMAND sum 101 INPUTS input.txt)
pgo_add_training(stdin COMMAND sum 102 STDIN stdin.txt)
pgo_add_training(set COMMAND sum 103 {dataset})
pgo_add_training(script COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/script.sh $<TARGET_FILE:sum>)
pgo_add_training(near COMMAND sh near.sh $<TARGET_FILE:sum> WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
pgo_add_training(own COMMAND ./own.sh $<TARGET_FILE:sum> WORKING_DIRECTORY "{source}/below")
pgo_add_training(folder COMMAND sum 104 below/data "" WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
pgo_add_training(value COMMAND sum 105 --in=${CMAKE_CURRENT_SOURCE_DIR}/value.txt)
pgo_add_training(all COMMAND sum 106 {source} ../src . WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
foreach(i RANGE 1 3)
  pgo_add_training(t${i} COMMAND sum 11${i})
endforeach()
END
echo one >src/input.txt
echo one >src/stdin.txt
echo '"$1" 50' >src/script.sh
echo '"$1" 52' >src/near.sh
mkdir -p src/below/data/deep
executable src/below/own.sh <<'END'
#!/bin/sh
"$1" 54
END
echo one >src/below/data/deep/file
echo one >src/value.txt
configure src build
driver 0 use
same "$(trained)" "all env folder input mul near own script set stdin sum t1 t2 t3 value"

# again WHAT TRAININGS [instrument OBJECTS] [use OBJECTS]: one more run, and what it did.
again() {
    what=$1
    shift
    mark
    sleep 0.02
    driver 0 use
    same "$(trained)" "$1" "trainings after '$what'"
    shift
    while [ $# -gt 0 ]; do
        same "$(recompiled "build/pgo/$1")" "$2" "objects of $1 after '$what'"
        shift 2
    done
    has out "(100.0 %)"
}

all="core.c mul.c sum.c"
# quiet WHAT: nothing was done but the build tool's no-op.
quiet() {
    again "$1" "" instrument "" use ""
    hasnt err train: merge: configuring
    same "$(written build/pgo/instrument)$(written build/pgo/use)" "" "files written after '$1'"
}
quiet "nothing"
quiet "nothing, again"

before=$(profile)
cat >>src/mul.c <<'END'
#ifdef FOO
const char foo[] = "foo";
#endif
END
again "an unused part" "" instrument mul.c use mul.c
edit src/mul.c 's/1000003/1000033/'
again "a constant" mul instrument mul.c use mul.c
same "$(profile)" "$before" "the profile after an edit that leaves all counts"
quiet "a constant"

edit src/mul.c 's/a = twice(step(a, i));/{ if (i % 3) a = twice(a); a = twice(step(a, i)); }/'
again "other counts" mul instrument mul.c use "$all"
[ "$(profile)" != "$before" ] || fail "other counts, but the same profile"

before=$(profile)
touch src/mul.c src/core.c src/sum.c
again "touched sources" "" instrument "$all" use "$all"
hasnt err merge:
same "$(profile)" "$before"

edit src/CMakeLists.txt 's/mul 1000/mul 2000/'
again "a command" mul instrument "" use "$all"
has err merge:

before=$(profile)
edit src/CMakeLists.txt 's/LEVEL=1/LEVEL=2/'
again "ENVIRONMENT" env instrument "" use ""
same "$(profile)" "$before" "the profile after an equal run"
echo two >src/input.txt
again "INPUTS" input instrument "" use ""
touch src/input.txt
again "touched INPUTS" "" instrument "" use ""
echo two >src/stdin.txt
again "STDIN" stdin instrument "" use ""
echo '"$1" 51' >src/script.sh
again "a script" script instrument "" use "$all"
echo '"$1" 53' >src/near.sh
again "a script beside the working directory's files" near instrument "" use "$all"
edit src/below/own.sh 's/54/55/'
again "a program of the source tree" own instrument "" use "$all"
echo two >src/below/data/deep/file
again "a file below a word" folder instrument "" use ""
echo two >src/value.txt
again "a file behind =" value instrument "" use ""

echo 'pgo_add_training(eleven COMMAND mul 7)' >>src/CMakeLists.txt
again "an added training" eleven instrument "" use "$all"
has err "running 1 of 16 trainings"
before=$(profile)
edit src/CMakeLists.txt 's/mul 7)/mul 7 WEIGHT 5)/'
again "a weight" "" instrument "" use "$all"
has err merge:
edit src/CMakeLists.txt '/eleven/d'
again "a training less" "" instrument "" use "$all"
has err merge:

mark
cmake -DPGO_DATASET=other build >/dev/null
again "the dataset" set instrument "" use ""
mark
driver 0 use --dataset third
same "$(trained)" set "trainings with --dataset"
driver 0 use
cmake -DFOO=ON build >/dev/null
again "an option" "mul" instrument mul.c use mul.c
cmake -DCMAKE_C_FLAGS=-DBAR build >/dev/null
again "CMAKE_C_FLAGS" "" instrument "$all" use "$all"
grep -q -e -DBAR build/pgo/use/compile_commands.json || fail "the flag did not arrive"
quiet "CMAKE_C_FLAGS"
