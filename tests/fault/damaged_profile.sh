# A merged profile that is damaged in place is noticed and merged again.
. "$(dirname "$0")/../lib.sh"
for each in gcc clang; do
    family $each
    ready
    works
    file=$(find -L build/pgo/profile/current -type f | sort | head -n 1)
    printf 'xxxxxxxxxxxxxxxx' | dd of="$file" bs=1 seek=16 conv=notrunc 2>/dev/null
    run 0 "$PGO" -C build use
    has err "is damaged; it is merged again"
    has out "(100.0 %)"
done
