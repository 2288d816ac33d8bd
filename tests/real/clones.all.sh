# The survey of CMake projects.
. "$(dirname "$0")/clones_lib.sh"
tool=ninja
[ "$CMAKE_GENERATOR" = Ninja ] || tool="make"
stop $tool '*/pgo/instrument\ -j*'

first() {
    source=$1
    shift
    cmake -S "$source" -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_MAKE_PROGRAM="$work/tool" "$@"
}

again() {
    cmake build
}

survey_all <<'END'
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
concluded "$(cmake --version | head -n 1), $CMAKE_GENERATOR"
