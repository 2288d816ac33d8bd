# libevent's own tests, which fork for each, and play with signals and time: instrumented they come to what
# they come to in the plain build, and each of their processes leaves its profile.
. "$(dirname "$0")/lib.sh"
fetch libevent
unedited -DEVENT__DISABLE_OPENSSL=ON -DEVENT__DISABLE_MBEDTLS=ON -DEVENT__DISABLE_SAMPLES=ON \
    -DEVENT__DISABLE_BENCHMARK=ON -DEVENT__LIBRARY_TYPE=STATIC
run 0 cmake --build build -j 2 --target regress

# "<test> OK" and the like, sorted: the last outcome of each, since some go by the clock and are tried again.
outcomes() {
    sed -n 's/^\([a-z_0-9]*\/[a-z_0-9]*\): *\(\[forking\] *\)*/\1 /p' "$1" | awk '{ last[$1] = $0 } END { for (test in last) print last[test] }' | sort
}

# They sleep most of their time: both run at once.
build/bin/regress >plain 2>&1 &
run 0 "$PGO" -C build train --train 'regress=regress'
wait $! || fail "the plain tests failed: $(tail -n 1 plain)"
outcomes plain >plain.outcomes
outcomes build/pgo/train/regress/log >instrumented.outcomes
diff plain.outcomes instrumented.outcomes || fail "other outcomes in the instrumented build"
[ "$(wc -l <plain.outcomes)" -gt 200 ] || fail "few tests were run"
run 0 "$PGO" -C build train --json
python3 - <<'END' || fail "not every process wrote"
import json
record = json.load(open("out"))[0]
assert record["processes"] == record["wrote"] > 200, record
END
