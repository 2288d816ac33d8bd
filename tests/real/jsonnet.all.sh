# jsonnet: an interpreter in C++, with a program on a shared library; trained on its own performance tests.
# One build of it takes two minutes.
. "$(dirname "$0")/lib.sh"
[ -e /usr/include/gtest/gtest.h ] || skip "libgtest-dev is not installed"
fetch jsonnet
unedited -DUSE_SYSTEM_GTEST=ON -DBUILD_STATIC_LIBS=OFF -DBUILD_SHARED_BINARIES=ON
cmake --build build --target stdlib >out 2>&1 || fail "a header that any build of it writes into its source"

# Held out: a program with other features of the language than the trainings.
cat >sort.jsonnet <<'END'
local words = [std.toString(i * 7919 % 1000) for i in std.range(1, 250)];
{ sorted: std.sort(words), lengths: std.map(std.length, std.uniq(std.sort(words))) }
END
optimized --train "sum=jsonnet {source}/benchmarks/bench.01.jsonnet" \
    --train "fibonacci=jsonnet {source}/benchmarks/bench.03.jsonnet" \
    --train "object=jsonnet {source}/benchmarks/gen_big_object.jsonnet" \
    --train "join=jsonnet {source}/perf_tests/large_string_join.jsonnet" \
    --train "format=jsonnetfmt {source}/stdlib/std.jsonnet" \
    --held-out "sort=jsonnet '$work/sort.jsonnet'"
tested 7 -E regression_test # half a minute
compared
untouched
