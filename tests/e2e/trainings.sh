# Each attribute of a training does what the manual says, and programs, libraries and modules that a
# training runs in whatever way get their profiles.
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
cat >src/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(attributes C)
add_executable(show show.c)
add_executable(late EXCLUDE_FROM_ALL show.c)
add_library(shared SHARED shared.c)
add_library(module MODULE module.c)
target_link_libraries(module shared)
add_executable(host host.c)
target_link_libraries(host ${CMAKE_DL_LIBS})
include(PGO)
get_filename_component(log "${CMAKE_SOURCE_DIR}/../log" ABSOLUTE)
pgo_add_training(words
  COMMAND show "${log}/words" "two words" "it's" "a \"quote\"" "$HOME \$x" "a;b" "" "*" "back\\slash" "-x" "#"
          "$<IF:1,yes,no>" "{{build}" "{other}" "%PATH%" "last"
  ENVIRONMENT "LEVEL=a b;c" "OTHER={dataset}" WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
pgo_add_training(places COMMAND show "${log}/places" "{build}" "{source}" "{dataset}" "{tmp}" STDIN words.txt)
pgo_add_training(tmp COMMAND sh -c "echo hello >\"{tmp}/file\" && ./show \"${log}/tmp\" <\"{tmp}/file\"")
pgo_add_training(again COMMAND show "${log}/again" REPEAT 3 STDIN words.txt)
pgo_add_training(held COMMAND show "${log}/held" HELD_OUT)
pgo_add_training(late COMMAND sh -c "./late \"${log}/late\"" DEPENDS late)
pgo_add_training(script COMMAND sh ${CMAKE_SOURCE_DIR}/run.sh {build} "${log}/script" "${CMAKE_SOURCE_DIR}/words.txt")
pgo_add_training(module COMMAND host $<TARGET_FILE:module>)
foreach(i RANGE 1 2)
  pgo_add_training(beside${i} COMMAND sh ${CMAKE_SOURCE_DIR}/overlap.sh "${log}/beside" $<TARGET_FILE:show>)
  pgo_add_training(alone${i} SERIAL COMMAND sh ${CMAKE_SOURCE_DIR}/overlap.sh "${log}/alone" $<TARGET_FILE:show>)
endforeach()
END
if command -v python3 >/dev/null; then
    echo 'pgo_add_training(python COMMAND python3 ${CMAKE_SOURCE_DIR}/run.py $<TARGET_FILE:show> "${log}/python")' \
        >>src/CMakeLists.txt
fi
configure src build
mkdir log
HOME=/nowhere driver 0 use -j 4
has out "(100.0 %)" "in 4 of 4 translation units"
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
HOME=/nowhere cmake --build build --target pgo-quick >out 2>err || fail "pgo-quick"
has log/places "<quick>"
same "$(trained)" "places words" "trainings that use {dataset}"

# A time limit.
cat >>src/CMakeLists.txt <<'END'
pgo_add_training(endless COMMAND sh -c "./show /dev/null; sleep 60" TIMEOUT 1)
END
start=$(date +%s)
driver 1 use
[ $(($(date +%s) - start)) -lt 20 ] || fail "stopped late"
one_error
has err "training 'endless' was stopped at its time limit of 1 s" "hint:" TIMEOUT
wait_for nothing_left
edit src/CMakeLists.txt 's/; sleep 60" TIMEOUT 1/; exit 3"/'
driver 1 use
one_error
has err "training 'endless' failed: it exited with status 3"
same "$(trained)" "" "trainings that were done already"
