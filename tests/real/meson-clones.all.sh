# The survey of Meson projects.
. "$(dirname "$0")/clones_lib.sh"
need meson
stop ninja '*/pgo/instrument\ -j*\ all\ *'

first() {
    source=$1
    shift
    NINJA="$work/tool" meson setup build "$source" --buildtype=release --wrap-mode=nodownload "$@"
}

again() {
    meson setup --reconfigure build
}

survey_all <<'END'
dav1d . -Denable_asm=false
dav1d:asm .
dpdk .
freetype .
fribidi . -Ddocs=false
fribidi:debug . -Ddocs=false --buildtype=debug
glib2.0 .
glib2.0:static . --default-library=static
harfbuzz . -Dauto_features=disabled
harfbuzz:lto . -Dauto_features=disabled -Db_lto=true
lcms2 .
libdrm .
libesmtp .
libjsoncpp .
libjsoncpp:flat . --layout=flat -Db_ndebug=true
libpsl .
libspng .
libzstd build/meson
libzstd:both build/meson --default-library=both -Dbin_programs=true
lz4 contrib/meson
openh264 .
pkgconf . -Dtests=false
serd .
serd:static . -Dstatic=true --default-library=static
systemd .
tinyxml2 .
wayland . -Ddocumentation=false
END
concluded "Meson $(meson --version)"
