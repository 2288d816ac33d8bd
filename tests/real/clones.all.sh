# The survey: many CMake projects of the distribution, configured as a user would and then cloned by the
# driver, without building them. Fails when one comes out worse than clones.txt says. With
# CLONES_UPDATE=1 it writes that file.
. "$(dirname "$0")/lib.sh"
list=$PGO_ROOT/tests/real/clones.txt
tool=ninja
[ "$CMAKE_GENERATOR" = Ninja ] || tool="make"
need "$CC" "$CXX" "$tool"

# Builds what checks of a project need, but no stage.
executable tool <<EOT
#!/bin/sh
case "\$*" in
*/pgo/instrument\ -j*) exit 0 ;;
esac
exec $(command -v "$tool") "\$@"
EOT

# Generated sources of the user tree that the stage has otherwise, or not at all.
differences() {
    (cd build && find . -type f -regex '.*\.[ch]\(c\|h\|pp\|xx\)?' ! -path './pgo/*' ! -path '*/CMakeFiles/*') | sort |
        while read -r file; do
            clone=build/pgo/instrument/$file
            if [ ! -e "$clone" ]; then
                printf ' no %s' "${file#./}"
            else
                sed "s|$work/build/pgo/instrument|$work/build|g" "$clone" | cmp -s - "build/$file" ||
                    printf ' other %s' "${file#./}"
            fi
        done
}

# What the driver makes of the tree in `build`. Of a build that never was it says at the end that there is
# no program.
outcome() {
    "$PGO" -C build instrument >out 2>err </dev/null || :
    differing=$(differences)
    if ! grep -q 'nothing can be trained$' err; then
        echo "fails: $(sed -n 's/^pgo: error: //p' err | head -n 1)"
    elif grep -q -e afresh -e 'the stages use' err; then
        echo "configured afresh: $(sed -n 's/^pgo: \(.*afresh\|.*the stages use\)/\1/p' err | head -n 1)"
    elif grep -q '^pgo: warning' err; then
        echo "clones, warns: $(sed -n 's/^pgo: warning: //p' err | head -n 1)"
    elif [ -z "$differing" ]; then
        echo "clones"
    elif cmake build >configure.log 2>&1 && [ -z "$(differences)" ]; then
        echo "clones, as a second configure of the user's would be:$differing"
    else
        echo "clones, but:$(differences)"
    fi
}

rank() {
    case $1 in
    clones | 'clones, as '*) echo 0 ;;
    'clones, '*) echo 1 ;;
    'configured afresh'*) echo 2 ;;
    *) echo 3 ;;
    esac
}

# survey PACKAGE[:VARIANT] DIRECTORY [OPTION...]
survey() {
    name=$1
    directory=$2
    shift 2
    (fetch "${name%:*}") >fetched || {
        cat fetched
        return 0
    }
    read -r _ version <fetched
    rm -rf build
    cmake -S "src/$directory" -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_MAKE_PROGRAM="$work/tool" "$@" \
        >configure.log 2>&1 || {
        echo "skipped: $name cannot be configured here: $(grep -A 3 '^CMake Error' configure.log | tr -s '\n ' ' ')"
        return 0
    }
    now=$(outcome)
    echo "$name $version $now" | tee -a surveyed
    before=$(sed -n "s/^$name [^ ]* //p" "$list")
    [ -z "$before" ] || [ "$(rank "$now")" -le "$(rank "$before")" ] || {
        cat err
        echo "$name: '$before' in the list" | tee -a worse
    }
}

: >surveyed
while read -r words; do
    # shellcheck disable=SC2086
    survey $words </dev/null
done <<'END'
abseil .
brotli .
c-ares .
capnproto .
cjson .
cmark .
cmark:debug . -DCMAKE_BUILD_TYPE=Debug
cpputest .
curl .
double-conversion .
exiv2 .
expat expat
flac . -DWITH_OGG=OFF
flatbuffers .
fmtlib .
freetype .
glm .
google-glog .
googletest .
harfbuzz .
highway . -DBUILD_TESTING=OFF
imath .
jsonnet . -DUSE_SYSTEM_GTEST=ON
json-c .
leveldb .
libarchive .
libarchive:shared-no-tests . -DENABLE_TEST=OFF -DBUILD_SHARED_LIBS=ON
libde265 .
libevent .
libheif .
libjpeg-turbo .
libjsoncpp .
libpng1.6 .
libsamplerate .
libsndfile .
libsndfile:no-type . -DCMAKE_BUILD_TYPE=
libsoxr .
libssh2 .
libuv1 .
libwebp .
libyaml .
libzip .
libzstd build/cmake
lz4 build/cmake
mbedtls .
msgpack-c .
nghttp2 .
ninja-build .
openjpeg2 .
pcre2 .
pcre2:all-widths . -DPCRE2_BUILD_PCRE2_16=ON -DPCRE2_BUILD_PCRE2_32=ON -DBUILD_SHARED_LIBS=ON
protobuf . -Dprotobuf_BUILD_TESTS=OFF
pugixml .
rapidjson .
simdjson .
snappy .
taglib .
tidy-html5 .
tinyxml2 .
utf8proc .
wabt . -DBUILD_TESTS=OFF
xxhash cmake_unofficial
yaml-cpp .
END
[ -s surveyed ] || skip "no project could be fetched and configured"
echo "$(grep -c ' clones' surveyed) of $(wc -l <surveyed) clone"
if [ -n "${CLONES_UPDATE:-}" ]; then
    {
        echo "# Written by clones.all.sh on $(date +%F): $(. /etc/os-release && echo "$PRETTY_NAME"), $(cmake --version | head -n 1), $CC $($CC -dumpversion), $CMAKE_GENERATOR."
        echo "# package[:variant] version outcome"
        cat surveyed
    } >"$list"
elif [ -e worse ]; then
    fail "$(wc -l <worse) came out worse than in the list"
fi
