# serd: a C library, trained with its own tests, among them ones with names like options, and with its program.
. "$(dirname "$0")/lib.sh"
fetch serd
meson_unedited -Ddocs=disabled

# turtle N: statements on N things.
turtle() {
    echo '@prefix x: <http://example.org/> .'
    seq "$1" | sed 's|.*|x:a& a x:Thing ; x:name "name \\"&\\" \\u00e9"@en ; x:of x:a1 , [ x:n & ; x:list ( 1 2.5 true ) ] .|'
}
turtle 400 >train.ttl
turtle 20000 >large.ttl
optimized --train-with-tests . --train "to-turtle=serdi -o turtle '$work/train.ttl'" \
    --held-out "large=serdi -o ntriples '$work/large.ttl'"
meson_tested 20
compared
untouched
