# Stopped while a tool of the compiler runs, which the same signal ends: an interruption is told, not
# that the tool failed or was not found; the next run goes on.
FAMILY=clang
. "$(dirname "$0")/../lib.sh"
need clang
real=$(realpath "$(command -v clang)")
mkdir tools
printf '#!/bin/sh\nexec "%s" "$@"\n' "$real" | executable tools/clang
CC="$work/tools/clang"
ready
for word in --version merge show; do
    executable tools/llvm-profdata <<END
#!/bin/sh
for each; do
    if [ "\$each" = $word ]; then
        kill -TERM \$PPID
        kill -TERM \$\$
    fi
done
exec "$(dirname "$real")/llvm-profdata" "\$@"
END
    run 143 "$PGO" -C build use
    one_error
    has err "pgo: error: interrupted by SIGTERM"
done
rm tools/llvm-profdata
works
