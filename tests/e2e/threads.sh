# PGO_ATOMIC: of calls that four threads make at once none is lost, by GCC and by Clang; and it is part of
# what a training's profile depends on.
. "$(dirname "$0")/../lib.sh"
mkdir src
cat >src/crowd.c <<'EOF'
#include <pthread.h>
#include <stdio.h>
enum { THREADS = 4, CALLS = 500000 };
static _Thread_local volatile int sum;
__attribute__((noinline)) static void call(int i) { sum += i; }
static void *work(void *argument)
{
    for (int i = 0; i < CALLS; i++)
        call(i);
    return argument;
}
int main(void)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, work, NULL))
            return 1;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    puts("done");
    return 0;
}
EOF
start src crowd
in_cmake src <<'EOF'
find_package(Threads REQUIRED)
link_libraries(Threads::Threads)
EOF
target src program crowd crowd.c
[ "$SYSTEM" = cmake ] || more src crowd "dependencies: dependency('threads')"
training src crowd -- crowd
configure src build
driver 0 use --atomic ON
has out "(100.0 %)"
has build/pgo/profile/"$(profile)".manifest "max-count 2000000"
driver 0 use --atomic ON
same "$(trained)" "" "a second run"
driver 0 use
same "$(trained)" "crowd" "without atomic counters"
