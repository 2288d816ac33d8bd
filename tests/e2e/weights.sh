# Weights and repeats are exact: WEIGHT 3 and REPEAT 3 count threefold what one run counts, in block
# counts and in value profiles (indirect calls, sizes, divisors); trainings add up.
. "$(dirname "$0")/../lib.sh"
case $FAMILY in
clang)
    major=$(clang -dumpversion)
    dump=/usr/lib/llvm-${major%%.*}/bin/llvm-profdata
    [ -x "$dump" ] || dump=llvm-profdata-${major%%.*}
    command -v "$dump" >/dev/null || dump=llvm-profdata
    need "$dump"
    ;;
gcc) need gcov-dump ;;
esac
mkdir src
cat >src/value.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int add(int a) { return a + 1; }
static int sub(int a) { return a - 1; }
static int neg(int a) { return -a; }
int (*operations[])(int) = {add, sub, neg};
static char from[64], to[64];
int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 10, a = 0;
    for (int i = 0; i < n; i++) {
        a = operations[i % 3 == 0 ? 0 : i % 5 == 0 ? 2 : 1](a);
        memcpy(to, from, (size_t)(i % 4 == 0 ? 16 : 8));
        a += i / (i % 7 == 0 ? 8 : 4) + i % (i % 7 == 0 ? 3 : 16);
    }
    printf("%d %d\n", a, to[0]);
    return 0;
}
END
start src value
target src program value value.c
cp src/$lists base

# only ATTRIBUTE...: the training `a` alone is declared.
only() {
    cp base src/$lists
    training src a "$@" -- value 100
}

# counts: one line "what count" for each count in the profile of the trainings that are declared, sorted.
counts() {
    driver 0 merge
    if [ "$FAMILY" = clang ]; then
        "$dump" show --all-functions --counts --ic-targets --memop-sizes \
            "build/pgo/profile/$(profile).profdata" >dump
        awk '/^  [^ ].*:$/ { name = $1; kind = ""; next }
            /^    [A-Z].* Results:/ { kind = $1 " " $2; next }
            /Block counts:/ { gsub(/.*\[|\]|,/, ""); for (i = 1; i <= NF; i++) print name, "block", i, $i }
            /^\t\[.*%\)$/ && kind { gsub(/[][,]/, " "); print name, kind, $1, $2, $3 }' dump
    else
        gcov-dump -l build/pgo/profile/"$(profile)"/*.gcda >dump
        awk '{ sub(/^[^ ]*.gcda: */, "") }
            /FUNCTION/ { name = $2 " " $3 " " $4; split("", site); next }
            /COUNTERS/ { kind = $(NF - 2); n = 0; next }
            /^[0-9]+: / {
                for (i = 2; i <= NF; i++) {
                    if (kind == "arcs" || kind == "average")
                        print name, kind, n, $i
                    if (kind == "topn" || kind == "indirect_call") {
                        if (left > 0) {
                            if (left-- % 2 == 0) value = $i; else print name, kind, site[kind], value, $i
                        } else if (total) {
                            total = 0; left = 2 * $i
                        } else {
                            total = 1; print name, kind, ++site[kind], "total", $i
                        }
                    }
                    n++
                }
            }' dump
    fi | sort
}

# Multiplies the last word of each line.
multiplied() {
    awk -v n="$1" '{ $NF *= n; print }' "$2"
}

only
configure src build
counts >one
grep -q ' 53$' one || fail "no count of 53: $(cat one dump)"
case $FAMILY in
clang) has one "value.c:sub 53" "Memory Intrinsic 0 16 25" ;;
gcc)
    [ "$(grep -c indirect_call one)" = 4 ] || fail "no indirect calls: $(cat one dump)"
    [ "$(grep -c topn one)" = 9 ] || fail "not all values: $(cat one dump)"
    ;;
esac
cp base src/$lists
training src b -- value 70
counts >other
for weight in 2 3 1000; do
    only weight=$weight
    counts >got
    multiplied $weight one | cmp -s - got || fail "WEIGHT $weight: $(diff one got)"
done
for repeat in 2 3; do
    only repeat=$repeat
    counts >got
    multiplied $repeat one | cmp -s - got || fail "REPEAT $repeat: $(diff one got)"
done
only repeat=2 weight=2
training src b weight=3 -- value 70
counts >got
{
    multiplied 4 one
    multiplied 3 other
} | awk '{ n = $NF; $NF = ""; sum[$0] += n } END { for (k in sum) print k sum[k] }' | sort >wanted
cmp -s wanted got || fail "two trainings: $(diff wanted got)"

# The same profile whatever the addresses, so that an equal run rebuilds nothing.
only env=A=1
counts >got
first=$(profile)
only env=A=2
counts >got
has err "train: a"
same "$(profile)" "$first" "the profile of an equal run"
