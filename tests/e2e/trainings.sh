# Each attribute of a training does what the manual says, and programs, libraries and modules that a
# training runs in whatever way get their profiles.
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"
mkdir src
cat >src/show.c <<'END'
/* show FILE WORD...: writes what it was given to FILE. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv)
{
    char where[4096];
    FILE *out = argc > 1 ? fopen(argv[1], "a") : NULL;
    int c;
    if (!out || !getcwd(where, sizeof(where)))
        return 1;
    fprintf(out, "where=%s\n", where);
    fprintf(out, "LEVEL=%s\n", getenv("LEVEL") ? getenv("LEVEL") : "");
    for (int i = 2; i < argc; i++)
        fprintf(out, "<%s>\n", argv[i]);
    while ((c = getchar()) != EOF)
        putc(c, out);
    return fclose(out) != 0;
}
END
echo 'int shared(int a) { return a > 2 ? a * 3 : a; }' >src/shared.c
echo 'int shared(int); int module(int a) { return a % 2 ? shared(a) : a; }' >src/module.c
cat >src/host.c <<'END'
#include <dlfcn.h>
#include <stdio.h>
int main(int argc, char **argv)
{
    void *handle = dlopen(argv[1], RTLD_NOW);
    int (*function)(int) = handle ? (int (*)(int))dlsym(handle, "module") : NULL;
    if (!function)
        return 1;
    for (int i = 0; i < 100; i++)
        argc += function(i);
    printf("%d\n", argc);
    return argc > 3 ? dlclose(handle) : 1;
}
END
echo "hello standard input" >src/words.txt
echo '"$1/show" "$2" script <"$3"' >src/run.sh
cat >src/run.py <<'END'
import subprocess, sys
subprocess.run([sys.argv[1], sys.argv[2], "python"], check=True, stdin=subprocess.DEVNULL)
END
cat >src/overlap.sh <<'END'
# overlap.sh FILE PROGRAM: notes when it starts and ends.
date +"start %s%N" >>"$1"
"$2" /dev/null
sleep 0.5
date +"end %s%N" >>"$1"
END
log=$work/log
start src attributes
target src program show show.c
target src late late show.c
target src shared shared shared.c
target src module module module.c shared
target src program host host.c
case $SYSTEM in
cmake) yes='$<IF:1,yes,no>' units=4 ;;
meson) yes=yes units=5 ;; # what benchmarks depend on is built in each stage
esac
training src words env='LEVEL=a b;c' env='OTHER={dataset}' cwd='{source}' -- show "$log/words" "two words" "it's" \
    'a "quote"' '$HOME $x' 'a;b' '' '*' 'back\slash' -x '#' "$yes" '{{build}' '{other}' '%PATH%' last
training src places stdin=words.txt -- show "$log/places" '{build}' '{source}' '{dataset}' '{tmp}'
training src tmp -- sh -c "echo hello >\"{tmp}/file\" && ./show \"$log/tmp\" <\"{tmp}/file\""
training src again repeat=3 stdin=words.txt -- show "$log/again"
training src held held-out -- show "$log/held"
training src late depends=late -- sh -c "./late \"$log/late\""
training src script -- sh '{source}/run.sh' '{build}' "$log/script" '{source}/words.txt'
training src module -- host '{build}/libmodule.so'
for i in 1 2; do
    training src beside$i -- sh '{source}/overlap.sh' "$log/beside" '{build}/show'
    training src alone$i serial -- sh '{source}/overlap.sh' "$log/alone" '{build}/show'
done
! command -v python3 >/dev/null || training src python -- python3 '{source}/run.py' '{build}/show' "$log/python"
configure src build
mkdir log
HOME=/nowhere driver 0 use -j 4
has out "(100.0 %)" "in $units of $units translation units"
hasnt err "no training ran"

cat >wanted <<END
where=$work/src
LEVEL=a b;c
<two words>
<it's>
<a "quote">
<\$HOME \$x>
<a;b>
<>
<*>
<back\\slash>
<-x>
<#>
<yes>
<{build}>
<{other}>
<%PATH%>
<last>
END
diff wanted log/words || fail "words arrived otherwise"
has log/places "where=$work/build/pgo/instrument" "<$work/build/pgo/instrument>" "<$work/src>" "<full>" "hello standard input"
grep -q "^<$work/build/pgo/scratch/tmp/places>" log/places || fail "{tmp}: $(cat log/places)"
[ ! -e build/pgo/scratch/tmp/places ] || fail "{tmp} stays"
has log/tmp hello
same "$(grep -c where= log/again)" 3 "runs of REPEAT 3"
[ ! -e log/held ] || fail "HELD_OUT was run"
has log/late where=
has log/script "<script>" "hello standard input"
! command -v python3 >/dev/null || has log/python "<python>"

# Two at a time where nothing forbids it; SERIAL ones never.
same "$(sort -k 2n log/beside | sed 's/ .*//' | words)" "start start end end" "trainings beside each other"
same "$(sort -k 2n log/alone | sed 's/ .*//' | words)" "start end start end" "SERIAL trainings"
first=$(sed -n 's/^start //p' log/alone | sort -n | head -n 1)
last=$(sed -n 's/^end //p' log/beside | sort -n | tail -n 1)
[ "$first" -gt "$last" ] || fail "a SERIAL training ran beside others"

# The same result by the target for quick runs; {dataset} is another one.
rm log/places
case $SYSTEM in
cmake) HOME=/nowhere goal build pgo-quick >out 2>err || fail "pgo-quick" ;;
meson) HOME=/nowhere driver 0 use --dataset quick ;;
esac
has log/places "<quick>"
same "$(trained)" "places words" "trainings that use {dataset}"

# A time limit.
training src endless timeout=1 -- sh -c "./show /dev/null; sleep 60"
start=$(date +%s)
driver 1 use
[ $(($(date +%s) - start)) -lt 20 ] || fail "stopped late"
one_error
has err "training 'endless' was stopped at its time limit of 1 s" "hint:" "(--timeout)"
wait_for nothing_left
training src endless -- sh -c "./show /dev/null; exit 3"
driver 1 use
one_error
has err "training 'endless' failed: it exited with status 3"
same "$(trained)" "" "trainings that were done already"
