# Help names every command and every option, and the version is one line.
. "$(dirname "$0")/../lib.sh"
run 0 "$PGO" help
cp out all
has all "usage: pgo [-C DIR] COMMAND" "exit status: 0 done, 1 the work failed, 2 used wrongly, 3 a gate"
[ ! -s err ] || fail "help says something on standard error"
commands=$(sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' all)
same "$(echo $commands)" "instrument train merge use compare test check install status doctor clean flags exec help version"
for command in $commands; do
    run 0 "$PGO" help $command
    cp out one
    has one "usage: pgo [-C DIR] $command" "--directory DIR" "--jobs N"
    for way in --help -h; do
        run 0 "$PGO" $command $way
        cmp one out || fail "'$command $way' is not 'help $command'"
    done
    cat one >>each
    # No line is wider than a terminal.
    ! grep -E '^.{101}' one || fail "a line of 'help $command' is too long"
done
for way in --help -h; do
    run 0 "$PGO" $way
    cmp all out || fail "$way is not help"
done
# Every option of the source's table.
for option in $(sed -n 's/^    {"\([a-z-]*\)", .*OPT_.*/\1/p' "$PGO_ROOT"/src/opt.c); do
    has each "--$option"
done
run 0 "$PGO" help use
has out --dataset --min-match --min-coverage --max-dropped --atomic "{source} is the source directory" "{tmp}"
hasnt out --runs --stage
run 2 "$PGO" help uze
has err "unknown command 'uze'" "did you mean 'use'?"

run 0 "$PGO" version
grep -qx 'pgo [0-9]*\.[0-9]*\.[0-9]*' out || fail "not a version"
cp out version
run 0 "$PGO" --version
cmp out version || fail "--version is not version"
run 0 "$PGO" version --json
same "$(cat out)" "{\"version\": \"$(sed 's/pgo //' version)\"}"
