# Static, shared, module, object and interface libraries, also with BUILD_SHARED_LIBS: all are profiled
# and find their profile.
. "$(dirname "$0")/../lib.sh"
mkdir src
for kind in stat shar mod obj inter; do
    printf 'static int way(int a) { return a %% 3 ? a : -a; }\nint %s(int a);\nint %s(int a) { return way(a) + 1; }\n' \
        $kind $kind >src/$kind.c
done
cat >src/main.c <<'END'
#include <dlfcn.h>
int stat(int), shar(int), obj(int), inter(int);
int main(int argc, char **argv)
{
    void *module = dlopen(argv[1], RTLD_NOW);
    int (*mod)(int) = module ? (int (*)(int))dlsym(module, "mod") : 0;
    int sum = 0;
    for (int i = 0; mod && i < 1000; i++)
        sum += stat(i) + shar(i) + obj(i) + inter(i) + mod(i);
    return mod ? sum == argc : 3;
}
END
start src kinds
in_cmake src <<'END'
add_library(stat STATIC stat.c)
add_library(shar shar.c)
add_library(mod MODULE mod.c)
add_library(obj OBJECT obj.c)
add_library(inter INTERFACE)
target_sources(inter INTERFACE ${CMAKE_CURRENT_SOURCE_DIR}/inter.c)
add_executable(main main.c)
target_link_libraries(main PRIVATE stat shar obj inter dl)
END
in_meson src <<'END'
stat = static_library('stat', 'stat.c')
shar = library('shar', 'shar.c')
mod = shared_module('mod', 'mod.c')
obj = static_library('obj', 'obj.c', build_by_default: false)
inter = declare_dependency(sources: 'inter.c')
main = executable('main', 'main.c', objects: obj.extract_all_objects(recursive: false), dependencies: inter,
                  link_with: [stat, shar])
END
training src main -- main '{build}/libmod.so'
for shared in OFF ON; do
    rm -rf build
    case $SYSTEM,$shared in
    meson,OFF) configure src build default_library=static ;;
    meson,ON) configure src build default_library=shared ;;
    cmake,*) configure src build BUILD_SHARED_LIBS=$shared ;;
    esac
    works
    has out "6 of 6 translation units"
done
