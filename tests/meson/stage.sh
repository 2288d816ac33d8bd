# In the stage trees the subproject adds no target and no driver; a project that asks for the driver is
# configured there as well, and has that of the user's tree.
. "$(dirname "$0")/lib.sh"
small src
release src/subprojects/pgo
with_targets src
cat >>src/meson.build <<'END'
custom_target(command: [find_program('pgo'), 'version'], capture: true, output: 'version')
END
setup src build
cp "$PGO" build/subprojects/pgo/pgo
driver 0 instrument
"$MESON" introspect --targets build/pgo/instrument | tr '{' '\n' >targets
same "$(sed -n 's/.*"name": "\([^"]*\)".*/\1/p' targets | sort | words)" "core mul sum version"
run 0 ninja -C build/pgo/instrument version
same "$(cat build/pgo/instrument/version)" "$("$PGO" version)"
