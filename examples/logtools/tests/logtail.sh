. "${0%/*}/lib.sh"

awk 'BEGIN { for (i = 1; i <= 2000; i++) print "line", i }' >a

# The end of a file.
expect 0 "$bin/logtail" --timeout 0 a
tail -n 10 a | output_is
for lines in 0 1 1234 2000 5000; do
    expect 0 "$bin/logtail" -n $lines --timeout 0 a
    tail -n $lines a | output_is
done
printf 'one\ntwo\nunfinished' >b
expect 0 "$bin/logtail" -n 2 --timeout 0 b
output_is <<'EOF'
two
unfinished
EOF

# From the start, until something.
expect 0 "$bin/logtail" --from-start --until-line 3 --timeout 20 a
head -n 3 a | output_is
expect 0 "$bin/logtail" --from-start --until '1000$' --grep '99\d$' --timeout 20 a
sed -n '/99[0-9]$/p' a | sed -n 1,10p | output_is
expect 1 "$bin/logtail" --until nothing --timeout 0.05 --interval 0.01 b
output_is <<'EOF'
one
two
unfinished
EOF

# follow FILE OPTION...: starts in the background and waits until it has printed something.
follow() {
    : >out
    "$bin/logtail" --timeout 20 --interval 0.01 "$@" >out 2>err &
    follower=$!
    tries=0
    while [ ! -s out ] && [ $tries -lt 500 ]; do
        sleep 0.02
        tries=$((tries + 1))
    done
}
followed() {
    wait $follower || fail "status $? of the follower"
}

# A line that is written in two parts is one line.
echo start >grow
follow --until end grow
printf 'two ' >>grow
sleep 0.1
printf 'parts\nend\n' >>grow
followed
output_is <<'EOF'
start
two parts
end
EOF

# A file that is replaced; what the old one still got is not lost.
echo old >log
follow --until end log
printf 'new\nend\n' >log.new
mv log log.1
printf late >>log.1
sleep 0.1
mv log.new log
followed
output_is <<'EOF'
old
late
new
end
EOF
error_has "logtail: 'log' was replaced"

# A file that is truncated.
echo 'some long first line' >cut
follow --until end cut
: >cut
sleep 0.1
printf 'short\nend\n' >>cut
followed
output_is <<'EOF'
some long first line
short
end
EOF
error_has "logtail: 'cut' was truncated"

# A file that is not there yet, and grows while it is followed.
"$bin/loggen" --lines 300 --rate 2000 --append -o grown &
expect 0 "$bin/logtail" --wait --from-start --until 'shutdown complete' --interval 0.01 --timeout 20 grown
wait $!
output_is <grown
expect 2 "$bin/logtail" --wait --timeout 0.05 --interval 0.01 missing
error_has "cannot open 'missing': "

expect 2 "$bin/logtail" missing
error_has "cannot open 'missing': "
expect 2 "$bin/logtail" .
error_has "cannot follow '.': it is not a regular file"
expect 2 "$bin/logtail" a b
error_has 'give one file to follow, not 2'
expect 2 "$bin/logtail" --until '[' a
error_has "missing ']'"
expect 2 "$bin/logtail" --timeout soon a
error_has "option '--timeout' needs a number of seconds, not 'soon'"

finish
