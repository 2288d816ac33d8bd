# A compiler, or a C library, that lacks what pgo's runtime needs: told once and in the status, and
# everything works by the compiler's own.
. "$(dirname "$0")/../lib.sh"
for each in gcc clang; do
    family $each
    real=$(command -v "$CC")
    : >broken
    executable tools/$CC <<END
#!/bin/sh
[ ! -e "$work/broken" ] || case "\$*" in
*/runtime/runtime.c*)
    echo "runtime.c:1: error: no such thing here" >&2
    exit 1
    ;;
esac
exec "$real" "\$@"
END
    CC=$work/tools/$CC
    export CC
    ready
    run 0 "$PGO" -C build use
    has out "found their profile (100.0 %)"
    has err "pgo's runtime cannot be linked with" "no such thing here"
    run 0 "$PGO" -C build use
    hasnt err runtime
    run 0 "$PGO" -C build status
    has out "the compiler's own alone: error: no such thing here"
    ! commands instrument | grep -e 'PGO_INSTRUMENTED ' || fail "pgo.h would call what is not there"

    # It is tried again: what was in the way has passed.
    rm broken
    works
    run 0 "$PGO" -C build status
    has out "pgo's, linked into instrumented programs"
done
