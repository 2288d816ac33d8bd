# Sourced by the tests on lighttpd, a server with modules: trained by clients at once, whose answers are
# checked, on a port that the training gets, and stopped by SIGTERM, of which it ends in its own way.
# shellcheck source=tests/real/lib.sh
. "$(dirname "$0")/lib.sh"
need python3
fetch lighttpd

mkdir -p www/docs/deep
seq 20000 >www/numbers.txt
echo '<title>hello</title>' >www/index.html
for i in 1 2 3 4 5 6 7 8 9; do
    seq $i >www/docs/$i.txt
done
cat >lighttpd.conf <<EOF
server.port = env.PGO_PORT
server.bind = "127.0.0.1"
server.document-root = "$work/www"
server.modules = ("mod_access", "mod_alias", "mod_setenv", "mod_status", "mod_deflate",
                  "mod_indexfile", "mod_dirlisting", "mod_staticfile")
server.feature-flags += ("server.graceful-shutdown-timeout" => 5)
index-file.names = ("index.html")
dir-listing.activate = "enable"
status.status-url = "/status"
alias.url = ("/other/" => "$work/www/docs/")
setenv.add-response-header = ("X-Way" => "trained")
url.access-deny = ("9.txt")
mimetype.assign = (".txt" => "text/plain", ".html" => "text/html")
deflate.mimetypes = ("text/")
deflate.allowed-encodings = ("gzip")
EOF
cat >client.py <<'EOF'
import http.client
import sys

port, rounds = int(sys.argv[1]), int(sys.argv[2])
ASKED = [("GET", "/", {}, 200, b"hello"), ("GET", "/numbers.txt", {}, 200, b"\n19999\n"),
         ("GET", "/numbers.txt", {"Range": "bytes=10-19"}, 206, b"\n"),
         ("GET", "/numbers.txt", {"Accept-Encoding": "gzip"}, 200, b""), ("HEAD", "/numbers.txt", {}, 200, b""),
         ("GET", "/docs/", {}, 200, b"8.txt"), ("GET", "/docs", {}, 301, b""), ("GET", "/docs/9.txt", {}, 403, b""),
         ("GET", "/other/3.txt", {}, 200, b"1\n2\n3\n"), ("GET", "/missing", {}, 404, b""),
         ("POST", "/", {"Content-Length": "0"}, 200, b"hello"), ("GET", "/status", {}, 200, b"<"),
         ("GET", "/%64ocs/./1.txt?a=b", {}, 200, b"1\n"), ("GET", "/docs/../../x", {}, 404, b"")]
for _ in range(rounds):
    kept = http.client.HTTPConnection("127.0.0.1", port)
    for method, path, headers, status, part in ASKED:
        kept.request(method, path, headers=headers)
        answer = kept.getresponse()
        body = answer.read()
        if answer.status != status or part not in body:
            sys.exit(f"{method} {path}: {answer.status} {body[:200]}")
    kept.close()
EOF

# trained_server MODULES: `pgo use` by the server, whose modules lie there in the build directory; it wrote
# profiles, and is as good when it is optimized.
trained_server() {
    optimized --server "web=lighttpd -D -f '$work/lighttpd.conf' -m '{build}/$1'" \
        --train "web=python3 '$work/client.py' {port} 30" --also "web=python3 '$work/client.py' {port} 30" \
        --parallel web --weight web=2 --min-coverage 20
    same "$(trained)" web
    has build/pgo/train/web/record "processes 1" "wrote 1"
    has out "pgo/use/$1/lighttpd" "pgo/use/$1/mod_dirlisting.so"
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    PGO_PORT=$port "build/pgo/use/$1/lighttpd" -D -f lighttpd.conf -m "build/pgo/use/$1" 2>server.log &
    server=$!
    wait_for python3 client.py "$port" 1
    run 0 python3 client.py "$port" 5
    kill $server
    wait $server || fail "the optimized server ended with status $?"
}
