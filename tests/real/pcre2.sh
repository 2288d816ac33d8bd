# pcre2: a C library with generated sources, trained with its own tests and with its grep.
. "$(dirname "$0")/lib.sh"
fetch pcre2
unedited
export srcdir="$work/src" # its tests want it
copies 15 src/testdata/testoutput1 src/ChangeLog >large.txt
optimized --train-with-tests '^pcre2_test$' \
    --train "words=pcre2grep -c '\b(\w+)\s+\1\b|[a-f]+\d{2,}' {source}/ChangeLog {source}/testdata/testoutput2" \
    --held-out "large=pcre2grep -ci '(?<=\s)re[a-z]*(ing|ed)\b|(\w)\2\w+\d' '$work/large.txt'"
tested 2 -E pcre2_grep_test # pcre2grep forks, then flushes: its output's order is a race
compared
untouched
