# Checks of a project come out in the stages as they did in the user's tree, also those that CMake does not
# remember.
. "$(dirname "$0")/../lib.sh"
for each in gcc clang; do
    family $each
    rm -rf src build
    project src
    cat >src/uses.c <<'END'
void __gcov_dump(void);
int __llvm_profile_write_file(void);
int main(void)
{
#ifdef __clang__
    return __llvm_profile_write_file();
#else
    __gcov_dump();
    return 0;
#endif
}
END
    in_meson src <<'END'
links = meson.get_compiler('c').links(files('uses.c')) ? 'TRUE' : 'FALSE'
configure_file(output: 'config.h', configuration: {'runtime': '\'\'', 'now': '\'' + links + '\''})
END
    in_cmake src <<'END'
include(CheckCSourceCompiles)
file(READ uses.c code)
check_c_source_compiles("${code}" HAVE_RUNTIME)
try_compile(NOW ${CMAKE_BINARY_DIR}/now ${CMAKE_CURRENT_SOURCE_DIR}/uses.c)
file(WRITE ${CMAKE_BINARY_DIR}/config.h "runtime '${HAVE_RUNTIME}' now '${NOW}'\n")
END
    trainings src
    configure src build
    works
    has build/config.h "'FALSE'"
    hasnt build/config.h TRUE
    for stage in instrument use; do
        cmp build/config.h build/pgo/$stage/config.h || fail "a check came out otherwise"
    done
    hasnt err "checks came out otherwise"
done
