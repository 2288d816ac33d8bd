# Each mistake in the declarations is a fatal message that names function, word and what is valid.
. "$(dirname "$0")/../lib.sh"
project src
cp src/CMakeLists.txt lists
configure src build
# CMake breaks lines and indents them: compared without that.
fatal() { # MESSAGE LINE...
    message=$1
    shift
    cp lists src/CMakeLists.txt
    printf '%s\n' "$@" >>src/CMakeLists.txt
    if cmake build >out 2>err; then
        fail "configured: $*"
    fi
    tr -s ' \n' '  ' <err >flat
    has flat "$message"
    same "$(grep -c '^CMake Error' err)" 1 "more than one error for: $*"
}
keywords="SERIAL, HELD_OUT, PARALLEL, WEIGHT, TIMEOUT, REPEAT, WORKING_DIRECTORY, STDIN, READY_TIMEOUT, STOP_SIGNAL, GRACE, COMMAND, ENVIRONMENT, DEPENDS, INPUTS, SERVER, READY"
fatal "pgo_add_training(t): unknown argument 'WIEGHT'; valid keywords are: $keywords" \
    'pgo_add_training(t WIEGHT 3 COMMAND sum)'
fatal "pgo_add_training(t): WEIGHT wants a value; valid keywords are: $keywords" \
    'pgo_add_training(t COMMAND sum WEIGHT)'
fatal "pgo_add_training(t): COMMAND wants a value" 'pgo_add_training(t COMMAND)'
fatal "pgo_add_training(t): COMMAND is missing" 'pgo_add_training(t WEIGHT 3)'
fatal "pgo_add_training(t): COMMAND is missing" 'pgo_add_training(t)'
fatal "pgo_add_training(t): there is a training of this name already" \
    'pgo_add_training(t COMMAND sum)' 'pgo_add_training(t COMMAND mul)'
for name in 'a b' 'a/b' .hidden '' 'ä' 'a:b' '..'; do
    fatal "pgo_add_training($name): a name is made of letters, digits and . _ + -" \
        "pgo_add_training(\"$name\" COMMAND sum)"
done
for number in 0 -1 1.5 x 1000001 99999999999999999999 ' 3'; do
    fatal "pgo_add_training(t): WEIGHT must be a whole number from 1 to 1000000, not '$number'" \
        "pgo_add_training(t COMMAND sum WEIGHT \"$number\")"
done
fatal "pgo_add_training(t): REPEAT must be a whole number from 1 to 1000000, not '0'" \
    'pgo_add_training(t COMMAND sum REPEAT 0)'
fatal "pgo_add_training(t): TIMEOUT must be a whole number from 0 to 1000000, not '-5'" \
    'pgo_add_training(t COMMAND sum TIMEOUT -5)'
fatal "pgo_add_training(t): ENVIRONMENT wants NAME=VALUE, not 'A'" \
    'pgo_add_training(t COMMAND sum ENVIRONMENT B=1 A)'
fatal "pgo_add_training(t): ENVIRONMENT wants NAME=VALUE, not '=1'" \
    'pgo_add_training(t COMMAND sum ENVIRONMENT =1)'
fatal "pgo_add_training(t): a newline in 'a b' cannot be part of a training" \
    'pgo_add_training(t COMMAND sum "a
b")'
fatal "pgo_add_training(t): a newline in 'A=1 arg rm' cannot be part of a training" \
    'pgo_add_training(t COMMAND sum ENVIRONMENT "A=1
arg rm")'
fatal "cannot be part of a training" 'pgo_add_training(t COMMAND sum INPUTS "a
b")'
fatal "pgo_add_training(t): READY goes with SERVER, which is missing" \
    'pgo_add_training(t COMMAND sum READY PORT)'
fatal "pgo_add_training(t): GRACE goes with SERVER, which is missing" \
    'pgo_add_training(t COMMAND sum GRACE 3)'
for ready in 'SOKET a' 'PORT 80' 'LINE' 'SOCKET a b' 'RUN' port; do
    fatal "pgo_add_training(t): READY wants PORT, SOCKET <path>, LINE <text> or RUN <word>..., not '$ready" \
        "pgo_add_training(t COMMAND sum SERVER mul READY $ready)"
done
cp lists src/CMakeLists.txt
echo 'pgo_add_training(t COMMAND sum SERVER mul READY LINE "a;b [c")' >>src/CMakeLists.txt
run 0 cmake build
has build/pgo.plan "ready a;b [c"
fatal "pgo_add_training(t): STOP_SIGNAL must be one of TERM, INT, HUP, QUIT, USR1, USR2, not 'KILL'" \
    'pgo_add_training(t COMMAND sum SERVER mul READY LINE x STOP_SIGNAL KILL)'
fatal "pgo_add_training(t): GRACE must be a whole number from 0 to 1000000, not 'x'" \
    'pgo_add_training(t COMMAND sum SERVER mul READY LINE x GRACE x)'
fatal "pgo_add_training(t): SERVER names the target 'core', which is no executable; name the program's own target" \
    'pgo_add_training(t COMMAND sum SERVER core {port})'
fatal "pgo_add_training(t): COMMAND names the target 'core', which is no executable; name the program's own target" \
    'pgo_add_training(t COMMAND sum COMMAND core)'
fatal "pgo_add_training(t): COMMAND names the target 'core', which is no executable; name the program's own target" \
    'pgo_add_training(t COMMAND core)'
fatal "pgo_train_with_tests: unknown argument 'NAMES'; valid keywords are: REGEX, EXCLUDE, WEIGHT, LABELS" \
    'pgo_train_with_tests(NAMES x)'
fatal "pgo_train_with_tests: REGEX wants a value" 'pgo_train_with_tests(REGEX)'
fatal "pgo_train_with_tests: WEIGHT must be a whole number from 1 to 1000000, not 'x'" \
    'pgo_train_with_tests(WEIGHT x)'
fatal "cannot be part of a training" 'pgo_train_with_tests(REGEX "a
b")'
fatal "pgo_exclude_targets: no target is named" 'pgo_exclude_targets()'
fatal "pgo_exclude_targets: there is no target 'nothing'" 'pgo_exclude_targets(sum nothing)'

cp lists src/CMakeLists.txt
fatal_option() { # MESSAGE ARGUMENT...
    message=$1
    shift
    if cmake "$@" build >out 2>err; then
        fail "configured: $*"
    fi
    tr -s ' \n' '  ' <err >flat
    has flat "$message"
}
fatal_option "PGO_STAGE must be empty, 'instrument' or 'use', not 'train'" -DPGO_STAGE=train
fatal_option "PGO_STAGE 'use' wants PGO_PROFILE, the profile to use" -DPGO_STAGE=use
fatal_option "PGO_STAGE=use: pgo: error: the profile '$work/none' is not there" \
    -DPGO_STAGE=use "-DPGO_PROFILE=$work/none"
# After all of it the tree works.
cmake -DPGO_STAGE= -DPGO_PROFILE= build >/dev/null
trainings src
cmake build >/dev/null
works

# An interface library has nothing that could be excluded.
cat >>src/CMakeLists.txt <<'END'
add_library(headers INTERFACE)
pgo_exclude_targets(headers)
END
cmake build >out 2>err || fail "configuring with an excluded interface library"
tr -s ' \n' '  ' <err >flat
has flat "pgo_exclude_targets: 'headers' (INTERFACE_LIBRARY) compiles nothing itself; exclude the targets that use it"
