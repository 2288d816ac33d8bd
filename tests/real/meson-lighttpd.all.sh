# lighttpd by Meson: a server that is trained as such, its modules with it.
. "$(dirname "$0")/lighttpd_lib.sh"
meson_unedited -Dwith_pcre2=false
trained_server src
meson_tested 3 test_common test_configfile test_mod
untouched
