# google-glog: a shared C++ library, trained by its own tests, some of which have fixtures, and by a program
# that is not of the project.
. "$(dirname "$0")/lib.sh"
fetch google-glog
unedited
cmake --build build --target glog >out 2>&1 || fail "the library"
cat >lines.cpp <<'END'
#include <glog/logging.h>
#include <cstdlib>
int main(int, char **argv)
{
    FLAGS_logtostderr = true;
    google::InitGoogleLogging(argv[0]);
    for (int i = 0; i < std::atoi(argv[1]); i++)
        LOG_IF(WARNING, i % 5) << argv[2] << i << " of " << argv[0] << ", " << i * 0.5;
    return 0;
}
END
$CXX -O2 -Isrc/src -Ibuild lines.cpp build/libglog.so -o lines
optimized --train-with-tests '^(utilities|cleanup_immediately|cleanup_with_.*)$' \
    --train "few='$work/lines' 500 line" --env 'few=LD_LIBRARY_PATH={build}' \
    --held-out "many='$work/lines' 60000 'another line '" --env 'many=LD_LIBRARY_PATH={build}'
has err "train: cleanup_immediately: " "train: cleanup_with_absolute_prefix: "

# Others configure with cmake again, look for names in programs, or want what Clang optimizes away.
tested 8 -E 'cmake_package_config|symbolize|^logging'
compared
untouched
