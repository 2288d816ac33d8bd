# What each training's record says: in `pgo train --json`, and in `pgo status`.
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"
need python3
mkdir src
cat >src/parts.c <<'END'
#include <stdlib.h>
__attribute__((noinline)) int shared(int a) { return a * 3; }
__attribute__((noinline)) int left(int a) { return shared(a) + 1; }
__attribute__((noinline)) int right(int a) { return shared(a) - 1; }
__attribute__((noinline)) int more(int a) { return a ? right(a) : a; }
int main(int argc, char **argv)
{
    int n = argc > 2 ? atoi(argv[2]) : 1, a = 0;
    for (int i = 0; i < n; i++)
        a += argv[1][0] == 'l' ? left(i) : more(i + 1);
    return a < 0;
}
END
start src parts
target src program parts parts.c
training src one -- parts left 10
training src two -- sh -c '"$1/parts" right 30; "$1/parts" right 30' - '{build}'
executable launch <<END
#!/bin/sh
[ ! -e "$work/failing" ] || { sleep 1; exit 1; }
exec "\$@"
END
configure src build launcher="$work/launch"

# field NAME KEY: of the training of that name in out.
field() {
    python3 -c '
import json, sys
all = json.load(open("out"))
all = all["trainings"] if isinstance(all, dict) else all
print(json.dumps([t for t in all if t["name"] == sys.argv[1]][0][sys.argv[2]]))' "$1" "$2"
}

driver 0 train --json
same "$(field one functions) $(field one only) $(field one max)" "3 1 10"
same "$(field two functions) $(field two only) $(field two max)" "4 2 60"
same "$(field one just_run) $(field two just_run)" "true true"
same "$(field one status) $(field one processes) $(field one wrote)" "0 1 1"
same "$(field two status) $(field two processes) $(field two wrote)" "0 2 2"
for key in elapsed cpu memory bytes; do
    for name in one two; do
        [ "$(field $name $key)" != null ] || fail "$key of $name is not known"
    done
done
same "$(field one bytes)" "$(find build/pgo/train/one/raw -type f -exec cat {} + | wc -c)"

training src two -- parts right 5
driver 0 train --json
same "$(field one just_run) $(field two just_run) $(field two max)" "false true 5"
driver 0 status
has out "training one             fresh; ran " " 3 functions (1 that no other ran)" " 4 functions (2 that no other ran)"
driver 0 status --json
same "$(field two only) $(field two state)" '2 "fresh"'

# Of a raw profile that cannot be read it is not known what it covers, which is no error.
training src two -- sh -c '"$1/parts" right 5; echo damaged >"$2/x.$3"' - '{build}' \
    "$work/build/pgo/train/two/new/raw" "$([ "$FAMILY" = clang ] && echo profraw || echo gcda)"
driver 0 train --json
same "$(field one functions) $(field one only)" "3 null"
same "$(field two functions) $(field two only) $(field two max)" "null null null"
driver 0 status
has out " 3 functions"
hasnt out "that no other ran"

# Nor is a damaged record.
training src two -- parts right 5
driver 0 train
head -c 30 build/pgo/train/two/covered >half
cp half build/pgo/train/two/covered
driver 0 train --json
same "$(trained)" ""
has err "covered' is damaged; what it recorded is found out again"
same "$(field two functions) $(field two only)" "4 2"

# One that ran nothing that counts is told, once.
training src idle -- parts right 0
edit src/parts.c 's/int main(int argc/__attribute__((no_profile_instrument_function)) &/'
driver 0 train
has err "warning: all counts are 0 of: idle"
driver 0 train
hasnt err "all counts"

# The time of a build that did not end is a part of that of the one that ends it.
: >failing
edit src/parts.c 's/a [*] 3/a * 5/'
driver 1 train
begun=$(sed -n 's/^build\\sbegun //p' build/pgo/state/time.instrument)
rm failing
driver 0 train
built=$(sed -n 's/^build //p' build/pgo/state/time.instrument)
awk "BEGIN { exit !($begun > 0 && $built >= $begun) }" || fail "a build of $built s, of which $begun s were before"
