. "${0%/*}/lib.sh"

mkdir root
"$bin/loggen" --lines 5000 --seed 1 -o root/app.log
gzip -k root/app.log 2>/dev/null || cp root/app.log root/app.log.gz

# begun COMMAND...: it runs in the background, and has printed something to ./out.
begun() {
    : >out
    "$@" >out 2>err &
    client=$!
    tries=0
    while [ ! -s out ] && [ $tries -lt 500 ]; do
        sleep 0.02
        tries=$((tries + 1))
    done
}

# serve OPTION...: starts a server, and waits until it says its port.
serve() {
    : >said
    "$bin/logserve" --root root "$@" >said 2>errors &
    server=$!
    tries=0
    while [ ! -s said ] && [ $tries -lt 500 ]; do
        sleep 0.02
        tries=$((tries + 1))
    done
    port=$(sed -n 's/^listening at 127\.0\.0\.1://p' said)
}
# served SIGNAL: it ends by that, cleanly.
served() {
    kill -s "$1" $server
    wait $server || fail "status $? from the server after SIG$1"
    [ ! -s errors ] || fail "the server says: $(cat errors)"
}
ask() {
    expect 0 "$bin/logclient" --port "$port" "$@"
}
refused() {
    reason=$1
    shift
    expect 2 "$bin/logclient" --port "$port" "$@"
    error_has "the server says: error: $reason"
}

serve
ask cat app.log
output_is <root/app.log
regex=' (ERROR|FATAL) .*(refused|crashed)'
ask grep app.log "$regex"
"$bin/loggrep" "$regex" root/app.log | output_is
query='select component, count(*), avg(latency) where msg !~ "heartbeat" group by component'
ask map app.log "$query"
"$bin/logmap" "$query" root/app.log | output_is
ask tail app.log 'shutdown complete'
output_is <root/app.log
ask -o copy cat app.log.gz
cmp copy root/app.log || fail 'another answer in the file'

# Many at once, of each kind.
asked=
for request in "cat app.log" "map app.log $query" "grep app.log $regex" "tail app.log shutdown"; do
    "$bin/logclient" --port "$port" --clients 8 "$request" >"many.${request%% *}" &
    asked="$asked $!"
done
for client in $asked; do
    wait "$client" || fail "status $? of a client"
done
cmp many.cat root/app.log || fail 'another answer to many'
cmp many.tail root/app.log || fail 'another answer to many that follow'
"$bin/logmap" "$query" root/app.log | cmp - many.map || fail 'another answer to many queries'
"$bin/loggrep" "$regex" root/app.log | cmp - many.grep || fail 'another answer to many that search'

# Of a pipe, each line is for one of them only.
mkfifo root/pipe
"$bin/logclient" --port "$port" --clients 2 cat pipe >out 2>err &
client=$!
{
    tries=0
    until [ "$(find /proc/$server/fd -lname '*/pipe' 2>/dev/null | wc -l)" -eq 2 ] || [ $tries -eq 100 ]; do
        sleep 0.02
        tries=$((tries + 1))
    done
    echo line
} >root/pipe
wait $client && fail 'different answers are taken for the same'
error_has 'two answers differ in line 1'

# What is added while it is followed comes at once.
echo first >root/grow
begun "$bin/logclient" --port "$port" tail grow end
echo first | output_is
printf 'second\nthe end\n' >>root/grow
wait $client || fail "status $? of the client that follows"
output_is <root/grow

refused "cannot open 'root/missing': " cat missing
refused "in the pattern '(' at character 2: missing ')'" grep app.log '('
refused "in the query: 'get' stands where 'select'" map app.log 'get x'
refused "'../secret' is no name of a file of the directory" cat ../secret
refused "'.hidden' is no name" cat .hidden
refused "'' is no name" cat
refused "'more' is too much for cat" cat app.log more
refused "'put' cannot be asked for: cat, grep, map and tail can" put app.log
expect 2 "$bin/logclient" --port "$port" 'cat app.log
cat grow'
error_has 'a request is one line'
expect 2 "$bin/logclient" cat app.log
error_has 'give a port and a request'
expect 2 "$bin/logserve" --port "$port"
error_has "cannot listen at 127.0.0.1:$port: "
served TERM
expect 2 "$bin/logclient" --port "$port" cat app.log
error_has "cannot connect to 127.0.0.1:$port: "

# A signal ends what is followed; the client hears that this was not all.
serve
begun "$bin/logclient" --port "$port" tail grow nothing
served INT
wait $client && fail 'half an answer is taken for a whole one'
error_has 'no line matched before the end'
serve
begun "$bin/logclient" --port "$port" tail grow nothing
kill -s KILL $server
wait $client && fail 'half an answer of a killed server is taken for a whole one'
error_has 'the answer was cut off'
serve --timeout 0.1
refused 'no line matched before the end' tail app.log nothing
served TERM

finish
