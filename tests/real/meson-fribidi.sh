# fribidi: a shared C library whose tables are made by programs of its own, trained with its own tests (a Python
# script on its program) and with the program.
. "$(dirname "$0")/lib.sh"
fetch fribidi
meson_unedited -Ddocs=false
copies 60 src/test/test_UTF-8_persian.input src/test/test_UTF-8_reordernsm.input >train.txt
copies 3000 src/test/test_UTF-8_reordernsm.input src/README src/test/test_UTF-8_persian.input >large.txt
optimized --train-with-tests '^CapRTL|^UTF-8|^ISO' --train "text=fribidi --clean --charset UTF-8 '$work/train.txt'" \
    --held-out "large=fribidi --charset UTF-8 --nopad --levels '$work/large.txt'"
meson_tested 8
compared
untouched
