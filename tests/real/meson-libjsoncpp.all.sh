# libjsoncpp: a shared C++ library, trained with its own unit tests and with its test program.
. "$(dirname "$0")/lib.sh"
fetch libjsoncpp
meson_unedited

# json N: a document of N entries.
json() {
    seq "$1" | sed -e 's|.*|{"id": &, "name": "n \\u00e9 &", "list": [&, -&.5, 1e3, true, null], "of": {"&": "a\\n\&"}},|' \
        -e '1s/^/[/' -e '$s/,$/]/'
}
json 500 >train.json
json 15000 >large.json
optimized --train-with-tests '^unittest_jsoncpp_test$' --train "rewrite=jsontestrunner '$work/train.json'" \
    --held-out "large=jsontestrunner --json-writer BuiltStyledStreamWriter '$work/large.json'"
compared
untouched
meson_tested 3 # some write into the source
