# Interrupted anywhere, the next run gives what an uninterrupted run gives: the same profile and the
# same programs. Nothing of ours is left running.
. "$(dirname "$0")/../lib.sh"
need setsid
points=${PGO_KILL_POINTS:-6}
project src
training src sum repeat=3 weight=2 -- sum 1000
training src mul -- mul 1000
training src slow -- sh -c "./sum 5; sleep 0.2; ./mul 5"
configure src build

outcome() {
    profile
    cksum build/pgo/use/sum build/pgo/use/mul build/pgo/use/libcore.a
}


# kill_at SECONDS KIND: from scratch, ended then; and once more to the end.
kill_at() {
    rm -rf build/pgo
    setsid "$PGO" -C build use >out 2>err &
    pid=$!
    sleep "$1"
    case $2 in
    alone) kill -KILL $pid ;;
    group) kill -KILL -$pid ;;
    term) kill -TERM $pid ;;
    esac 2>/dev/null || :
    got=0
    wait $pid 2>/dev/null || got=$?
    case $2,$got in
    *,0 | alone,137 | group,137) ;;
    term,143)
        one_error
        has err SIGTERM
        ;;
    *) fail "exit status $got after '$2' at $1 s" ;;
    esac
    driver 0 use
    outcome >got
    cmp -s wanted got || fail "another outcome after '$2' at $1 s: $(cat wanted got)"
    driver 0 use
    hasnt err train: merge: configuring
    wait_for nothing_left
}

start=$(date +%s.%N)
driver 0 use
end=$(date +%s.%N)
outcome >wanted

i=0
for kind in ${PGO_KILL_KINDS:-alone group term alone group term}; do
    part=0
    while [ $part -lt $((points / 6)) ]; do
        i=$((i + 1))
        part=$((part + 1))
        kill_at "$(awk "BEGIN { print ($end - $start) * ($i - 0.5) / $points }")" "$kind"
    done
done

# A child that ignores SIGTERM does not outlive a killed driver, whatever was killed with it.
training src deaf -- sh -c "trap '' TERM; echo >started; ./sum 3; sleep 30 & wait"
for kind in alone group; do
    rm -f build/pgo/instrument/started
    setsid "$PGO" -C build use >out 2>err &
    pid=$!
    wait_for [ -e build/pgo/instrument/started ]
    case $kind in
    alone) kill -KILL $pid ;;
    group) kill -KILL -$pid ;;
    esac
    wait $pid 2>/dev/null || :
    wait_for nothing_left
done

# Ctrl-C. A shell has its background commands ignore it, so the driver is in the foreground here.
rm -f build/pgo/instrument/started
(
    wait_for [ -e build/pgo/instrument/started ]
    kill -INT "$(cat pid)"
) &
got=0
sh -c 'echo $$ >pid; exec "$PGO" -C build use' >out 2>err || got=$?
same $got 130 "exit status"
one_error
has err SIGINT
wait_for nothing_left
