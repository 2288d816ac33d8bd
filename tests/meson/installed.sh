# Where pgo is installed, no subproject is needed: on the command line, nor in a target of the project.
. "$(dirname "$0")/lib.sh"
small src
PATH="$(dirname "$PGO"):$PATH"
echo "run_target('tuned', command: [find_program('pgo'), '-C', meson.global_build_root(), 'use'])" >>src/meson.build
setup src build
run 0 ninja -C build tuned
has out "found their profile (100.0 %)"
run 0 pgo -C build use
hasnt err train:
