# A tree of a Meson before 1.0 is refused; one of another Meson than stands in its place now is named.
. "$(dirname "$0")/lib.sh"
small src
setup src build
cp build/meson-info/meson-info.json whole
version=$("$MESON" --version)
edit build/meson-info/meson-info.json 's/"full": "[0-9.]*"/"full": "0.63.2"/' 's/"major": [0-9]*/"major": 0/' \
    's/"minor": [0-9]*/"minor": 63/'
driver 1 use
one_error
has err "was configured by Meson 0.63.2; 1.0 or newer is needed" "hint: "

cp whole build/meson-info/meson-info.json
edit build/meson-info/meson-info.json "s/\"full\": \"$version\"/\"full\": \"1.99.0\"/"
driver 1 use
one_error
has err "was configured by Meson 1.99.0, and '" "' is Meson $version now" \
    "hint: configure it again: meson setup --wipe '$work/build' '$work/src'"
cp whole build/meson-info/meson-info.json
works
