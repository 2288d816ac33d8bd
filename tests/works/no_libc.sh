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
target src static freestanding twice.c
target src program bare bare.c freestanding
in_cmake src <<'END'
target_link_options(bare PRIVATE -nostdlib -static)
foreach(target freestanding bare)
  target_compile_options(${target} PRIVATE -ffreestanding -fno-stack-protector)
endforeach()
END
if [ "$SYSTEM" = meson ]; then
    more src bare "link_args: ['-nostdlib', '-static']"
    for target in bare freestanding; do
        more src $target "c_args: ['-ffreestanding', '-fno-stack-protector']"
    done
fi
exclude src bare freestanding
configure src build
works
has out "3 of 3 functions in 3 of 3 translation units"
hasnt err bare freestanding
for stage in instrument use; do
    run 42 build/pgo/$stage/bare
    ! commands $stage | grep 'twice\.c\|bare\.c' | grep -q -e -fprofile-generate -e -fprofile-use ||
        fail "flags for an excluded target"
done
