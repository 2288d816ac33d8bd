# harfbuzz: two large shared libraries in C++, trained with its own tests, some of which have threads or are scripts,
# and with programs that shape and subset fonts. One build of it takes minutes.
. "$(dirname "$0")/lib.sh"
fetch harfbuzz
meson_unedited -Dauto_features=disabled
optimized --train-with-tests '^(shape_threads|draw_fuzzer)$' \
    --train "shape=hb-shape-fuzzer $(echo src/test/shape/data/in-house/fonts/[0-7]*.ttf | sed 's|src/|{source}/|g')" \
    --train "subset=hb-subset-fuzzer {source}/perf/fonts/Roboto-Regular.ttf" \
    --held-out "shape-others=hb-shape-fuzzer $(echo src/test/shape/data/in-house/fonts/[8-f]*.ttf | sed 's|src/|{source}/|g')" \
    --held-out "subset-other=hb-subset-fuzzer {source}/perf/fonts/Amiri-Regular.ttf"
has err "train: shape_threads: " "train: draw_fuzzer: "
meson_tested 20
compared
untouched
