# What a change makes stale, and nothing else: files, trainings, profile.
. "$(dirname "$0")/../lib.sh"
project src
module src
option src mul FOO
trainings src
training src env env=LEVEL=1 -- sum 100
training src input input=input.txt -- sum 101
training src stdin stdin=stdin.txt -- sum 102
training src set -- sum 103 '{dataset}'
training src script -- sh '{source}/script.sh' '{build}/sum'
training src near cwd='{source}' -- sh near.sh '{build}/sum'
training src folder cwd='{source}' -- sum 104 below/data ''
training src value -- sum 105 '--in={source}/value.txt'
training src all cwd='{source}' -- sum 106 '{source}' ../src .
training src served server='sh {source}/serve.sh {build}/sum' ready='command sh {source}/check.sh' \
    also='sh {source}/more.sh' -- sum 107
for i in 1 2 3; do
    training src t$i -- sum 11$i
done
echo one >src/input.txt
echo one >src/stdin.txt
echo '"$1" 50' >src/script.sh
echo '"$1" 52' >src/near.sh
echo 'trap exit TERM; "$1" 50; : >up; while :; do sleep 0.02; done' >src/serve.sh
echo '[ -e up ]' >src/check.sh
echo 'rm up' >src/more.sh
mkdir -p src/below/data/deep
executable src/below/own.sh <<'END'
#!/bin/sh
"$1" 54
END
in_cmake src <<'END'
pgo_add_training(own COMMAND ./own.sh $<TARGET_FILE:sum> WORKING_DIRECTORY "{source}/below")
END
in_meson src <<'END'
benchmark('own', find_program('below/own.sh'), args: [sum], suite: 'pgo')
END
echo one >src/below/data/deep/file
echo one >src/value.txt
configure src build
driver 0 use
same "$(trained)" "all env folder input mul near own script served set stdin sum t1 t2 t3 value"

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

training src mul -- mul 2000
again "a command" mul instrument "" use "$all"
has err merge:

before=$(profile)
training src env env=LEVEL=2 -- sum 100
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

for each in serve check more; do
    echo '# edited' >>src/$each.sh
    again "the script $each.sh" served instrument "" use ""
done
training src served server='sh {source}/serve.sh {build}/sum' ready='command sh {source}/check.sh again' \
    also='sh {source}/more.sh' -- sum 107
again "READY" served instrument "" use ""

training src eleven -- mul 7
again "an added training" eleven instrument "" use "$all"
has err "running 1 of 17 trainings"
before=$(profile)
training src eleven weight=5 -- mul 7
again "a weight" "" instrument "" use "$all"
has err merge:
withdraw src eleven
again "a training less" "" instrument "" use "$all"
has err merge:

mark
reconfigure build dataset=other
again "the dataset" set instrument "" use ""
mark
driver 0 use --dataset third
same "$(trained)" set "trainings with --dataset"
driver 0 use
reconfigure build FOO=ON
again "an option" "mul" instrument mul.c use mul.c
reconfigure build flags=-DBAR
again "compiler flags" "" instrument "$all" use "$all"
commands use | grep -q -e -DBAR || fail "the flag did not arrive"
quiet "compiler flags"
