# Counts that contradict each other, as those of threads do: GCC corrects them, and the number of functions is
# told. Here a signal clears the counters in the middle of a function, which is the same each time.
. "$(dirname "$0")/../lib.sh"
family gcc
mkdir src
cat >src/cleared.c <<'END'
#include <signal.h>
#include <sys/mman.h>
extern void __gcov_reset(void) __attribute__((weak));
static volatile int *page;
static volatile int sink;
static void fault(int sig)
{
    (void)sig;
    if (__gcov_reset)
        __gcov_reset();
    mprotect((void *)page, 4096, PROT_READ);
}
__attribute__((noinline)) void twice(int x, int y)
{
    if (x)
        sink = 1;
    else
        sink = 2;
    sink = *page;
    if (y)
        sink = 3;
    else
        sink = 4;
}
int main(int argc, char **argv)
{
    (void)argv;
    page = mmap(0, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    signal(SIGSEGV, fault);
    twice(1, argc > 1);
    return 0;
}
END
start src cleared
module src
target src program cleared cleared.c
training src once -- cleared more
configure src build
case $SYSTEM in
cmake) atomic=PGO_ATOMIC ;;
meson) atomic=pgo:atomic ;;
esac
said="warning: the counts of 1 function contradict each other, as those of threads do, or of one that calls pgo_reset(): the compiler has corrected them"
for time in first again; do
    driver 0 use
    has err "$said; $atomic ON (--atomic) counts each of a thread's, but runs slower"
done
same "$(trained)" "" "what ran $time"
driver 0 use --atomic ON
has err "$said"
hasnt err "(--atomic)"
