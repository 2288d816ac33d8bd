# A project that nobody edited: trainings of the command line do what declared ones do, are remembered, and
# the source and the user's tree stay as they are, byte for byte.
. "$(dirname "$0")/../lib.sh"
project src
sed -i '/include(PGO)/d' src/$lists
target src late extra mul.c core
own_test src adds sum 77
configure src build
sums src >source
user_files build >tree

driver 0 use --train 'sum=sum 1000' --train "mul='$PWD/build/mul' 1000" --held-out 'other=sum 3000' \
    --weight mul=3 --env 'sum=A=b c'
has out "3 of 3 functions" "100.0 %" "build/pgo/use/sum"
same "$(trained)" "mul sum"
grep -q '^training mul weight 3$' build/pgo/profile/*.manifest || fail "the weight is not in the manifest"
same "$(sums src)" "$(cat source)" "the source"
same "$(user_files build)" "$(cat tree)" "the user's tree"

# Remembered: a second run does nothing; a new one is run alone; the same name replaces.
mark
driver 0 use
same "$(trained)" ""
same "$(written build/pgo -not -path './state/*' -not -path './log/*')" "" "a second run wrote"
driver 0 use --train 'more=extra 500' --train 'sum=sum 2000'
same "$(trained)" "more sum"
driver 0 compare --runs 1 --forget mul
has out "other *" "more"
hasnt build/pgo/profile/*.manifest "training mul"
driver 0 status
has out "given sum" "given more"
hasnt out "given mul"

# A file that a command names is an input wherever it is; what the command writes itself is none.
echo '"$1/sum" "$(cat "$2")" >"$3"; date +%N >>"$3"' >reads.sh
echo 1000 >data
driver 0 use --train "file=sh '$work/reads.sh' {build} '$work/data' '$work/written'" \
    --train "same=sh '$work/reads.sh' {build} '$work/reads.sh' '$work/written'" --serial same
same "$(trained)" "file same"
driver 0 use
same "$(trained)" ""
echo 2000 >data
driver 0 use
same "$(trained)" "file"
driver 0 use
same "$(trained)" ""
driver 0 use --forget file --forget same
same "$(trained)" ""

# The project's own tests. An expression that fits none is not remembered.
driver 2 use --train-with-tests '^nothing$'
has err "no test of the project is of the names to train with (" "^nothing$" "the tests are: adds"
driver 0 use
driver 0 use --train-with-tests '^adds$' --exclude core
same "$(trained)" "adds more sum"
! commands use | grep -e '-fprofile-use.*core\.c' || fail "an excluded target has flags"
driver 0 status
has out "given exclusion core"
driver 0 use --forget core --forget '^adds$'
has out "100.0 %"
commands use | grep -q -e '-fprofile-use.*core\.c' || fail "still excluded"
same "$(sums src)" "$(cat source)" "the source"
