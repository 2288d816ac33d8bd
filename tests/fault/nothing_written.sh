# A program that leaves by a system call of its own or is killed writes no profile: the error names the
# training, how it ended and what to do, and once the program ends well the same command works.
. "$(dirname "$0")/../lib.sh"
ends() {
    sed "s/return 0;/$1/; 1i #include <signal.h>\n#include <sys/syscall.h>\n#include <unistd.h>\nlong syscall(long, ...);" good/mul.c >src/mul.c
}
for each in gcc clang; do
    family $each
    ready
    rm -rf good
    cp -r src good
    ends 'syscall(SYS_exit_group, 0);'
    run 1 "$PGO" -C build use
    one_error
    has err "training 'mul' left no profile" "(mul) ended without writing one" "hint: " "pgo_flush()"
    ends 'raise(SIGKILL);'
    run 1 "$PGO" -C build use
    one_error
    has err "training 'mul' left no profile: the process was killed by SIGKILL after" "hint: "
    [ ! -e build/pgo/use ] || fail "the optimized tree was built"
    cp good/mul.c src/mul.c
    works
    hasnt err "train: sum:"
done
