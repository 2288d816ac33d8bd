# A program without a C library, beside normal ones: excluded by pgo_exclude_targets, it is built and
# linked as ever.
. "$(dirname "$0")/../lib.sh"
[ "$(uname -m)" = x86_64 ] || skip "the program's system call is for x86_64"
project src
trainings src
cat >src/bare.c <<'END'
int twice(int a);
void _start(void);
void _start(void)
{
    __asm__ volatile("syscall" : : "a"(60), "D"(twice(21)) : "rcx", "r11", "memory");
    for (;;)
        ;
}
END
echo 'int twice(int a); int twice(int a) { return a > 3 ? a * 2 : a; }' >src/twice.c
cat >>src/CMakeLists.txt <<'END'
add_library(freestanding STATIC twice.c)
add_executable(bare bare.c)
target_link_libraries(bare freestanding)
target_link_options(bare PRIVATE -nostdlib -static)
foreach(target freestanding bare)
  target_compile_options(${target} PRIVATE -ffreestanding -fno-stack-protector)
endforeach()
pgo_exclude_targets(bare freestanding)
END
configure src build
works
has out "3 of 3 functions in 3 of 3 translation units"
hasnt err bare freestanding
for stage in instrument use; do
    run 42 build/pgo/$stage/bare
    ! grep 'twice\.c\|bare\.c' build/pgo/$stage/compile_commands.json | grep -q fprofile ||
        fail "flags for an excluded target"
done
