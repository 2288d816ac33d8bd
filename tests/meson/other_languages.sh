# Programs in Rust and Fortran are left alone, but for what lets them link instrumented C: that is optimized, also
# by what they run. Meson is then not asked for b_pgo, which it does not have for Rust, or has as another thing.
. "$(dirname "$0")/lib.sh"
need rustc gfortran
project src
cat >src/rust.rs <<'EOF'
extern "C" { fn step(a: i64, i: i32) -> i64; }
fn main() { println!("{}", (0..1000).fold(0, |a, i| unsafe { step(a, i) })); }
EOF
cat >src/fortran.f90 <<'EOF'
program fortran
  use iso_c_binding
  interface
    function step(a, i) bind(c) result(r)
      import :: c_int, c_long
      integer(c_long), value :: a
      integer(c_int), value :: i
      integer(c_long) :: r
    end function
  end interface
  print *, step(7_c_long, 5_c_int)
end program
EOF
cat >src/meson.build <<'EOF'
project('small', 'c', 'rust', 'fortran')
core = static_library('core', 'core.c')
rust = executable('rust', 'rust.rs', link_with: core)
fortran = executable('fortran', 'fortran.f90', link_with: core)
sum = executable('sum', 'sum.c', link_with: core)
mul = executable('mul', 'mul.c', link_with: core)
foreach program : [rust, fortran, sum]
  benchmark(program.name(), program, args: '1000', suite: 'pgo')
endforeach
EOF
for family in gcc clang; do
    family $family
    rm -rf build
    setup src build
    driver 0 use --exclude mul
    same "$(trained)" "fortran rust sum"
    has out "2 of 2 translation units found their profile (100.0 %)"
    has build/pgo/use/meson-info/intro-buildoptions.json '"name": "b_pgo", "value": "off"'
    grep -A 3 -E '^build (rust|fortran.p/[^:]*\.o): ' build/pgo/instrument/build.ninja >statements
    hasnt statements " -fprofile-generate="
done
