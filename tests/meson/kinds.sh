# What a Meson project may be made of, with both compilers: its settings, and machine files; generated sources, by
# programs of its own too; precompiled headers, unity builds, objects of other targets, both kinds of a library, modules,
# a subproject, and trainings that are scripts.
. "$(dirname "$0")/lib.sh"
need ccache
mkdir -p src/subprojects/dep src/lib src/app

cat >src/meson.build <<'END'
project('many', 'c', 'cpp', default_options: ['cpp_std=c++17'])
add_project_arguments('-DTOP="a b$c\'d#"', language: 'c')
conf = configuration_data()
conf.set10('HAVE_FORK', meson.get_compiler('c').has_function('fork'))
conf.set_quoted('WHERE', meson.current_build_dir())
configure_file(output: 'config.h', configuration: conf)
dep = dependency('dep-of-nobody', fallback: ['dep', 'dep_dep'])
subdir('lib')
subdir('app')
END
cat >src/subprojects/dep/meson.build <<'END'
project('dep', 'c', default_options: ['default_library=static', 'buildtype=debugoptimized'])
dep_dep = declare_dependency(link_with: library('dep', 'dep.c', install: true))
END
cat >src/lib/meson.build <<'END'
gen = executable('gen', 'gen.c', native: true)
table = custom_target('table', output: ['table.c', 'table.h'], command: [gen, '@OUTPUT@'])
made = generator(find_program('make.sh'), output: '@BASENAME@.c', arguments: ['@INPUT@', '@OUTPUT@']).process('made.in')
both = both_libraries('both', 'both.c', c_pch: 'pch/both_pch.h', dependencies: dep, install: true)
st = static_library('st', 'st.c', made, table, pic: true)
objects = st.extract_objects('st.c', made, table[0])
END
cat >src/app/meson.build <<'END'
one = executable('one', 'main.c', 'more.cpp', objects: objects, link_with: both.get_shared_lib(), install: true)
two = executable('two', 'main.c', 'more.cpp', link_with: [st, both.get_static_lib()], dependencies: dep)
module = shared_module('module', 'module.c')
copy = custom_target('copy', output: 'copy', command: ['cp', '@INPUT@', '@OUTPUT@'], input: two)
loads = executable('loads', 'loads.c', dependencies: meson.get_compiler('c').find_library('dl', required: false))
run = find_program('run.sh')
benchmark('one', one, args: '1000', suite: 'pgo')
benchmark('copy', run, args: [copy, '300'], suite: 'pgo')
benchmark('loads', loads, args: module, suite: 'pgo')
benchmark('script', run, args: [one, '10'], suite: 'pgo', depends: two)
END

# looped NAME: one with a static function in it.
looped() {
    cat <<END
static int step_$1(int i) { return i % 3 ? i : i / 2; }
int $1(int i);
int $1(int i)
{
    int s = 0;
    while (i-- > 0)
        s += step_$1(i);
    return s;
}
END
}
looped dep >src/subprojects/dep/dep.c
looped st >src/lib/st.c
looped made | sed 's/made/@NAME@/g' >src/lib/made.in
looped module >src/app/module.c
mkdir src/lib/pch
echo '#include <stdlib.h>' >src/lib/pch/both_pch.h
cat >src/lib/both.c <<'END'
int dep(int i);
int both(int i);
int both(int i) { return dep(i) + (getenv("NEVER_SET") ? 1 : 0); }
END
cat >src/lib/gen.c <<'END'
#include <stdio.h>
int main(int argc, char **argv)
{
    FILE *c = fopen(argv[1], "w"), *h = fopen(argv[argc - 1], "w");
    if (!c || !h)
        return 1;
    fputs("int table(int);\n", h);
    fputs("#include \"table.h\"\nstatic int step_table(int i) { return i & 1 ? i : 2 * i; }\n"
          "int table(int i)\n{\n    int s = 0;\n    while (i-- > 0)\n        s += step_table(i);\n    return s;\n}\n", c);
    return fclose(c) || fclose(h);
}
END
cat >src/app/main.c <<'END'
#include <stdio.h>
#include <stdlib.h>
int both(int), st(int), made(int), table(int), more(int);
int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 1;
    printf("%d %s\n", both(n) + st(n) + made(n) + table(n) + more(n), TOP);
    return 0;
}
END
cat >src/app/more.cpp <<'END'
#include <vector>
extern "C" int more(int i)
{
    std::vector<int> all;
    while (i-- > 0)
        all.push_back(i);
    int s = 0;
    for (int one : all)
        s += one;
    return s;
}
END
cat >src/app/loads.c <<'END'
#include <dlfcn.h>
int main(int argc, char **argv)
{
    void *module = argc > 1 ? dlopen(argv[1], RTLD_NOW) : 0;
    int (*f)(int) = module ? (int (*)(int))dlsym(module, "module") : 0;
    return f ? f(100) == 0 : 1;
}
END
executable src/lib/make.sh <<'END'
#!/bin/sh
sed 's/@NAME@/made/g' "$1" >"$2"
END
executable src/app/run.sh <<'END'
#!/bin/sh
exec "$@"
END

cat >machine.ini <<'END'
[constants]
launcher = 'ccache'
[binaries]
c = [launcher, 'gcc']
cpp = [launcher, 'g++']
ar = 'ar'
[host_machine]
system = 'linux'
cpu_family = 'x86_64'
cpu = 'x86_64'
endian = 'little'
[built-in options]
c_args = ['-DCROSS="x y"']
END
cat >native.ini <<'END'
[binaries]
c = 'clang'
cpp = 'clang++'
[built-in options]
c_args = ['-O2', '-g']
END

# every FAMILY [ARGUMENT...]: all that was trained is optimized.
every() {
    family "$1"
    shift
    rm -rf build
    setup src build "$@"
    works
    same "$(sed -n 's/^.* in \([0-9]*\) of .* found their profile.*/\1/p' out)" "${units:-11}" "translation units"
    hasnt err warning
    hasnt err afresh
}
export CCACHE_DIR="$work/cache"
every gcc --cross-file machine.ini --wrap-mode=forcefallback
units=9 every gcc --unity=on --layout=flat
every clang --native-file native.ini --default-library=both -Db_ndebug=true
every clang -Db_lto=true
