# Where there is no C compiler to build the driver with, configuring and the project's own build work, and
# the pgo targets explain.
. "$(dirname "$0")/lib.sh"
in_cpp src
export CC=missing
setup src build
run 0 ninja -C build
run 1 ninja -C build pgo-use
one_error
has err "Meson has found no C compiler" "hint: "
