. "${0%/*}/lib.sh"

# The same data for the same seed, on every machine.
expect 0 "$bin/loggen" --lines 3 --seed 7
output_is <<'end'
2025-03-01T00:00:00.036Z INFO gateway host=web06 id=33c2d0f6 user=u0269 status=200 latency=0.255 bytes=60163 msg="index rebuilt, 4320 documents"
2025-03-01T00:00:00.049Z INFO scheduler host=web17 id=2d0332cd user=u0689 status=302 latency=184.420 bytes=5025 msg="upload of 2075 parts stored on 10.3.1.98"
2025-03-01T00:00:00.073Z INFO api host=web06 id=d1859e5b user=u1288 status=200 latency=1.492 bytes=2629 msg="shutdown complete"
end
expect 0 "$bin/loggen" --format log --lines 20000 --seed 1 -o one
expect 0 "$bin/loggen" --format log --lines 20000 --seed 1 -o same
expect 0 "$bin/loggen" --format log --lines 20000 --seed 2 -o two
cmp -s one same || fail 'the same seed gave other data'
cmp -s one two && fail 'another seed gave the same data'
[ "$(wc -l <one)" -eq 20000 ] || fail 'not as many lines as asked for'
[ "$(tail -n 1 one | grep -c 'msg="shutdown complete"')" -eq 1 ] || fail 'no last line'

# CSV holds the same records.
expect 0 "$bin/loggen" --format csv --lines 20000 --seed 1 -o one.csv
for field in level msg latency bytes; do
    query="select $field, count(*) group by $field order by $field"
    "$bin/logmap" "$query" one >of-log
    "$bin/logmap" "$query" one.csv >of-csv
    cmp -s of-log of-csv || fail "CSV and log differ in $field"
done
expect 0 "$bin/loggen" --lines 0
output_is </dev/null

# Added to a file, not faster than wanted: the first lines are there when the last are not.
echo before >log
"$bin/loggen" --lines 20 --seed 1 --append -o log --rate 50 &
tries=0
until [ "$(wc -l <log)" -gt 1 ] || [ $tries -eq 500 ]; do
    sleep 0.01
    tries=$((tries + 1))
done
grep -q 'shutdown complete' log && fail 'all lines came at once'
wait $! || fail "status $? from loggen --rate"
"$bin/loggen" --lines 20 --seed 1 >added
{ echo before; cat added; } | cmp - log || fail 'other lines were added'
expect 2 "$bin/loggen" --append
error_has "'--append' needs '--output FILE'"

expect 2 "$bin/loggen" --format xml
error_has "unknown format 'xml'"
expect 2 "$bin/loggen" --lines -1
error_has "option '--lines' needs a whole number from 0 to 1000000000, not '-1'"
expect 2 "$bin/loggen" --seed 18446744073709551616
error_has "option '--seed' needs a whole number"
expect 2 "$bin/loggen" extra
error_has "'extra' is one argument too many"

finish
