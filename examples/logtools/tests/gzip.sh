. "${0%/*}/lib.sh"

"$bin/loggen" --lines 5000 -o a
"$bin/loggen" --lines 5 -o b
gzip -kn a b

# Every program reads compressed files as it reads plain ones.
expect 0 "$bin/logcat" a.gz b.gz
cat a b | output_is
expect 0 "$bin/logcat" -n <a.gz
"$bin/logcat" -n a | output_is
expect 0 "$bin/loggrep" -c ERROR a.gz
"$bin/loggrep" -c ERROR a | output_is
expect 0 "$bin/logmap" 'select level, count(*) from a.gz group by level'
"$bin/logmap" 'select level, count(*) from a group by level' | output_is

# Several members in one file, and a file too short to be anything.
cat a.gz b.gz >both.gz
expect 0 "$bin/logcat" both.gz
cat a b | output_is
printf '\037' >short
expect 0 "$bin/logcat" short
output_is <short

# Broken ones are told.
head -c 1000 a.gz >cut.gz
expect 2 "$bin/logcat" cut.gz
error_has "cannot read 'cut.gz': its gzip data ends too early"
{ head -c 1000 a.gz; echo rubbish; tail -c +1009 a.gz; } >damaged.gz
expect 2 "$bin/logcat" damaged.gz
error_has "cannot read 'damaged.gz': its gzip data is damaged"

finish
