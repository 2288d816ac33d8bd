# lighttpd by CMake: a server that is trained as such, its modules with it.
. "$(dirname "$0")/lighttpd_lib.sh"
unedited -DWITH_PCRE2=OFF
trained_server build
tested 3 -R '^test_'
untouched
