# Where a Meson tree may lie: in directories of odd names, within the source, beside it, behind links.
. "$(dirname "$0")/lib.sh"
small project
# Not with a backslash, of which Meson itself makes a slash, nor a '|', which it does not quote for ninja.
odd="- a'b\$c%d&e;f#gü:h[i]j\"kl*m?n>o<p~q=r,s@t@u!v(w)xy\`z"
mkdir "./$odd" real
ln -s real link
ln -s "./$odd/src" "link to source"
mv project "./$odd/src"

# tree SOURCE BUILD: it is optimized, and then everything is up to date.
tree() {
    rm -rf "$2"
    setup "$1" "$2"
    run 0 "$PGO" -C "$2" use
    has out "3 of 3 functions in 3 of 3 translation units found their profile (100.0 %)"
    hasnt err warning
    hasnt err afresh
    run 0 "$PGO" -C "$2" use
    hasnt err train:
}
for compiler in gcc clang; do
    family $compiler
    tree "./$odd/src" "./$odd/build"
    tree "./$odd/src" "./$odd/src/build dir"
    tree "link to source" link/build
done
