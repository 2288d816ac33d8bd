# Some of the trainings alone (names, --only), all of them more often (--repeat N), and what is put into
# directories of the user's (--profile-dir, --out-dir).
. "$(dirname "$0")/../lib.sh"
project src
trainings src
training src held held-out -- sum 7
configure src build
case $FAMILY in
clang) suffix=.profdata ;;
*) suffix= ;;
esac

# merged: the trainings of the newest profile.
merged() {
    sed -n 's/^training \(.*\) weight .*/\1/p' build/pgo/profile/"$(profile)".manifest | words
}

for word in smu held nothing; do
    driver 2 train $word
    one_error
    case $word in
    smu) has err "there is no training 'smu'" "hint: did you mean 'sum'?" ;;
    held) has err "'held' is held out: it is never trained on" ;;
    *) has err "hint: the trainings are: sum, mul" ;;
    esac
done
[ ! -e build/pgo/instrument ] || fail "something was configured"

driver 0 train sum
same "$(trained)" sum
has out "1 training up to date"
driver 0 use --only mul --profile-dir got --out-dir programs
same "$(trained)" mul
same "$(merged)" mul
driver 0 use
hasnt err "train: sum" "train: mul"
same "$(merged)" "sum mul"
mkdir -p build/pgo/train/other
driver 0 merge --only sum --only mul
[ ! -e build/pgo/train/other ] || fail "what is declared no more stays"
hasnt err merge:

# Twice as often is twice the counts; a training's own REPEAT is multiplied.
first=$(sed -n 's/^max-count //p' build/pgo/profile/"$(profile)".manifest)
driver 0 merge --repeat 2
same "$(trained)" "mul sum"
same "$(sed -n 's/^max-count //p' build/pgo/profile/"$(profile)".manifest)" $((2 * first))
driver 0 use
same "$(trained)" "mul sum" "what is not remembered"

driver 2 use --train 'often=sum 5' --repeat often=2000 --repeat 1000
one_error
has err "training 'often': 1000 times its 2000 runs are more than the 1000000 that can be"

# There are the programs, and the profile that they were made with.
same "$(programs/mul 100)" "$(build/pgo/use/mul 100)"
has got/profile.manifest "training mul weight 1"
[ -e "got/profile$suffix" ] || fail "no profile"
mark
sleep 0.02
driver 0 use --only mul --profile-dir got --out-dir programs
same "$(written programs)$(written got)" "" "files that were replaced by the same"
driver 0 use --profile-dir got --out-dir programs
has got/profile.manifest "training sum weight 1"
cmp programs/mul build/pgo/use/mul

ln -s build link
for place in build build/pgo/new link/pgo src .; do
    driver 2 use --out-dir $place
    one_error
    has err "'--out-dir': '$(realpath -m $place)' has the sources, the build or the stages in it"
done
driver 2 merge --profile-dir build
has err "'--profile-dir': '"

# Nothing of anybody else's is replaced.
echo mine >programs/sum
driver 2 use --out-dir programs
one_error
has err "'$work/programs/sum' is there already and was not put there by pgo" "'--out-dir'"
same "$(cat programs/sum)" mine
rm -r "got/profile$suffix"
mkdir -p got/profile$suffix/mine
driver 2 merge --profile-dir got
has err "was not put there by pgo" "'--profile-dir'"
[ -d "got/profile$suffix/mine" ] || fail "the user's directory is gone"
driver 2 merge --profile-dir src/core.c
has err "'$work/src/core.c' is not a directory"

# The project's own tests, by their names.
own_test src one sum 30
own_test src two sum 40
case $SYSTEM in
cmake) reconfigure build ;;
esac
driver 0 train --train-with-tests '^(one|two)$' --only two
same "$(trained)" two
driver 2 train ona
has err "there is no training 'ona'" "did you mean 'one'?"
highest() {
    sed -n 's/.*"name": "one".*"max": \([0-9]*\).*/\1/p' out
}
driver 0 train --json
once=$(highest)
driver 0 train --json --repeat 3
same "$(trained)" "mul one sum two"
same "$(highest)" $((3 * once)) "a test's highest count"
