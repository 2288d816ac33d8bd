# What the tests share. A test is called with the folder of the programs and a folder to work in,
# and sources this. It goes on after a failed check, and fails at the end.

set -u
bin=$1
rm -rf "$2"
mkdir -p "$2"
cd "$2" || exit 1

# Kept in a file, since a check at the end of a pipe runs in a shell of its own.
fail() {
    echo "FAILED: $*" | tee -a failed
}

# expect STATUS COMMAND...: runs it. Its output goes to ./out, its errors to ./err.
expect() {
    wanted=$1
    shift
    "$@" >out 2>err
    got=$?
    [ "$got" -eq "$wanted" ] && return
    fail "status $got, not $wanted, from: $*"
    sed 's/^/    /' err
}

# output_is: compares ./out with standard input.
output_is() {
    cat >wanted
    cmp -s wanted out && return
    fail "other output than expected (<) was printed (>):"
    diff wanted out
}

# error_has TEXT: TEXT stands in ./err.
error_has() {
    grep -qF -e "$1" err && return
    fail "the error does not say: $1"
    sed 's/^/    /' err
}

finish() {
    [ ! -e failed ]
    exit
}
