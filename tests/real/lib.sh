# Sourced by the tests on real programs, beside ../lib.sh: source packages of the distribution. apt's
# files and what it fetches stay in a directory beside the tests' own; nothing is installed, and
# nothing of the machine's is changed.
PGO_WORK=${PGO_WORK:-${TMPDIR:-/tmp}/pgo-real}
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

fetched="$(dirname "$work")/.fetched"

# The machine's own entries for its release, as entries for sources.
fetch_entries() {
    release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ ! -r "$file" ] || sed -n "/^ *deb .*$release/s/deb/deb-src/p" "$file"
    done >"$fetched/entries/ours.list"
    for file in /etc/apt/sources.list.d/*.sources; do
        [ ! -r "$file" ] || awk -v release="$release" \
            'BEGIN { RS = ""; ORS = "\n\n" } $0 ~ release { sub(/Types:[^\n]*/, "Types: deb-src"); print }' "$file"
    done >"$fetched/entries/ours.sources"
    cat >"$fetched/apt.conf" <<END
Dir::State "$fetched/state";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "$fetched/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$fetched/entries";
APT::Sandbox::User "root";
END
}

fetch_apt() {
    APT_CONFIG="$fetched/apt.conf" apt-get -q "$@" >"$fetched/log" 2>&1
}

# Into $fetched/PACKAGE, whole or not at all. Where a mirror lacks the newest version, that of the
# release will do.
fetch_once() {
    rm -rf "$fetched/new"
    mkdir -p "$fetched/new" "$fetched/entries" "$fetched/state/lists/partial" "$fetched/cache"
    fetch_entries
    (
        cd "$fetched/new"
        fetch_apt source "$1" || { fetch_apt update && fetch_apt source "$1"; } ||
            fetch_apt source "$1/$release"
    ) || return 1
    mv "$fetched/new" "$fetched/$1"
}

# fetch PACKAGE: its source, as the distribution has it, in `src`. Tests that run at once wait for
# each other.
fetch() {
    need apt-get dpkg-source flock
    mkdir -p "$fetched"
    exec 9>"$fetched/lock"
    flock 9
    [ -d "$fetched/$1" ] || fetch_once "$1" ||
        skip "$1 cannot be fetched: $(grep '^[EW]:' "$fetched/log" | tail -n 1)"
    exec 9>&-
    rm -rf src
    cp -a "$fetched/$1"/*/ src
    version=$(sed -n 's/^Version: //p' "$fetched/$1"/*.dsc | head -n 1)
    echo "$1 $version"
}

# unedited [OPTION...]: the tree of `src` in `build`, as a user configures it.
unedited() {
    need "$CC" "$CXX"
    cmake -S src -B build -DCMAKE_BUILD_TYPE=Release "$@" >configure.log 2>&1 || {
        cat configure.log
        skip "it cannot be configured here"
    }
}

# meson_unedited [OPTION...]: the same of a source that Meson builds.
meson_unedited() {
    need "$CC" "$CXX" meson ninja
    meson setup build src --buildtype=release --wrap-mode=nodownload "$@" >configure.log 2>&1 || {
        cat configure.log
        skip "it cannot be configured here"
    }
}

# optimized ARGUMENT...: `pgo use`; every function of what was trained has its profile.
optimized() {
    sums src >src.sums
    sums build >build.sums
    driver 0 use "$@"
    grep -E ' of .* found their profile|^not counted' out
    grep '^pgo: warning' err || :
    has out "found their profile (100.0 %)"
}

# The project's own tests pass on the optimized programs: tested LEAST [CTEST-ARGUMENT...]
tested() {
    least=$1
    shift
    mkdir tmp # some write files of fixed names into it, and another variant does the same
    run 0 env TMPDIR="$work/tmp" ctest --test-dir build/pgo/use --output-on-failure -j2 "$@"
    grep 'tests passed' out
    [ "$(sed -n 's/.*tests failed out of //p' out)" -ge "$least" ] || fail "fewer than $least tests ran"
}

# The same by Meson: meson_tested LEAST [ARGUMENT...]
meson_tested() {
    least=$1
    shift
    mkdir tmp
    run 0 env TMPDIR="$work/tmp" meson test -C build/pgo/use --no-rebuild --print-errorlogs "$@"
    grep '^Ok:' out
    [ "$(sed -n 's/^Ok: *//p' out)" -ge "$least" ] || fail "fewer than $least tests passed"
}

# Whatever the verdict, there is one, also on data that nothing was trained on.
compared() {
    driver 0 compare --runs 5
    grep -E ' (faster|slower|no difference shown)' out
    grep -E '^ *[^ ]+ \* .* (faster|slower|no difference shown)' out >/dev/null || fail "no verdict"
}

# Source and user's tree are as before optimized(), byte for byte.
untouched() {
    sums src | cmp - src.sums || fail "the source is not as it was"
    sums build -not -path './pgo/*' | cmp - build.sums || fail "the user's tree is not as it was"
}

# copies N FILE...: their content, N times.
copies() {
    n=$1
    shift
    while [ "$n" -gt 0 ]; do
        cat "$@"
        n=$((n - 1))
    done
}
