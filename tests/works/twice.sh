# One source in two objects, compiled otherwise in each: in two programs or two libraries, one trained
# or both. Nothing is held against the wrong one.
. "$(dirname "$0")/../lib.sh"
mkdir src
cat >src/shared.c <<'END'
static int step(int a) { return a % 3 ? a : -a; }
#ifdef MORE
int more(int a) { return a > 3 ? a * 2 : step(a); }
int work(int a)
{
    int sum = 0;
    while (a-- > 0)
        sum += a % 5 ? step(a) : more(a);
    return sum;
}
#else
int work(int a) { return step(a) + 1; }
#endif
END
cat >src/main.c <<'END'
int work(int);
int main(void)
{
    int sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += work(i % 10);
    return sum == 1;
}
END
# describe PARTS TRAINED [FLAGS]: PARTS is what holds the shared source.
describe() {
    start src twice
    in_meson src <<'END'
a = executable('a', 'main.c', 'shared.c')
b = executable('b', 'main.c', 'shared.c', c_args: '-DMORE')
END
    in_cmake src <<END
add_executable(a main.c)
add_executable(b main.c)
if("$1" STREQUAL "programs")
  target_sources(a PRIVATE shared.c)
  target_sources(b PRIVATE shared.c)
  target_compile_definitions(b PRIVATE MORE)
else()
  add_library(small $1 shared.c)
  add_library(large $1 shared.c)
  target_compile_definitions(large PRIVATE MORE)
  target_link_libraries(a small)
  target_link_libraries(b large)
endif()
END
    for one in $2; do
        training src $one -- $one
    done
    rm -rf build
    configure src build "flags=${3:-}"
}
for flags in "" -w; do
    describe programs "a b" $flags
    works
    has out "5 of 5 functions in 4 of 4 translation units"
    hasnt out "not counted"
    hasnt err "without their profile"
done
[ "$SYSTEM" = cmake ] || exit 0 # the rest is about compilers alone
describe programs a
works
has out "2 of 2 functions in 2 of 2 translation units" "2 translation units of programs that no training"
for kind in STATIC OBJECT; do
    describe $kind a
    works
    has out "2 of 2 functions in 2 of 2 translation units" "2 functions in no trained program"
done
describe STATIC b
works
has out "3 of 3 functions in 2 of 2 translation units" "1 function in no trained program"
