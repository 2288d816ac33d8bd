. "${0%/*}/lib.sh"

"$bin/loggen" --lines 5 -o a
gzip -n a
expect 2 "$bin/logcat" a.gz
error_has "cannot read 'a.gz': it is gzip data, and logtools was built without zlib"

finish
