# The template's README for Meson, command by command, with the subproject in place.
. "$(dirname "$0")/lib.sh"
cp -R "$PGO_ROOT/templates/minimal" minimal
release minimal/subprojects/pgo
cd minimal
sed -n '/^## With Meson/,$s/^    meson/"$MESON"/p' README.md >commands
[ "$(wc -l <commands)" = 2 ] || fail "the README shows no commands"
sh -e commands >out 2>err || fail "a command of the README"
has out "found their profile (100.0 %)"
same "$(build/meson/pgo/use/minimal main.c)" "$(awk '{ gsub(/[^A-Za-z]/, ""); n += length } END { print n " letters" }' main.c)"
