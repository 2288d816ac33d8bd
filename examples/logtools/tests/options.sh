. "${0%/*}/lib.sh"

# What holds for every program.
for program in logcat loggrep logmap logtail logserve logclient loggen; do
    expect 0 "$bin/$program" --help
    grep -q "^Usage: $program " out || fail "$program --help does not tell the usage"
    [ "$(awk 'length > 90' out)" ] && fail "$program --help has long lines"
    expect 0 "$bin/$program" -V
    echo "$program (logtools) 1.0.0" | output_is
    expect 2 "$bin/$program" --halp
    error_has "$program: error: unknown option '--halp'"
    error_has "did you mean '--help'?"
    expect 2 "$bin/$program" --nothing-like-it
    error_has "'$program --help' lists the options"
    expect 2 "$bin/$program" -Z
    error_has "unknown option '-Z'"
    expect 2 "$bin/$program" --help=much
    error_has "option '--help' takes no argument"
done

# Arguments of options, options after operands, and operands that look like options.
echo text >-n
expect 0 "$bin/logcat" -- -n
output_is <-n
expect 0 "$bin/logcat" ./-n -n
printf '     1\ttext\n' | output_is
expect 0 "$bin/loggen" --lines=1 -s3 -fcsv
[ "$(wc -l <out)" -eq 2 ] || fail 'other options than given'
expect 2 "$bin/loggen" --lines
error_has "option '--lines' needs an argument: N"
expect 2 "$bin/loggen" -s
error_has "option '-s' needs an argument: N"

# Output that cannot be written is an error; a closed pipe is a quiet one.
"$bin/loggen" --lines 100 -o data
set_of_writers() {
    "$1" "$bin/logcat" data
    "$1" "$bin/logcat" -n data
    "$1" "$bin/loggrep" . data
    "$1" "$bin/logmap" 'select count(*) from data'
    "$1" "$bin/logtail" --timeout 0 data
    "$1" "$bin/loggen"
    "$1" "$bin/logcat" --help
}
to_full() {
    "$@" >/dev/full 2>err
    [ $? -eq 2 ] || fail "no status 2 after /dev/full from $*"
    error_has "cannot write 'standard output': "
}
to_nowhere() {
    "$@" >&- 2>err
    [ $? -eq 2 ] || fail "no status 2 with standard output closed from $*"
    error_has "cannot write 'standard output': "
}
to_closed_pipe() {
    { sleep 0.1; "$@" 2>err; echo $? >status; } | :
    [ "$(cat status)" -eq 2 ] || fail "no status 2 after a closed pipe from $*"
    [ -s err ] && fail "a closed pipe is not quiet from $*"
}
if [ -c /dev/full ]; then
    set_of_writers to_full
    expect 2 "$bin/logcat" -o /dev/full data
    error_has "cannot write '/dev/full': "
fi
set_of_writers to_nowhere
set_of_writers to_closed_pipe

finish
