. "${0%/*}/lib.sh"

cat >a <<'end'
1 INFO start
2 WARN low disk
3 INFO tick
4 INFO tick
5 INFO tick
6 ERROR disk full
7 INFO tick
8 error repeated
9 INFO stop
end
printf 'INFO other\nERROR other' >b

expect 0 "$bin/loggrep" ERROR a
output_is <<'end'
6 ERROR disk full
end

# With several files, each line has its file's name; a last line without newline gets one.
expect 0 "$bin/loggrep" 'E(RRO)+R' a b
output_is <<'end'
a:6 ERROR disk full
b:ERROR other
end

expect 0 "$bin/loggrep" -i error a
output_is <<'end'
6 ERROR disk full
8 error repeated
end

expect 0 "$bin/loggrep" -v INFO a
output_is <<'end'
2 WARN low disk
6 ERROR disk full
8 error repeated
end

expect 0 "$bin/loggrep" -c INFO a b
output_is <<'end'
a:6
b:1
end
expect 0 "$bin/loggrep" -vc INFO a
output_is <<'end'
3
end

# Context: parted groups have a mark between them, touching ones have none.
expect 0 "$bin/loggrep" -A 1 WARN a
output_is <<'end'
2 WARN low disk
3 INFO tick
end
expect 0 "$bin/loggrep" -B1 'disk' a
output_is <<'end'
1 INFO start
2 WARN low disk
--
5 INFO tick
6 ERROR disk full
end
expect 0 "$bin/loggrep" -C 1 -i 'error' a b
output_is <<'end'
a-5 INFO tick
a:6 ERROR disk full
a-7 INFO tick
a:8 error repeated
a-9 INFO stop
--
b-INFO other
b:ERROR other
end
expect 0 "$bin/loggrep" -C 2 -B 0 'start' a
output_is <<'end'
1 INFO start
2 WARN low disk
3 INFO tick
end

# Exit status as grep, and standard input.
expect 1 "$bin/loggrep" nothing a
output_is </dev/null
expect 1 "$bin/loggrep" -c nothing a
output_is <<'end'
0
end
expect 0 "$bin/loggrep" -E stop <a
output_is <<'end'
9 INFO stop
end
expect 2 "$bin/loggrep" INFO missing b
output_is <<'end'
b:INFO other
end
error_has "cannot open 'missing': "
expect 2 "$bin/loggrep" '(' a
error_has "in the pattern '(' at character 2: missing ')'"
expect 2 "$bin/loggrep"
error_has 'no regular expression given'
expect 2 "$bin/loggrep" -A x INFO a
error_has "option '-A' needs a whole number from 0 to 100000, not 'x'"

finish
