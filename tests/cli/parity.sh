# What everybody does with a build directory is tested with CMake and with Meson; what else one of them is
# not tested with is printed, with the reasons, and tests that are named in those are there.
. "$(dirname "$0")/../lib.sh"
table=$PGO_ROOT/tests/parity.txt
for each in e2e/first e2e/zero_edit e2e/staleness e2e/kill e2e/exclude works/paths works/percent; do
    grep -Eq "^$each +yes +yes$" "$table" || fail "$each does not run with both"
done
for each in $(grep -o 'meson/[a-z_]*' "$table"); do
    [ -e "$PGO_ROOT/tests/$each.sh" ] || fail "there is no $each"
done
grep ' no: ' "$table"
