# With the subproject in it, a project's own build and installation are the same, byte for byte; nothing
# is built of pgo, or installed, or added to the tests. So it is for a project in C++ alone.
. "$(dirname "$0")/lib.sh"
small c
small cc
for name in core sum mul; do
    mv cc/$name.c cc/$name.cc
done
edit cc/meson.build "s/'c')/'cpp')/" "s/\.c'/.cc'/"
for language in c cc; do
    for with in '' pgo; do
        rm -rf src build
        cp -R $language src
        if [ "$with" ]; then
            release src/subprojects/pgo
            with_targets src
        fi
        setup src build --prefix "$work/root$with"
        run 0 ninja -C build install
        sums build -name '*.[oa]' >sums$with
        (cd "root$with" && find . -type f -exec cksum {} +) >>sums$with
    done
    [ "$(grep -c . sums)" = 5 ] || fail "not five files are built and installed"
    cmp sums sumspgo || fail "what is built differs"
    same "$("$MESON" introspect --tests build)" "[]"
    same "$(pgo_targets build | cut -c 1-9)" "pgo-check"
done
