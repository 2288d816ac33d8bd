# A tree that muon has configured is refused, and the project's own build works.
. "$(dirname "$0")/lib.sh"
of_suite trixie muon-meson
muon=$unpacked/usr/bin/muon-meson
"$muon" version >said 2>&1 || skip "it does not run here: $(tail -n 1 said)"
small src
release src/subprojects/pgo
with_targets src
(cd src && "$muon" setup ../build) >configure.log 2>&1 || fail "$(cat configure.log)"
run 0 ninja -C build sum
run 1 ninja -C build pgo-use
one_error
has err "was configured by muon, with which pgo does not work" "hint: "
