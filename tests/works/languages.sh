# Fortran and assembler beside C in one project: a Fortran program and one whose start is assembler,
# both linked with an instrumented C library, which has a file of assembler that is called C.
. "$(dirname "$0")/../lib.sh"
need gfortran
[ "$(uname -m)" = x86_64 ] || skip "the assembler is for x86_64"
mkdir src
cat >src/lib.c <<'END'
static int odd(int a) { return a % 2 ? a : -a; }
static int even(int a) { return a % 2 ? 1 : a; }
static int (*const ways[])(int) = {odd, even};
int work_(const int *a)
{
    int sum = 0;
    for (int i = 0; i < *a; i++)
        sum += ways[i % 3 == 0](i);
    return sum;
}
END
cat >src/main.f90 <<'END'
program main
  implicit none
  integer, external :: work
  integer :: i, s
  s = 0
  do i = 1, 100
    s = s + work(i)
  end do
  if (s == 42) stop 1
end program
END
cat >src/start.S <<'END'
    .text
    .globl main
    .type main, @function
main:
    subq $8, %rsp
    leaq number(%rip), %rdi
    call work_@PLT
    xorl %eax, %eax
    addq $8, %rsp
    ret
    .size main, .-main
    .section .rodata
number: .long 100
    .section .note.GNU-stack,"",@progbits
END
sed 's/main/called_c/g; s/call /jmp /' src/start.S >src/called_c.S
cat >src/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(languages C ASM Fortran)
add_library(lib STATIC lib.c called_c.S)
set_source_files_properties(called_c.S PROPERTIES LANGUAGE C COMPILE_OPTIONS "-x;assembler-with-cpp")
add_executable(fortran main.f90)
target_link_libraries(fortran lib)
add_executable(assembler start.S)
target_link_libraries(assembler lib)
include(PGO)
pgo_add_training(fortran COMMAND fortran)
pgo_add_training(assembler COMMAND assembler)
END
configure src build
works
hasnt err warning:
has out "3 of 3 functions in 1 of 1 translation units"
same "$(trained)" "assembler fortran"
hasnt err "no training ran"
