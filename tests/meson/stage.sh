# In the stage trees the subproject adds no target and no driver, and what the project itself does with the
# driver works: it has that of the user's tree, when there is one.
. "$(dirname "$0")/lib.sh"
small src
release src/subprojects/pgo
with_targets src
cat >>src/meson.build <<'END'
custom_target(command: [find_program('pgo'), 'version'], capture: true, output: 'version',
              build_by_default: true)
END
setup src build
run 0 ninja -C build pgo-instrument
same "$(cat build/pgo/instrument/version)" "$("$PGO" version)"
same "$(pgo_targets build/pgo/instrument)" ""
ninja -C build/pgo/instrument -t targets all >known
hasnt known "pgo: " /src_
