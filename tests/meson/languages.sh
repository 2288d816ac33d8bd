# Of two compilers of different families, only what the project's own targets are compiled by counts: not what a
# project declares and does not use, nor the driver's.
. "$(dirname "$0")/lib.sh"
need gcc clang++
project src
for name in core sum mul; do
    mv src/$name.c src/$name.cc
done
: >src/other.c
cat >src/meson.build <<'END'
project('small', 'c', 'cpp')
sum = executable('sum', 'sum.cc', 'core.cc')
executable('other', 'other.c', c_args: '-DPGO_DRIVER', build_by_default: false,
           override_options: 'b_pgo=off')
benchmark('sum', sum, args: '1000', suite: 'pgo')
END
export CC=gcc CXX=clang++
setup src build
works
edit src/meson.build s/-DPGO_DRIVER//
run 0 ninja -C build
driver 1 use
one_error
has err "profiles of two families do not mix"
