# A project that compiles with -w hears nothing from the compiler: the match is measured all the same.
. "$(dirname "$0")/../lib.sh"
for each in gcc clang; do
    family $each
    ready flags=-w
    works
    has out "3 of 3 functions in 3 of 3 translation units"
done
