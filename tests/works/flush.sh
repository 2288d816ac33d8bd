# pgo.h: a program that leaves by _exit() has its profile by pgo_flush(), each call counted once, and
# pgo_reset() forgets the start-up; in the plain build nothing of it is left but a test of an address.
. "$(dirname "$0")/../lib.sh"
mkdir src
cat >src/serve.c <<'END'
#include "pgo.h"
#include <stdio.h>
#include <unistd.h>
static volatile int sum;
__attribute__((noinline)) void starts(int a);
void starts(int a) { for (int i = 0; i < a; i++) sum += i; }
__attribute__((noinline)) void serves(int a);
void serves(int a) { sum += a % 3 ? a : -a; }
int main(int argc, char **argv)
{
    (void)argv;
    starts(argc * 5000);
    pgo_reset();
    for (int i = 0; i < 700; i++)
        serves(i);
    pgo_flush();
    for (int i = 0; i < 77; i++)
        serves(i);
    pgo_flush();
    puts("served");
    fflush(stdout);
    _exit(0);
}
END
start src serve
target src program serve serve.c
cp "$PGO_ROOT/include/pgo.h" src
configure src build
run 0 goal build
nm build/serve >plain
! grep -E ' [TtDdBb] .*(gcov|llvm_prof)' plain || fail "something of a profile runtime is in the plain program"
run 0 build/serve
driver 0 use --train 'serve=serve'
has out "(100.0 %)"
has build/pgo/profile/*.manifest "max-count 777"
fact() {
    sed -n "s/^$1 //p" build/pgo/profile/*.manifest
}
same $(($(fact functions) - $(fact covered))) 1 "functions that did not run, which is 'starts' alone"
