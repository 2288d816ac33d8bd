# The survey: many CMake projects of the distribution, configured as a user would and then cloned by the
# driver, without building them. Fails when one comes out worse than clones.txt says. With
# CLONES_UPDATE=1 it writes that file.
. "$(dirname "$0")/lib.sh"
list=$PGO_ROOT/tests/real/clones.txt
need ninja
CMAKE_GENERATOR=Ninja

# Builds what checks of a project need, but no stage.
executable ninja <<EOT
#!/bin/sh
case \$*" " in
*/pgo/instrument\ -j*) exit 0 ;;
esac
exec $(command -v ninja) "\$@"
EOT

# Generated files of the user tree that a clone has not, or has otherwise.
differences() {
    (cd build && find . -type f \( -name '*.h' -o -name '*.hpp' -o -name '*.c' -o -name '*.cc' -o -name '*.cpp' \) \
        ! -path './pgo/*' ! -path './CMakeFiles/*' ! -path '*/CMakeFiles/CMake*') | sort |
        while read -r file; do
            sed "s|$work/build/pgo/instrument|$work/build|g" "build/pgo/instrument/$file" 2>/dev/null |
                cmp -s - "build/$file" || printf ' %s' "${file#./}"
        done
}

# What the driver makes of the tree in `build`; the build that never was leaves it without programs.
outcome() {
    status=0
    "$PGO" -C build instrument >out 2>err </dev/null || status=$?
    warned=$(sed -n 's/^pgo: warning: //p' err | head -n 1)
    differing=$(differences)
    if ! grep -q 'nothing can be trained$' err; then
        echo "fails: $(sed -n 's/^pgo: error: //p' err | head -n 1)"
    elif grep -q 'afresh' err; then
        echo "configured afresh: $(grep 'afresh' err | head -n 1)"
    elif [ -n "$warned" ]; then
        echo "clones, warns: $warned"
    elif [ -n "$differing" ]; then
        echo "clones, differs:$differing"
    else
        echo "clones"
    fi
}

rank() {
    case $1 in
    clones) echo 0 ;;
    'clones, '*) echo 1 ;;
    'configured afresh'*) echo 2 ;;
    *) echo 3 ;;
    esac
}

# survey PACKAGE [DIRECTORY [OPTION...]]
survey() {
    package=$1
    directory=${2:-.}
    [ $# -lt 2 ] || shift
    shift
    (fetch "$package") >fetched || {
        cat fetched
        return 0
    }
    read -r _ version <fetched
    rm -rf build
    cmake -S "src/$directory" -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_MAKE_PROGRAM="$work/ninja" "$@" \
        >configure.log 2>&1 || {
        echo "skipped: $package cannot be configured here: $(grep -A 3 '^CMake Error' configure.log | tr -s '\n ' ' ' | cut -c 1-150)"
        return 0
    }
    now=$(outcome)
    echo "$package $version $now" | tee -a surveyed
    before=$(sed -n "s/^$package [^ ]* //p" "$list" 2>/dev/null)
    [ -z "$before" ] || [ "$(rank "$now")" -le "$(rank "$before")" ] || {
        sed 's/^/    /' err
        echo "$package: '$before' in the list" >>worse
    }
}

: >surveyed
while read -r words; do
    # shellcheck disable=SC2086
    survey $words </dev/null
done <<'END'
cmark
pcre2
pugixml
libsndfile
google-glog
libjsoncpp
yaml-cpp
tinyxml2
libarchive
libzstd build/cmake
lz4 build/cmake
brotli
snappy
leveldb
libevent
nghttp2
c-ares
expat expat
libwebp
openjpeg2
libpng1.6
taglib
fmtlib
spdlog
re2
double-conversion
capnproto
flatbuffers
libzip
json-c
msgpack-c
mbedtls
libuv1
utf8proc
wabt
ninja-build
tidy-html5
libgit2
exiv2
zlib
libssh2
libsamplerate
libsoxr
flac
opus
glm
cjson
libyaml
libheif
libde265
libjpeg-turbo
curl
box2d
bullet
rapidjson
cpputest
googletest
simdjson
harfbuzz
jpeg-xl
abseil
protobuf
highway
openexr
imath
freetype
xxhash cmake_unofficial
END
