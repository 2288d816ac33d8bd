# `pgo merge --raw DIR --output FILE`: raw profiles of a build that pgo does not drive. Nothing is replaced
# that is no profile.
. "$(dirname "$0")/../lib.sh"
project src
for each in gcc clang; do
    family $each
    rm -rf raw new here made.profile
    mkdir here
    (
        cd here
        flags=$("$PGO" flags --stage instrument --compiler $CC --raw "$work/raw" --part compile)
        eval "$CC -O2 $flags ../src/core.c ../src/sum.c -o sum"
        ./sum 100 >/dev/null
    )
    run 0 "$PGO" merge --raw raw --output made.profile --compiler $CC
    has out "profile $work/made.profile" "functions ran" " 0 dropped"
    [ -e made.profile ] || fail "there is no profile"
    same "$(ls -d made.profile*)" made.profile "something is left"
    cp -r made.profile first

    for option in "--only x" "--profile-dir d" "--dataset full"; do
        # shellcheck disable=SC2086
        run 2 "$PGO" merge --raw raw --output made.profile --compiler $CC $option
        one_error
        has err " does not go with '--raw'"
    done
    run 2 "$PGO" merge --output made.profile
    has err "--output goes only with '--raw'"

    # What is no profile is left alone, and so are names beside the profile's.
    rm -rf kept
    mkdir kept made.profile.tmp made.profile.new
    echo 'int main(void) { return 0; }' | tee kept/main.c made.profile.tmp/main.c >made.profile.new/main.c
    run 0 "$PGO" merge --raw raw --output made.profile --compiler $CC
    for output in kept kept/. . raw; do
        run 2 "$PGO" merge --raw raw --output $output --compiler $CC
        one_error
        has err "is there already and is no profile" "hint: "
    done
    [ -f kept/main.c ] && [ -f made.profile.tmp/main.c ] && [ -f made.profile.new/main.c ] ||
        fail "a file of the user's is gone"
    [ -n "$(ls raw)" ] || fail "the raw profiles are gone"
    rm -rf made.profile.tmp made.profile.new

    # Damage is told; when nothing is left, the last good profile stays.
    printf 'damaged, and long enough to be looked at' >raw/"$(ls raw | head -1)"
    if [ $each = clang ]; then
        run 1 "$PGO" merge --raw raw --output made.profile --compiler $CC
        one_error
        has err "warning: dropped raw: " "raw profiles is usable"
        cmp made.profile first || fail "the last profile is lost"
    else
        run 0 "$PGO" merge --raw raw --output made.profile --compiler $CC
        has err "warning: dropped raw: "
        has out " 1 dropped"
    fi
    rm -rf first
done
run 2 "$PGO" merge --raw raw --output src/core.c --compiler gcc
has err "'$work/src/core.c' is there already and is no profile"
mkdir empty
run 1 "$PGO" merge --raw empty --output nothing.profile --compiler gcc
one_error
[ ! -e nothing.profile ] || fail "a profile of nothing"
run 2 "$PGO" merge --raw raw
has err "'--raw' wants '--output PATH'"
run 2 "$PGO" merge --raw nowhere --output x
has err "'nowhere' is not a directory of raw profiles"
run 2 "$PGO" merge --raw raw --output x --compiler no-such-cc
has err "the compiler 'no-such-cc' was not found"
