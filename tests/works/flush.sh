# pgo.h, by PGO::pgo or dependency('pgo'): a program that is killed has its profile by pgo_flush(), each
# call counted once; pgo_reset() forgets the start-up; pgo_snapshot() writes a profile of its own. In the
# plain and the optimized program nothing of it is left.
. "$(dirname "$0")/../lib.sh"
mkdir src
cat >src/serve.c <<'END'
#include <pgo.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static volatile int sum;
__attribute__((noinline)) void starts(int a);
void starts(int a) { for (int i = 0; i < a; i++) sum += i; }
__attribute__((noinline)) void serves(int a);
void serves(int a) { sum += a % 3 ? a : -a; }
__attribute__((noinline)) void told(void);
void told(void) { puts(pgo_enabled() ? "enabled" : "disabled"); }
int main(int argc, char **argv)
{
    (void)argv;
    starts(argc * 5000);
    pgo_reset();
    for (int i = 0; i < 700; i++)
        serves(i);
    pgo_snapshot("warm");
    pgo_flush();
    for (int i = 0; i < 77; i++)
        serves(i);
    pgo_snapshot("end");
    for (int i = 0; i < 23; i++)
        serves(i);
    pgo_snapshot("end");
    told();
    fflush(stdout);
    pgo_flush();
    kill(getpid(), SIGKILL);
}
END
cp src/serve.c src/serve.cc
if [ "$SYSTEM" = cmake ]; then
    start src serve C CXX
else
    start src serve c cpp
fi
target src program serve serve.c
target src program serve_cpp serve.cc
module src
in_cmake src <<'END'
target_link_libraries(serve PGO::pgo)
target_link_libraries(serve_cpp PGO::pgo)
END
if [ "$SYSTEM" = meson ]; then
    for target in serve serve_cpp; do
        more src $target "dependencies: dependency('pgo', fallback: 'pgo')"
    done
fi
# shellcheck disable=SC2016
for target in serve serve_cpp; do
    training src $target -- sh -c '"$0"; test $? = 137' "{build}/$target"
done
configure src build
run 0 goal build
run 137 build/serve
has out disabled
for program in build/serve build/serve_cpp; do
    nm $program >plain
    ! grep -E ' [TtDdBb] .*(gcov|llvm_prof|pgo_)' plain || fail "something of a runtime is in the plain program"
done
driver 0 use
has out "(100.0 %)"
has build/pgo/train/serve/log enabled
counted() {
    run 0 "$PGO" merge --raw "build/pgo/train/$1" --output merged --compiler "$CC"
    has out "highest count $2,"
    rm -rf merged
}
for target in serve serve_cpp; do
    ! nm build/pgo/use/$target | grep pgo_ || fail "something of the runtime is in the optimized program"
    counted $target/raw 800
    has out "3 of 4 functions ran" # not starts()
    counted $target/snapshot/warm 700
    counted $target/snapshot/end 100
done
