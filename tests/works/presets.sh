# A project that reads the environment when it is configured, and was configured by a preset that sets it: the
# stages see what the user's tree saw, also when the build runs CMake again, and follow a change of the preset.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
cat >>src/CMakeLists.txt <<'END'
if(NOT DEFINED ENV{FLAVOUR})
  message(FATAL_ERROR "no flavour in the environment")
endif()
string(MAKE_C_IDENTIFIER "$ENV{FLAVOUR}" flavour)
target_compile_definitions(core PRIVATE "FLAVOUR_${flavour}")
file(APPEND "${CMAKE_BINARY_DIR}/saw" "$ENV{FLAVOUR}!$ENV{PLACE}\n")
include(more.cmake)
END
echo >src/more.cmake
mkdir src/presets
cat >src/presets/base.json <<'END'
{"version": 4, "configurePresets": [
  {"name": "base", "hidden": true, "binaryDir": "${sourceParentDir}/built/${presetName}",
   "environment": {"FLAVOUR": "a \"b\"\n${presetName}", "PLACE": "$penv{WHERE}/here"}}]}
END
cat >src/CMakePresets.json <<'END'
{"version": 4, "include": ["presets/base.json"], "configurePresets": [
  {"name": "itself", "inherits": "base", "binaryDir": "/no/such/$env{ITSELF}"},
  {"name": "other", "inherits": "base", "environment": {"FLAVOUR": "wrong"}, "cacheVariables": {"KIND": "other"}},
  {"name": "one", "inherits": ["base"], "cacheVariables": {"KIND": "one"}},
  {"name": "same", "inherits": "one", "binaryDir": "../built/one", "environment": {"FLAVOUR": "wrong"},
   "cacheVariables": {"KIND": "same"}}]}
END
export WHERE=home ITSELF='$env{ITSELF}'
for type in Release Debug; do
    rm -rf built
    (cd src && cmake --preset one -DCMAKE_BUILD_TYPE=$type "-DCMAKE_MODULE_PATH=$PGO_ROOT/cmake") \
        >configure.log 2>&1 || fail "configuring: $(cat configure.log)"
    run 0 "$PGO" -C built/one use
    has out "found their profile (100.0 %)"
    for stage in instrument use; do
        same "$(tail -n 2 built/one/pgo/$stage/saw)" "$(printf 'a "b"\none!home/here')"
        has built/one/pgo/$stage/compile_commands.json "FLAVOUR_a__b__one"
    done
done
echo "# edited" >>src/more.cmake
run 0 "$PGO" -C built/one use
same "$(tail -n 2 built/one/pgo/use/saw)" "$(printf 'a "b"\none!home/here')" "the build's own configure"
edit src/presets/base.json 's/here/there/'
run 0 "$PGO" -C built/one use
same "$(tail -n 1 built/one/pgo/use/saw)" "one!home/there"
