# Objects of a library that no trained program was linked of do not count, though the profile has
# functions of their names: another main(), another implementation, a static function like theirs.
. "$(dirname "$0")/../lib.sh"
mkdir src
cat >src/main.c <<'END'
int work(int);
int main(int argc, char **argv)
{
    int sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += work(i % 10);
    return sum == argc;
}
END
cat >src/way.h <<'END'
__attribute__((noinline)) static int way(int a)
{
    int sum = LOOP;
    while (sum-- > 0)
        a += sum % 3 ? a : -a;
    return a;
}
END
printf '#define LOOP 3\n#include "way.h"\nint work(int a) { return way(a); }\n' >src/work.c
cat >src/other.c <<'END'
__attribute__((noinline)) static int way(int a) { return a ? a : 1; }
int work(int a)
{
    for (int i = 0; i < 9; i++)
        a = i % 2 ? way(a) : a + 1;
    return a;
}
END
cat >src/check.c <<'END'
int work(int);
int main(void)
{
    for (int i = 0; i < 10; i++)
        if (work(i) > 5000 || work(-i) < -5000)
            return 1;
    return work(4) == 5;
}
END
start src linked
target src static parts "work.c other.c check.c"
target src program main main.c parts
training src main -- main
configure src build
works
has out "3 of 3 functions in 2 of 2 translation units" "3 functions in no trained program"
hasnt err "without their profile"
