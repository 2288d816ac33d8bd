# A build that runs a program that it has built (a code generator): nothing is written into the user's trees, what the
# program records then is in no training, and the code that it makes is profiled.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
cat >src/gen.c <<'END'
#include <stdio.h>
static int only_here(int i) { return i % 7 ? i : 1; }
int main(int argc, char **argv)
{
    long sum = 0;
    FILE *f = fopen(argv[1], "w");
    for (int i = 0; i < 5000; i++)
        sum += only_here(i);
    fprintf(f, "long made(long a) { return a %% 3 ? a + %ld : a; }\n", sum % 10);
    return argc != 2 || fclose(f);
}
END
in_cmake src <<'END'
add_executable(gen gen.c)
add_custom_command(OUTPUT made.c COMMAND gen made.c VERBATIM)
target_sources(core PRIVATE made.c)
END
[ "$SYSTEM" = cmake ] || edit src/meson.build "s|^core = static_library('core'|gen = executable('gen', 'gen.c')\\n\
made = custom_target(output: 'made.c', command: [gen, '@OUTPUT@'])\\n&, made|"
sed -i 's/a = step(a, i)/a = made(step(a, i))/; 1i long made(long);' src/sum.c
configure src build
sums src >sources
driver 0 use
has out "(100.0 %)" "built there too, but no training ran: gen"
has err "no training ran: gen"
sums src | diff sources - || fail "something was written into the source tree"
same "$(find build src -name '*.gcda' ! -path 'build/pgo/train/*' ! -path 'build/pgo/profile/*')" ""
same "$(find build src -name '*.profraw' ! -path 'build/pgo/train/*')" ""
same "$(find build/pgo/train -name '*gen.c*')" ""
! grep -rqa only_here build/pgo/train/*/raw || fail "the generator's run is in a training"
[ ! -e build/pgo/scratch/build ] || fail "the scratch place was left"
