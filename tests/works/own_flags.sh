# Subprojects with flags of their own: CMAKE_C_FLAGS set or emptied, COMPILE_OPTIONS set on targets and
# directories or cleared, also late, -w and -Werror: every object has the profile flags.
. "$(dirname "$0")/../lib.sh"
mkdir src
calls=
uses=
# part NAME: a subproject; its $lists from standard input.
part() {
    mkdir "src/$1"
    printf 'static int way(int a) { return a %% 3 ? a : -a; }\nint %s(int a);\nint %s(int a) { return way(a) + 1; }\n' \
        "$1" "$1" >"src/$1/part.c"
    uses="$uses int $1(int);"
    calls="$calls + $1(i)"
    all="${all:-} $1"
    parts=$((${parts:-1} + 1))
    cat >"src/$1/$lists"
}
if [ "$SYSTEM" = meson ]; then
    part flags <<'END'
flags = static_library('flags', 'part.c', c_args: ['-O3', '-fno-inline'])
END
    part empty <<'END'
empty = static_library('empty', 'part.c', override_options: ['optimization=0', 'debug=false'])
END
    part quiet <<'END'
quiet = static_library('quiet', 'part.c', c_args: '-w')
END
    part strict <<'END'
strict = static_library('strict', 'part.c', override_options: ['werror=true', 'warning_level=3'])
END
else
part flags <<'END'
set(CMAKE_C_FLAGS "-O3 -fno-inline")
add_library(flags STATIC part.c)
END
part empty <<'END'
set(CMAKE_C_FLAGS "")
add_library(empty STATIC part.c)
END
part target <<'END'
add_library(target STATIC part.c)
set_target_properties(target PROPERTIES COMPILE_OPTIONS "-O1" COMPILE_FLAGS -DX)
END
part directory <<'END'
set_directory_properties(PROPERTIES COMPILE_OPTIONS "-O2")
add_library(directory STATIC part.c)
END
part cleared <<'END'
set_property(DIRECTORY PROPERTY COMPILE_OPTIONS)
add_library(cleared STATIC part.c)
END
part late <<'END'
add_library(late STATIC part.c)
function(late)
  set_target_properties(late PROPERTIES COMPILE_OPTIONS "-O2")
endfunction()
cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL late)
END
part quiet <<'END'
add_compile_options(-w)
add_library(quiet STATIC part.c)
END
part strict <<'END'
add_compile_options(-Wall -Wextra -Werror)
add_library(strict STATIC part.c)
END
fi
cat >src/main.c <<END
$uses
int main(int argc, char **argv)
{
    int sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += 0$calls;
    return sum == argc && argv;
}
END
[ "$SYSTEM" = cmake ] && {
    echo 'cmake_minimum_required(VERSION 3.25)'
    echo 'project(flags C)'
    echo 'add_compile_options(-Wall "$<$<C_COMPILER_ID:Clang>:SHELL:-mllvm -inline-threshold=500>")'
    for part in $all; do
        echo "add_subdirectory($part)"
    done
    echo "add_executable(main main.c)"
    echo "target_link_libraries(main $all)"
    echo 'include(PGO)'
} >src/CMakeLists.txt
[ "$SYSTEM" = meson ] && {
    echo "project('flags', 'c')"
    echo "add_project_arguments('-Wall', language: 'c')"
    for part in $all; do
        echo "subdir('$part')"
    done
    echo "main = executable('main', 'main.c', link_with: [$(joined $all)])"
} >src/meson.build
training src main -- main
case $SYSTEM in cmake) plain=None ;; meson) plain=plain ;; esac
for type in release $plain; do
    rm -rf build
    configure src build type=$type
    works
    has out "$parts of $parts translation units"
    for stage in instrument use; do
        same "$(commands $stage | grep -c -e '-fprofile-generate' -e '-fprofile-use')" $parts
    done
done
