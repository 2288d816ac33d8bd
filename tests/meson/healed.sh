# A stage that something ended while Meson wrote it, or whose files are damaged, is configured anew; an edit of
# meson.build that comes with another profile reaches both stages.
. "$(dirname "$0")/lib.sh"
small src
setup src build
works
for lost in build.ninja meson-private/coredata.dat meson-info/intro-benchmarks.json pgo.configured; do
    for stage in instrument use; do
        rm build/pgo/$stage/$lost
        works
        [ -e build/pgo/$stage/$lost ] || fail "$lost is gone"
    done
done
echo '[{' >build/pgo/instrument/meson-info/intro-benchmarks.json
works

edit src/meson.build "s/args: '1000'/args: '2000'/" "s/executable('sum', 'sum.c'/&, link_args: '-Wl,--defsym=edited=7'/"
works
for stage in instrument use; do
    nm build/pgo/$stage/sum >symbols
    has symbols edited
done
mark
works
same "$(written build/pgo -not -path './log/*' -not -name lock)" ""
