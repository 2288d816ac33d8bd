# A tree of a Meson before 1.0 is refused.
. "$(dirname "$0")/lib.sh"
small src
setup src build
edit build/meson-info/meson-info.json 's/"full": "[0-9.]*"/"full": "0.63.2"/' 's/"major": [0-9]*/"major": 0/' \
    's/"minor": [0-9]*/"minor": 63/'
driver 1 use
one_error
has err "was configured by Meson 0.63.2; 1.0 or newer is needed" "hint: "
