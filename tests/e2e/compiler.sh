# Another compiler, under the same path, behind a wrapper that stays or by configuring: the stages are made
# anew.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
real=$(command -v "$CC")
cat >cc <<END
#!/bin/sh
exec "$real" "\$@"
END
chmod +x cc
CC=$work/cc
configure src build
driver 0 use
has out "(100.0 %)"

# The same version in another file: a compiler that was patched.
cat >cc.new <<END
#!/bin/sh
# patched
exec "$real" "\$@"
END
chmod +x cc.new
mark
sleep 0.02
mv cc.new cc
driver 0 use
has err "the compiler is another one now" "'instrument'" "'use'" "train: sum" "train: mul"
has out "(100.0 %)"
same "$(recompiled build/pgo/instrument)" "core.c mul.c sum.c"
same "$(recompiled build/pgo/use)" "core.c mul.c sum.c"

# What a wrapper starts is another one: the wrapper's file is as it was.
executable behind <<END
#!/bin/sh
exec "$real" "\$@"
END
executable cc <<END
#!/bin/sh
exec "$work/behind" "\$@"
END
works
executable behind <<END
#!/bin/sh
for word; do
    case \$word in
    --version) "$real" "\$@" | sed '1s/\$/ (patched)/'; exit ;;
    esac
done
exec "$real" "\$@"
END
mark
sleep 0.02
works
has err "the compiler is another one now" "'instrument'" "'use'" "train: sum" "train: mul"
same "$(recompiled build/pgo/use)" "core.c mul.c sum.c"
works
hasnt err train: merge: configuring

# Another version, by what it says of itself.
version=$("$real" -dumpfullversion -dumpversion)
other="${version%%.*}.99.0"
cat >cc.new <<END
#!/bin/sh
for word; do
    case \$word in
    --version) "$real" "\$@" | sed 's/[0-9][0-9]*[.][0-9][0-9]*[.][0-9][0-9]*/$other/g'; exit ;;
    -dumpversion|-dumpfullversion) echo $other; exit ;;
    esac
done
exec "$real" "\$@"
END
chmod +x cc.new
mv cc.new cc
driver 0 use
has err "the compiler is another one now ($other)"
has out "(100.0 %)"
driver 0 status
has out "$other"

# The tree is configured with a compiler of the other family. A Meson tree keeps its compiler.
[ "$SYSTEM" = cmake ] || exit 0
case $FAMILY in
gcc) new=clang ;;
*) new=gcc ;;
esac
command -v $new >/dev/null || exit 0
configure src build --fresh -DCMAKE_C_COMPILER=$new
driver 0 use
has err "the compiler is another one now" "train: sum" "train: mul"
has out "(100.0 %)"
driver 0 use
hasnt err train: merge: configuring
