# A signal may come inside of malloc, in any thread: the profile is written all the same, and nothing
# hangs. ROUNDS kills of a program with 4 threads that allocate.
. "$(dirname "$0")/../lib.sh"
mkdir src
cat >src/busy.c <<'END'
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static void *works(void *arg)
{
    void *kept[64] = {NULL};
    for (unsigned i = 0;; i++) {
        free(kept[i % 64]);
        kept[i % 64] = malloc(16 + i * 37 % 5000);
        if (i % 100 == 0) {
            FILE *file = fopen("/dev/null", "w");
            fprintf(file, "%u %s\n", i, (char *)arg);
            fclose(file);
        }
    }
    return NULL;
}
int main(int argc, char **argv)
{
    pthread_t threads[4];
    if (argc < 2)
        return 0;
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, works, argv[1]);
    return pthread_join(threads[0], NULL);
}
END
start src busy
target src program busy busy.c
in_cmake src <<'END'
target_link_libraries(busy pthread)
END
[ "$SYSTEM" = cmake ] || more src busy "dependencies: dependency('threads')"
configure src build
run 0 "$PGO" -C build instrument
mkdir -p train/raw
PGO_RAW="$work/train/raw"
GCOV_PREFIX=$PGO_RAW
GCOV_PREFIX_STRIP=99
export PGO_RAW GCOV_PREFIX GCOV_PREFIX_STRIP
busy=build/pgo/instrument/busy
n=0
while [ $n -lt "${ROUNDS:-100}" ]; do
    n=$((n + 1))
    got=0
    timeout --preserve-status -k 20 0.00$((n % 9 + 1)) "$busy" x || got=$?
    same $got 143 "the status in round $n, 137 if it hung, is"
done
started=$(grep -c + train/processes)
# timeout kills twice, itself and by its group: a second thread may write what is left
same "$(grep -e - train/processes | sort -u | wc -l)" "$started" "profiles of $started processes"
[ "$started" -gt $((n / 2)) ] || fail "only $started of $n had started"
