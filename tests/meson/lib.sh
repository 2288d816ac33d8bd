# Sourced by the tests on Meson; sources ../lib.sh. MESON: which Meson, by default that on PATH.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
MESON=${MESON:-meson}
export MESON
need "$MESON" ninja

# setup SOURCE BUILD [ARGUMENT...]: as a user would; fails when Meson warns of anything of ours.
setup() {
    source=$1
    build=$2
    shift 2
    "$MESON" setup "$build" "$source" --buildtype=release "$@" >configure.log 2>&1 || {
        cat configure.log >&2
        fail "meson setup $build $source"
    }
    ! grep -E '^pgo.*(WARNING|NOTICE|DEPRECATION)' configure.log >&2 || fail "Meson warns of ours"
}

# small DIRECTORY: the small project, for Meson, with its trainings.
small() {
    project "$1"
    rm "$1/CMakeLists.txt"
    cat >"$1/meson.build" <<'EOF'
project('small', 'c')
core = static_library('core', 'core.c')
sum = executable('sum', 'sum.c', link_with: core, install: true)
mul = executable('mul', 'mul.c', link_with: core)
benchmark('sum', sum, args: '1000', suite: 'pgo')
benchmark('mul', mul, args: '1000', suite: 'pgo')
EOF
}

# What of this repository Meson reads.
release() {
    mkdir -p "$1"
    cp -R "$PGO_ROOT/meson.build" "$PGO_ROOT/meson_options.txt" "$PGO_ROOT/meson" "$PGO_ROOT/src" \
        "$PGO_ROOT/runtime" "$PGO_ROOT/include" "$1"
}

# in_cpp DIRECTORY: a project in C++ alone, with the subproject.
in_cpp() {
    mkdir "$1"
    cat >"$1/meson.build" <<'EOF'
project('small', 'cpp')
executable('sum', 'sum.cc')
EOF
    echo 'int main() { return 0; }' >"$1/sum.cc"
    release "$1/subprojects/pgo"
    with_targets "$1"
}

# The pgo targets of a tree, sorted, as words.
pgo_targets() {
    ninja -C "$1" -t targets all | sed -n 's/^\(pgo-[^:]*\): phony$/\1/p' | sort | words
}

# of_suite SUITE PACKAGE: unpacks Debian's package into $unpacked, once for all tests. Nothing of the
# machine's is changed.
of_suite() {
    need apt-get dpkg flock
    unpacked="$(dirname "$work")/.$2 of $1"
    mkdir -p "$unpacked.apt/lists/partial" "$unpacked.apt/parts"
    cat >"$unpacked.apt/conf" <<EOF
Dir::State "$unpacked.apt";
Dir::State::status "/dev/null";
Dir::Cache "$unpacked.apt";
Dir::Etc::sourcelist "$unpacked.apt/list";
Dir::Etc::sourceparts "$unpacked.apt/parts";
APT::Sandbox::User "root";
EOF
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $1 main" \
        >"$unpacked.apt/list"
    exec 9>"$unpacked.lock"
    flock 9
    [ -d "$unpacked" ] || (
        cd "$unpacked.apt"
        export APT_CONFIG="$unpacked.apt/conf"
        rm -rf new "./$2"_*.deb
        { apt-get -q update && apt-get -q download "$2"; } >log 2>&1 && dpkg -x "$2"_*.deb new &&
            mv new "$unpacked"
    ) || skip "$2 of $1 cannot be fetched: $(grep '^[EW]:' "$unpacked.apt/log" | tail -n 1)"
    exec 9>&-
}
