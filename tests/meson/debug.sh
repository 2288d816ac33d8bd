# A tree of Meson's default build type has stages of type release, also where the subproject's driver is compiled
# otherwise; they have the tree's compiler, which the environment named only when it was configured.
. "$(dirname "$0")/lib.sh"
small src
release src/subprojects/pgo
with_targets src
executable bin/own-cc <<EOF
#!/bin/sh
exec $CC -DOWN "\$@"
EOF
CC="'$work/bin/own-cc'" "$MESON" setup build src >configure.log 2>&1 || fail "$(cat configure.log)"
driver 0 use
has err "pgo: the build type of your tree is 'debug', without optimization: the stages use 'release'"
hasnt err afresh
has out "found their profile (100.0 %)"
for stage in instrument use; do
    same "$(grep -c 'own-cc.* -O3 .*sum.c' build/pgo/$stage/compile_commands.json)" 1
done

# Without the compiler there is no stage of another one.
rm -r build/pgo
mv bin bin.off
driver 2 use
one_error
has err "the compiler '$work/bin/own-cc' was not found"
