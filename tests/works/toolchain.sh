# Compilers and flags from a toolchain file, with a variable of its own that goes to probes, also when it lies in
# the build directory; and a compiler that only the environment named, with an argument.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
cat >>src/CMakeLists.txt <<'END'
include(CheckCSourceCompiles)
check_c_source_compiles("#ifdef FROM_TOOLS\nint main(void) { return 0; }\n#endif" SAW_FLAG)
if(NOT SAW_FLAG)
  message(FATAL_ERROR "no flag of the toolchain")
endif()
END
cc=$CC
cat >tools.cmake <<END
if(NOT FLAVOUR)
  message(FATAL_ERROR "no flavour")
endif()
set(CMAKE_C_COMPILER "$(command -v "$CC")")
set(CMAKE_C_FLAGS_INIT "-DFROM_TOOLS")
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES FLAVOUR)
END
unset CC
for type in Release Debug; do
    for place in . build; do
        rm -rf build
        mkdir build
        [ $place = . ] || cp tools.cmake build/own.cmake
        file=$work/tools.cmake
        [ $place = . ] || file=own.cmake
        (cd build && cmake ../src -DCMAKE_TOOLCHAIN_FILE="$file" -DFLAVOUR=plain -DCMAKE_BUILD_TYPE=$type \
            -DCMAKE_MODULE_PATH="$PGO_ROOT/cmake") >configure.log 2>&1 || fail "configuring: $(cat configure.log)"
        works
        has build/pgo/use/compile_commands.json -DFROM_TOOLS
    done
    rm -rf build
    CC="$cc -DFROM_TOOLS" configure src build -DCMAKE_BUILD_TYPE=$type
    works
    has build/pgo/use/compile_commands.json -DFROM_TOOLS
done
