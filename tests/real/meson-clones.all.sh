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
bubblewrap .
cairo . -Dtests=disabled
cpp-httplib .
dav1d . -Denable_asm=false
dbus .
dpdk .
fontconfig .
freetype .
fribidi . -Ddocs=false
fuse3 . -Dexamples=false
gdk-pixbuf .
glib2.0 .
harfbuzz . -Dauto_features=disabled
lcms2 .
libdrm .
libesmtp .
libjsoncpp .
libpsl .
libslirp .
libspng .
libxkbcommon . -Denable-wayland=false -Denable-x11=false
libzstd build/meson
lilv .
lz4 contrib/meson
mpd . -Dauto_features=disabled
nlohmann-json3 .
openh264 .
opentype-sanitizer .
opus .
pacman-package-manager .
pkgconf . -Dtests=false
qemu .
serd .
sord .
spice .
systemd .
tinyxml2 .
wayland . -Ddocumentation=false
zimlib .
END
concluded "Meson $(meson --version)"
