# Targets that the project excludes: no flags on any kind of target, flags on all others.
. "$(dirname "$0")/../lib.sh"
project src
for kind in static shared module object; do
    printf 'int %s(int a);\nint %s(int a) { return a > 3 ? a : 2 * a; }\n' $kind $kind >src/$kind.c
done
echo 'int static_(int); int shared(int); int object(int); int main(int n, char **v) { (void)v; return shared(n) + object(n) - 4; }' >src/whole.c
sed 's/static/static_/g' src/static.c >src/tmp && mv src/tmp src/static.c
target src static static static.c
target src shared shared shared.c
target src module module module.c
in_cmake src <<'END'
add_library(object OBJECT object.c)
END
in_meson src <<'END'
object = static_library('object', 'object.c', build_by_default: false)
END
target src program whole whole.c static shared object
trainings src
training src whole -- whole
cp src/$lists base
configure src build

# flagged STAGE: names of the sources that are compiled with profile flags, as words.
flagged() {
    commands "$1" | grep -e -fprofile-generate -e -fprofile-use |
        sed 's|.*/\([a-z]*\.c\)[\\"]*,*$|\1|' | sort | words
}

driver 0 use
same "$(flagged instrument)" "core.c module.c mul.c object.c shared.c static.c sum.c whole.c"
same "$(flagged use)" "core.c module.c mul.c object.c shared.c static.c sum.c whole.c"
for target in static shared module object sum; do
    cp base src/$lists
    exclude src $target
    [ $target != sum ] || withdraw src sum
    driver 0 use
    for stage in instrument use; do
        same "$(flagged $stage)" \
            "$(printf '%s\n' core.c module.c mul.c object.c shared.c static.c sum.c whole.c | grep -v "^$target" | words)" \
            "flags of '$stage' without '$target'"
    done
    has out "(100.0 %)"
done
