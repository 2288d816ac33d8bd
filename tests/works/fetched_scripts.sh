# CMake code that the project downloads into its build directory while it is configured, as package managers for
# CMake do, or that somebody put there before: the stages have it without the network, and follow when it
# changes.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
echo 'set(fetched "first one")' >"$work/served.cmake"
hash=$(sha256sum served.cmake | cut -d ' ' -f 1)
edit src/CMakeLists.txt "s|^project.*|&\nset(where \"\${CMAKE_BINARY_DIR}/the cmake/fetched.cmake\")|"
cat >>src/CMakeLists.txt <<END
file(DOWNLOAD "file://$work/served.cmake" "\${where}" EXPECTED_HASH SHA256=$hash)
include("\${where}")
include("\${CMAKE_BINARY_DIR}/placed.cmake")
file(APPEND "\${CMAKE_BINARY_DIR}/saw" "\${fetched} \${placed}\n")
END
for generator in "$CMAKE_GENERATOR" "Ninja Multi-Config"; do
    rm -rf build
    mkdir build
    echo 'set(placed one)' >build/placed.cmake
    echo 'set(fetched "first one")' >served.cmake
    configure src build -G "$generator"
    mv served.cmake away
    before=$(sums build)
    works
    for stage in instrument use; do
        same "$(tail -n 1 build/pgo/$stage/saw)" "first one one"
    done
    same "$(sums build ! -path './pgo/*')" "$before" "the user's tree changed"
    sleep 1
    echo 'set(placed two)' >build/placed.cmake
    echo "# touched" >>build/CMakeCache.txt
    works
    same "$(tail -n 1 build/pgo/use/saw)" "first one two"
    mv away served.cmake
done
