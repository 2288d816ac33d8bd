# Trainings of the command line: each attribute arrives; what is wrong is told before anything is built, and
# is not remembered.
. "$(dirname "$0")/../lib.sh"
project src
sed -i '/include(PGO)/d' src/CMakeLists.txt
cmake -S src -B build -DCMAKE_BUILD_TYPE=Release >configure.log
wrong() { # MESSAGE HINT ARGUMENT...
    message=$1
    hint=$2
    shift 2
    run 2 "$PGO" -C build use "$@"
    same "$(sed '/^  hint: /,$d' err)" "pgo: error: $message"
    same "$(sed -n 's/^  hint: //p' err)" "$hint"
}
form="wants NAME=COMMAND, a name of letters, digits and . _ + -, not"
wrong "'--train' $form 'sum'" "" --train sum
wrong "'--train' $form 's m=sum 5'" "" --train 's m=sum 5'
wrong "'--held-out' $form '=sum'" "" --held-out =sum
wrong "training 'a' has no command" "" --train 'a= '
wrong "'--train': a quote is not closed in 'sum \"5'" "" --train 'a=sum "5'
wrong "'--weight': nothing of the name 'b' was given" "given and remembered: a" \
    --train 'a=sum 5' --weight b=2
wrong "training 'a': weight must be a whole number from 1 to 1000000, not '0'" "" --train 'a=sum 5' --weight a=0
wrong "'--serial' wants the NAME of a training, not 'a=1'" "" --train 'a=sum 5' --serial a=1
wrong "'--repeat' wants N or NAME=N, N from 1 to 1000000, not 'a'" "" --train 'a=sum 5' --repeat a
wrong "'--env' wants NAME=K=V, not 'a==v'" "" --train 'a=sum 5' --env a==v
wrong "'--env' wants NAME=K=V, not 'a=K'" "" --train 'a=sum 5' --env a=K
wrong "'--forget': nothing of the name 'a' was given" "given and remembered: none" --forget a
wrong "no training is declared for '$work/build'" \
    "give one, --train 'NAME=PROGRAM ARGUMENT…', or declare one, pgo_add_training(NAME COMMAND program argument…)" \
    --exclude core
wrong "the training 'a' is given twice" "" --train 'a=sum 5' --held-out 'a=sum 6'
wrong "'--train-with-tests': a newline in 'a
b' cannot be remembered" "" --train-with-tests 'a
b'
[ ! -e build/pgo/instrument ] || fail "something was configured"

# Whether a program is a target shows when the stage is configured; nothing is built.
run 2 "$PGO" -C build use --train 'a=som 5'
has err "training 'a': the command 'som' is neither a target of the project nor a program on PATH" \
    "hint: did you mean the target 'sum'?"
run 2 "$PGO" -C build use --train 'a=/no/such/sum 5'
has err "'/no/such/sum' is neither a target of the project nor a program that can be run"
run 2 "$PGO" -C build use --train 'a=sum 5' --exclude coar
has err "'--exclude': there is no target 'coar' with code" "did you mean 'core'?"
run 2 "$PGO" -C build use --train 'a=core 5'
has err "training 'a': the target 'core' is a library, which cannot be run"
run 2 "$PGO" -C build use --train 'a=libcore.a 5'
has err "training 'a': the target 'libcore.a' is a library, which cannot be run"
run 1 "$PGO" -C build use --train 'a=sum 5' --input a=missing
has err "training 'a' needs '$work/missing', which is not there"
same "$(find build/pgo/instrument -name '*.o' -path '*.dir/*')" "" "built"
[ ! -e build/pgo/state/given ] || fail "a wrong command line is remembered"

# A target's own name stands before the file names of programs; of these, one of two is not chosen in silence.
cp -R src src3
cat >>src3/CMakeLists.txt <<'END'
foreach(name x y)
  add_executable(${name}tool sum.c)
  target_link_libraries(${name}tool core)
  set_target_properties(${name}tool PROPERTIES OUTPUT_NAME tool RUNTIME_OUTPUT_DIRECTORY ${name})
endforeach()
add_executable(named sum.c)
target_link_libraries(named core)
set_target_properties(named PROPERTIES OUTPUT_NAME mul RUNTIME_OUTPUT_DIRECTORY x)
set_target_properties(sum PROPERTIES OUTPUT_NAME only)
include(PGO)
END
configure src3 build3
run 2 "$PGO" -C build3 use --train 'a=tool 5'
has err "training 'a': the command 'tool' is the program of the targets 'xtool' and 'ytool'"     "hint: name one of these targets"
[ ! -e build3/pgo/state/given ] || fail "a wrong command line is remembered"
run 0 "$PGO" -C build3 use --train 'a=ytool 5' --train 'b=mul 5' --train 'c=only 5'
has build3/pgo/train/a/record y/tool
hasnt build3/pgo/train/b/record x/mul
run 0 "$PGO" -C build3 use --forget a
mkdir path
cp /bin/true path/tool
echo 'pgo_add_training(declared COMMAND tool 5)' >>src3/CMakeLists.txt
cmake build3 >configure.log
run 2 env PATH="$PWD/path:$PATH" "$PGO" -C build3 use
has err "training 'declared': the command 'tool' is the program of the targets 'xtool' and 'ytool'"

# Words by POSIX quoting, placeholders, and every attribute.
printf 'in\n' >input
mkdir below
cat >show.sh <<'END'
"$1/sum" 10 >/dev/null
printf '%s|' "$@" "$(cat)" "${A:-}" "$(pwd)" >>"$OUT"
echo >>"$OUT"
END
run 0 "$PGO" -C build use --train "show=sh '$PWD/show.sh' {build} 'a  b' \"c'd\" e\\ f {{x} \$HOME *" --repeat show=2 \
    --env show=A=1=2 --env "show=OUT=$PWD/seen" --stdin show=input --cwd show=below --timeout show=50 \
    --input show=input --serial show
# shellcheck disable=SC2016
same "$(sort -u seen)" "$work/build/pgo/instrument|a  b|c'd|e f|{x}|\$HOME|*|in|1=2|$work/below|"
same "$(wc -l <seen)" 2 "runs"
run 0 "$PGO" -C build use
same "$(trained)" ""
# The same given again changes nothing; another value of a variable takes the place of the old one.
run 0 "$PGO" -C build use --env show=A=1=2 --input show=input
same "$(trained)" ""
run 0 "$PGO" -C build use --env show=A=3
same "$(trained)" show
same "$(grep -c "^env A=" build/pgo/state/given)" 1
has build/pgo/state/given "env A=3"
echo more >>input
run 0 "$PGO" -C build use
same "$(trained)" "show"

# What fails says the way out; what looks like a placeholder is named.
run 1 "$PGO" -C build use --train 'fails=sh -c "exit 3"'
has err "training 'fails' failed: it exited with status 3" "hint: give it anew, --train 'fails=…', or '--forget fails'"
run 1 "$PGO" -C build use --train 'fails=sh -c "no-such-program {sorce}"'
has err "status 127" "hint: in a script the project's programs are {build}/…" \
    "'{sorce}' is no placeholder and stays as it is; did you mean '{source}'?"
run 0 "$PGO" -C build use --forget fails

# A word that is a file here, but not where the training runs.
echo echo >more.sh
run 1 "$PGO" -C build use --train 'far=sh ./show.sh' --also 'far=sh more.sh {sorce}'
has err "training 'far': './show.sh' is taken relative to the stage's build directory" \
    "training 'far': 'more.sh' is taken relative" "'{sorce}' is no placeholder"
run 0 "$PGO" -C build use --forget far
has err "forgotten: the training 'far'"
run 1 "$PGO" -C build use --input 'show={source}/nofile'
has err "training 'show' needs '$work/src/nofile', which is not there" "--train anew forgets"
run 0 "$PGO" -C build status
has out "given show" "(timeout 50, repeat 2, " "input $work/input"

# A training of a name that the project declares.
cp -R src src2
echo 'include(PGO)' >>src2/CMakeLists.txt
trainings src2
configure src2 build2
run 2 "$PGO" -C build2 use --train 'sum=sum 7'
has err "the training 'sum' is declared by the project itself" "hint: give it another name"
run 0 "$PGO" -C build2 use --train 'sum2=sum 7'
same "$(trained)" "mul sum sum2"

# Damaged: named, and left.
echo garbage >>build/pgo/state/given
run 1 "$PGO" -C build use
has err "build/pgo/state/given' is damaged at line" "hint: remove it, and give its trainings again"
