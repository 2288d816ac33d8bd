# ninja: a C++ program on two static libraries. Its trainings are builds; held out is a dry run of a larger
# graph with other words in it.
. "$(dirname "$0")/lib.sh"
fetch ninja-build
unedited

# graph DIRECTORY N: a build file of N objects, linked by the hundred.
graph() {
    mkdir "$1"
    : >"$1/in.c"
    cat >"$1/build.ninja" <<'END'
flags = -O2 -Wall
rule cc
  command = : $flags -c $in -o $out
  description = CC $out
rule link
  command = : $in -o $out
END
    seq "$2" | awk '{
        printf "build %d/object%d.o: cc in.c | in.c || headers\n  flags = $flags -DNAME=%d\n", $1 / 100, $1, $1
        line = line sprintf(" %d/object%d.o", $1 / 100, $1)
        if ($1 % 100 == 0) { printf "build program%d: link%s\n", $1, line; line = "" }
    } END { print "build headers: phony" }' >>"$1/build.ninja"
}
graph small 3000
graph large 20000
optimized --train "dry=ninja -C '$work/small' -n" --train "query=ninja -C '$work/small' -t graph" \
    --train "commands=ninja -C '$work/small' -t commands" \
    --held-out "large=ninja -C '$work/large' -n -d explain" --held-out "rules=ninja -C '$work/large' -t targets all"
tested 1
compared
untouched
