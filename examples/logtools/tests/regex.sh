. "${0%/*}/lib.sh"

# yes REGEX LINE... and no REGEX LINE...: the lines that match, and those that do not.
check() {
    wanted=$1
    regex=$2
    shift 2
    for line; do
        printf '%s\n' "$line" | "$bin/loggrep" -c "$regex" >out 2>err
        got=$?
        [ "$got" -eq "$wanted" ] || fail "'$regex' on '$line': status $got, not $wanted"
    done
}
yes() { check 0 "$@"; }
no() { check 1 "$@"; }

yes '' '' 'a'
yes 'abc' 'abc' 'xxabcxx' 'ababc'
no 'abc' '' 'ab' 'abxc'
yes 'a.c' 'abc' 'a c'
no 'a.c' 'ac'
yes 'ab*c' 'ac' 'abbbc'
no 'ab+c' 'ac' 'adc'
yes 'ab+c' 'abc' 'abbc'
yes '^ab?c$' 'ac' 'abc'
no '^ab?c$' 'abbc'
yes '^(ab|cd)+$' 'ab' 'cdab'
no '^(ab|cd)+$' '' 'abc'
yes 'a||b' 'x'
yes '^(a*)*$' '' 'aaa'
no '^(a*)*$' 'b'
yes '^a{2}$' 'aa'
no '^a{2}$' 'a' 'aaa'
yes '^a{2,}$' 'aa' 'aaaa'
no '^a{2,}$' 'a'
yes '^(ab){1,2}$' 'ab' 'abab'
no '^(ab){1,2}$' '' 'ababab'
yes 'a{0}b' 'b'
yes 'a{x' 'a{x'
yes '[abc]x' 'bx'
no '[^abc]x' 'bx' 'x'
yes '[^abc]x' 'dx'
yes '^[a-cX-Z0]+$' 'abXY0'
no '^[a-cX-Z0]+$' 'd' '1'
yes '^[]a]+$' ']a]'
yes '^[^]a]$' 'b'
yes '^[a-]$' '-'
yes '^[\d\]_]+$' '12]_'
yes '^\d\D\w\W\s\S$' '1ax. x'
no '^\d$' 'a'
yes 'a\.b\*\\' 'a.b*\'
no 'a\.b' 'axb'
yes 'a\tb' 'a	b'
yes '\bcat\b' 'cat' 'a cat.' '(cat)'
no '\bcat\b' 'cats' 'concat' 'cat_'
yes '\Bcat' 'concat'
no '\Bcat' 'a cat'
yes '^$' ''
no '^$' ' '
yes 'x$|^y' 'ax' 'yb'
no 'x$|^y' 'xa' 'by'
no 'a^b' 'ab' 'a^b'
yes 'a\^b' 'a^b'
yes '\d{1,3}(\.\d{1,3}){3}' 'from 10.20.3.4 to' '1.1.1.1'
no '^\d{1,3}(\.\d{1,3}){3}$' '10.20.3' '1234.1.1.1'
yes 'Müller|Größe' 'die Größe'

# A pattern that would take other engines exponential time.
line=$(awk 'BEGIN { for (i = 0; i < 40; i++) printf "a"; print "b" }')
no '^(a|aa|a*)*$' "$line"
no '^(a?){40}a{41}$' "$line"

# One with more states than the matcher keeps.
awk 'BEGIN { srand(1); for (i = 0; i < 200; i++) { for (j = 0; j < 200; j++)
    printf rand() < 0.5 ? "a" : "b"; print "" } }' >random
for regex in 'a.{14}a.{14}b' 'a.{60}a.{60}bb' '(a|b)*a.{15}b$'; do
    expected=$(grep -cE "$regex" random)
    got=$("$bin/loggrep" -c "$regex" random)
    [ "$got" = "$expected" ] || fail "'$regex' matched $got lines, not $expected"
done

# wrong REGEX REASON
wrong() {
    expect 2 "$bin/loggrep" "$1" /dev/null
    error_has "$2"
}
wrong 'a)' "')' without '('"
wrong '*a' 'there is nothing to repeat'
wrong 'a|+' 'there is nothing to repeat'
wrong '[a' "missing ']'"
wrong '[b-a]' 'not a range'
wrong '[\d-z]' 'not a range'
wrong '[[:digit:]]' 'written \d, \w or \s'
wrong 'a\' "nothing follows the '\\'"
wrong '\q' 'unknown letter'
wrong 'a{2,1}' 'not a repetition'
wrong 'a{2000}' 'more than 1000 times'
wrong '(a{1000}){1000}' 'is too large'
wrong "$(awk 'BEGIN { for (i = 0; i < 300; i++) printf "(" }')" 'too many groups in groups'
expect 1 "$bin/loggrep" '(((){1000}){1000}){1000}x' /dev/null

finish
