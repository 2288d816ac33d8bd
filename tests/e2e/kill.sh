# Interrupted anywhere, the next run gives what an uninterrupted run gives: the same profile and the
# same programs. Nothing of ours is left running.
. "$(dirname "$0")/../lib.sh"
need setsid script
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

# Ctrl-C on a terminal keeps what is whole; a second one does not wait for what is deaf.
for times in 1 2; do
    training src deaf -- sh -c "trap '' TERM INT; echo >started; while :; do sleep 0.05; done"
    training src quick -- sum 7$times
    rm -f build/pgo/instrument/started
    : >terminal
    {
        wait_for [ -e build/pgo/instrument/started ]
        wait_for grep -q 'train: quick: ' terminal
        date +%s%N >from
        for _ in $(seq $times); do
            printf '\003'
            sleep 0.4
        done
        wait_for nothing_left
    } | {
        got=0
        script -qefc "'$PGO' -C build use -j 2" terminal >/dev/null || got=$?
        same $got 130 "exit status"
    }
    took=$((($(date +%s%N) - $(cat from)) / 1000000))
    [ $times = 1 ] || [ $took -lt 1900 ] || fail "the second signal did not end it at once: $took ms"
    [ "$(grep -c 'pgo: error: ' terminal)" = 1 ] || fail "not just one error: $(cat terminal)"
    has terminal SIGINT
    nothing_left || fail "left: $(left_running)"
    withdraw src deaf
    driver 0 use
    same "$(trained)" "" "trainings that were whole"
done
