# What a project has of a subproject is optimized as its own is; options that a subproject has of its own stay.
. "$(dirname "$0")/lib.sh"
small src
mkdir -p src/subprojects/own
cat >src/subprojects/own/meson.build <<'EOF'
project('own', 'c', default_options: ['warning_level=3', 'c_std=gnu99', 'b_ndebug=true'])
own = static_library('own', 'own.c')
EOF
echo 'int own(int a); int own(int a) { return a % 3 ? a : 2 * a; }' >src/subprojects/own/own.c
edit src/meson.build "s/^core = .*/&\nlibrary = subproject('own').get_variable('own')/" \
    's/link_with: core/link_with: [core, library]/'
edit src/sum.c 's/^int main/int own(int);\n&/' 's/a = step(a, i);/a = step(own((int)a), i);/'
edit src/mul.c 's/^int main/int own(int);\n&/' 's/a = twice/a = own(1) + twice/'
setup src build
driver 0 use
has out "in 4 of 4 translation units found their profile (100.0 %)"
hasnt err afresh
grep -A 3 'libown.a.p/own.c.o: c_COMPILER' build/pgo/use/build.ninja >statement
has statement -std=gnu99 -Wpedantic -fprofile-use=
