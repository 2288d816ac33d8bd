# Two commands against each other: verdicts, gates, forms, and what cannot be compared. No times are judged
# but those of programs that sleep, one five times as long.
. "$(dirname "$0")/../lib.sh"
printf 'sleep "$1"\n' >nap
mkdir tmp
export TMPDIR="$PWD/tmp"

run 0 "$PGO" compare --runs 16 --a 'sh nap 0.05' --b 'sh nap 0.01'
grep -Eq '^  command +[0-9.]+ ms +[0-9.]+ ms  wall +[2-9][.][0-9]+  \[[0-9.]+, [0-9.]+\] +16  faster$' out || fail "the row"
has out "above 1 b is faster"
hasnt out "mean" "held out" "optimized"
run 3 "$PGO" compare --runs 16 --fail-if-slower --a 'sh nap 0.01' --b 'sh nap 0.05'
has err "slower: command (--fail-if-slower)"
has out "  slower"
run 0 "$PGO" compare --runs 16 --require 1.2 --a 'sh nap 0.05' --b 'sh nap 0.01'
run 3 "$PGO" compare --runs 16 --require 20 --a 'sh nap 0.05' --b 'sh nap 0.01'
has err "a ratio of at least 20.000 is not shown: the mean is "
hasnt err "more runs may show it"
# Two runs of each show nothing, and no gate is passed by it.
run 3 "$PGO" compare --runs 2 --require 1 --a 'sh nap 0.05' --b 'sh nap 0.01'
has out "unknown" "no difference shown (too few runs to tell: 10 more)"
has err "more runs may show it: --runs"
run 3 "$PGO" compare --runs 2 --fail-if-slower --a 'sh nap 0.05' --b 'sh nap 0.01'
has err "whether it is slower is not known, for too few runs: command (--fail-if-slower)" "more runs may show it: --runs"
# The time is the limit when nothing else is.
run 0 "$PGO" compare --time 0 --a 'sh nap 0.01' --b 'sh nap 0.01'
has out " 2  no difference shown"

# Each run has an environment of another size; what runs one thing at a time is kept on one CPU.
run 0 "$PGO" compare --runs 2 --a true --b 'sh -c "echo \${#PGO_PADDING} >>pads; grep Cpus_allowed_list /proc/self/status >>cpus"'
[ "$(sort -u pads | wc -l)" -gt 1 ] || fail "the environment has one size"
tail -n 1 cpus | grep -q ':[[:space:]]*[0-9]*$' || fail "not on one CPU: $(tail -n 1 cpus)"

# What fails is not tried to the end: it may be what hangs.
run 1 "$PGO" compare --runs 2 --a 'sh -c "echo >>tries; exit 3"' --b true
same "$(wc -l <tries)" 1
# The other forms.
run 0 "$PGO" compare --runs 16 --csv --a 'sh nap 0.05' --b 'sh nap 0.01'
same "$(head -n 1 out)" "workload,held_out,time,ratio,low,high,verdict,runs,executions_per_run,pinned,spread,more_runs,first_wall_s,second_wall_s,first_cpu_s,\
second_cpu_s,first_memory_kib,second_memory_kib,first_instructions,second_instructions,failure"
grep -Eq '^"command",0,wall,[0-9.]+,[0-9.]+,[0-9.]+,faster,16,1,[01],[0-9.]+,[0-9]+,0[.]0[5-9][0-9]*,0[.]0[0-9]*,' out || fail "the CSV"
same "$(sed 's/[^,]//g' out | sort -u | wc -l)" 1 "kinds of lines"
run 0 "$PGO" compare --runs 16 --markdown --a 'sh nap 0.05' --b 'sh nap 0.01'
has out "| workload | a | b | time | ratio | 95 % interval | runs | verdict |" "|---|--:|--:|---|--:|---|--:|---|"
grep -Eq '^[|] command [|] [0-9.]+ ms [|] [0-9.]+ ms [|] wall [|] [0-9.]+ [|] \[[0-9.]+, [0-9.]+\] [|] 16 [|] faster [|]$' out ||
    fail "the Markdown"

# A short program is run several times in a row.
run 0 "$PGO" compare --runs 2 --json --a true --b true
has out '"executions_per_run": ' '"sides": ["a", "b"]'
hasnt out '"executions_per_run": 1,'

# What fails, on which side; what prints other things, or other things each time.
run 1 "$PGO" compare --runs 2 --a true --b 'sh -c "echo oh no; exit 3"'
has err "workload 'command' could not be compared: 'sh' exited with status 3 (b alone)" "    oh no"
has out "not compared: 'sh' exited with status 3 (b alone)"
hasnt err "log:" "pgo-compare."
hasnt out "log:" "pgo-compare."
run 1 "$PGO" compare --runs 2 --csv --a true --b false
same "$(sed 's/[^,]//g' out | sort -u | wc -l)" 1 "kinds of lines"
has out ",\"'false' exited with status 1 (b alone)\""
run 1 "$PGO" compare --runs 2 --a false --b 'sh -c "exit 3"'
has err "'false' exited with status 1 (a and b)"
run 1 "$PGO" compare --runs 2 --json --a true --b false
has out '"failure": "' '"ratio": null' '"runs": null' '"pinned": null' '"wall_s": null'
printf 'echo >>count\n[ "$(wc -l <count)" -le 9 ]\n' >later
run 1 "$PGO" compare --runs 20 --a 'sh later' --b 'sleep 0.01'
has err "'sh' exited with status 1 in one of its runs (a)"
run 0 "$PGO" compare --runs 2 --check-output --a 'echo one' --b 'printf "one\n"'
run 1 "$PGO" compare --runs 2 --check-output --a 'printf "one\ntwo\n"' --b 'printf "one\n2\n"'
has err "a and b print different things, first in line 2"
run 1 "$PGO" compare --runs 2 --check-output --a 'sh -c "date +%N"' --b 'sh -c "date +%N"'
has err "what it prints changes from run to run, first in line 1 (a)"
run 1 "$PGO" compare --runs 2 --check-output --a 'echo 1' --b 'sh -c "echo >>again; wc -l <again"'
has err "what it prints changes from run to run, first in line 1 (b)"
run 1 "$PGO" compare --runs 2 --check-output --a 'printf "x\n\0aaa"' --b 'printf "x\n\0bbb"'
has err "a and b print different things, first in line 2"
run 1 "$PGO" compare --a nosuchprogram --b true
has err "could not be compared: it could not be run (a alone)" "nosuchprogram"

wrong() { # TEXT ARGUMENT...
    text=$1
    shift
    run 2 "$PGO" compare "$@"
    has err "$text"
}
wrong "--a and --b go together" --a true
wrong "'--b' wants a command" --a true --b ''
wrong "a quote is not closed" --a true --b "echo 'x"
wrong "'--require' wants a ratio" --require fast --a true --b true
wrong "--json does not go with --csv" --json --csv --a true --b true
wrong "--a does not go with --vs" --vs . --a true --b true
wrong "--a does not go with --train" --train x=true --a true --b true

# Interrupted, it leaves nothing and ends by the signal.
"$PGO" compare --time 60 --a 'sleep 0.0517' --b 'sleep 0.0517' >out 2>err &
pid=$!
sleep 1
kill -TERM $pid
got=0
wait $pid || got=$?
same $got 143 "status"
same "$(ls tmp)" "" "what is left"
! pgrep -f '^sleep 0.0517$' >/dev/null || fail "a program still runs"
