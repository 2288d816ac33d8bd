# `pgo exec` ends with its parent and by signals also between runs, leaves nothing of its group behind,
# and works for parents that ignore SIGCHLD.
. "$(dirname "$0")/../lib.sh"
cat >short <<'EOF'
trap 'exit 0' TERM
sleep 0.1
EOF
sh -c '"$0" exec --repeat 500 -- sh short & echo $! >pid; sleep 5' "$PGO" &
parent=$!
sleep 0.5
kill -KILL $parent
gone() { ! kill -0 "$(cat pid)" 2>/dev/null; }
wait_for gone

"$PGO" exec --repeat 500 -- sh short &
pid=$!
sleep 0.3
kill -TERM $pid
got=0
wait $pid || got=$?
same $got 143 "status after one SIGTERM"

"$PGO" exec -- sh -c 'sleep 61.5 & exit 0'
! pgrep -f 'sleep 61.5' >/dev/null || fail "a process of the group is left"

got=0
env --ignore-signal=CHLD "$PGO" exec -- sh -c 'exit 7' || got=$?
same $got 7 "status with SIGCHLD ignored"
