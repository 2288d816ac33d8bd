# cmark: a small program in C, trained on its own samples.
. "$(dirname "$0")/lib.sh"
need python3
fetch cmark
unedited
copies 60 src/changelog.txt src/README.md >large.md
optimized --train "html=cmark $(echo src/bench/samples/*.md | sed 's|src/|{source}/|g')" \
    --train 'man=cmark -t man {source}/test/spec.txt' \
    --train 'round=cmark -t commonmark {source}/test/spec.txt' \
    --held-out "large=cmark --smart '$work/large.md'"
tested 9
compared
untouched
