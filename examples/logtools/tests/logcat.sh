. "${0%/*}/lib.sh"

printf 'one\ntwo\n' >a
printf 'three\nno newline' >b

# Files come out as they are, one after the other.
expect 0 "$bin/logcat" a b
printf 'one\ntwo\nthree\nno newline' | output_is

# Lines are numbered through all files.
expect 0 "$bin/logcat" -n a b
output_is <<'end'
     1	one
     2	two
     3	three
     4	no newline
end

# Standard input, alone and between files.
expect 0 "$bin/logcat" <a
output_is <a
expect 0 "$bin/logcat" b - <a
output_is <<'end'
three
no newlineone
two
end

# Empty files, and lines longer than any buffer.
: >empty
expect 0 "$bin/logcat" -n empty
output_is </dev/null
awk 'BEGIN { for (i = 0; i < 300000; i++) printf "x"; print ""; print "end" }' >long
expect 0 "$bin/logcat" -n long
[ "$(tail -n 1 out)" = "     2	end" ] || fail 'a long line was split'
[ "$(wc -c <out)" -eq 300019 ] || fail 'a long line was cut'

# A file that is missing does not stop the others, but is told.
expect 2 "$bin/logcat" missing a
output_is <a
error_has "logcat: error: cannot open 'missing': "
expect 2 "$bin/logcat" .
error_has "cannot read '.': "

# An output file is replaced as a whole, even by itself.
expect 0 "$bin/logcat" -n -o a a
printf '     1\tone\n     2\ttwo\n' | cmp -s - a || fail 'the output file was not written'
expect 0 "$bin/logcat" -o /dev/null a
expect 2 "$bin/logcat" -o missing/out a
error_has "cannot write 'missing/out': "
"$bin/logcat" -o c missing b 2>&-
cmp -s b c || fail 'an error message went to the output file'
[ -z "$(ls ./*.tmp 2>/dev/null)" ] || fail 'a temporary file was left'

finish
