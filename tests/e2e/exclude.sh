# pgo_exclude_targets: no flags on any kind of target that it names, flags on all others.
. "$(dirname "$0")/../lib.sh"
project src
for kind in static shared module object; do
    printf 'int %s(int a);\nint %s(int a) { return a > 3 ? a : 2 * a; }\n' $kind $kind >src/$kind.c
done
echo 'int static_(int); int shared(int); int object(int); int main(int n, char **v) { (void)v; return shared(n) + object(n) - 4; }' >src/whole.c
sed 's/static/static_/g' src/static.c >src/tmp && mv src/tmp src/static.c
cat >>src/CMakeLists.txt <<'END'
add_library(static STATIC static.c)
add_library(shared SHARED shared.c)
add_library(module MODULE module.c)
add_library(object OBJECT object.c)
add_executable(whole whole.c)
target_link_libraries(whole static shared object)
END
trainings src
echo 'pgo_add_training(whole COMMAND whole)' >>src/CMakeLists.txt
cp src/CMakeLists.txt base
configure src build

# flagged STAGE: names of the sources that are compiled with profile flags, as words.
flagged() {
    grep '"command".*-fprofile-' "build/pgo/$1/compile_commands.json" |
        sed 's|.*/\([a-z]*\.c\)[\\"]*,*$|\1|' | sort | words
}

driver 0 use
same "$(flagged instrument)" "core.c module.c mul.c object.c shared.c static.c sum.c whole.c"
same "$(flagged use)" "core.c module.c mul.c object.c shared.c static.c sum.c whole.c"
for target in static shared module object sum; do
    cp base src/CMakeLists.txt
    echo "pgo_exclude_targets($target)" >>src/CMakeLists.txt
    if [ $target = sum ]; then
        edit src/CMakeLists.txt '/training(sum/d'
    fi
    driver 0 use
    for stage in instrument use; do
        same "$(flagged $stage)" \
            "$(printf '%s\n' core.c module.c mul.c object.c shared.c static.c sum.c whole.c | grep -v "^$target" | words)" \
            "flags of '$stage' without '$target'"
    done
    has out "(100.0 %)"
done
