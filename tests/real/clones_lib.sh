# Sourced by the surveys: many projects of the distribution, configured as a user would and then cloned by the
# driver, without building them. A survey defines `first SOURCE [OPTION...]`, which configures `build` with
# the tool that stop() made, and `again`, a second configure of it; its list is in a text file of its name.
# shellcheck source=tests/real/lib.sh
. "$(dirname "$0")/lib.sh"
list=$PGO_ROOT/tests/real/$(basename "$0" .all.sh).txt

# stop TOOL PATTERN: makes `tool`, which builds what checks of a project need, but no stage: nothing when its
# words match.
stop() {
    need "$CC" "$CXX" "$1"
    executable tool <<EOT
#!/bin/sh
case "\$*" in
$2) exit 0 ;;
esac
exec $(command -v "$1") "\$@"
EOT
}

# Generated sources of the user tree that the stage has otherwise, or not at all.
differences() {
    (cd build && find . -type f -regex '.*\.[ch]\(c\|h\|pp\|xx\)?' ! -path './pgo/*' ! -path '*/CMakeFiles/*' ! -path './meson-*') | sort |
        while read -r file; do
            clone=build/pgo/instrument/$file
            if [ ! -e "$clone" ]; then
                printf ' no %s' "${file#./}"
            else
                sed "s|$work/build/pgo/instrument|$work/build|g" "$clone" | cmp -s - "build/$file" ||
                    printf ' other %s' "${file#./}"
            fi
        done
}

# What the driver makes of the tree in `build`. Of a build that never was it says at the end that there is
# no program.
outcome() {
    "$PGO" -C build instrument >out 2>err </dev/null || :
    differing=$(differences)
    if ! grep -q 'nothing can be trained$' err; then
        echo "fails: $(sed -n 's/^pgo: error: //p' err | head -n 1)"
    elif grep -q -e afresh -e 'the stages use' err; then
        echo "configured afresh: $(sed -n 's/^pgo: \(.*afresh\|.*the stages use\)/\1/p' err | head -n 1)"
    elif grep -q '^pgo: warning' err; then
        echo "clones, warns: $(sed -n 's/^pgo: warning: //p' err | head -n 1)"
    elif [ -z "$differing" ]; then
        echo "clones"
    elif again >configure.log 2>&1 && [ -z "$(differences)" ]; then
        echo "clones, as a second configure of the user's would be:$differing"
    else
        echo "clones, but:$(differences)"
    fi
}

rank() {
    case $1 in
    clones | 'clones, as '*) echo 0 ;;
    'clones, '*) echo 1 ;;
    'configured afresh'*) echo 2 ;;
    *) echo 3 ;;
    esac
}

# survey PACKAGE[:VARIANT] DIRECTORY [OPTION...]
survey() {
    name=$1
    directory=$2
    shift 2
    (fetch "${name%:*}") >fetched || {
        cat fetched
        return 0
    }
    read -r _ version <fetched
    rm -rf build
    first "src/$directory" "$@" >configure.log 2>&1 || {
        echo "skipped: $name cannot be configured here: $(grep -A 3 -e '^CMake Error' -e ' ERROR: ' configure.log | tr -s '\n ' ' ')"
        return 0
    }
    now=$(outcome)
    echo "$name $version $now" | tee -a surveyed
    before=$(sed -n "s/^$name [^ ]* //p" "$list")
    [ -z "$before" ] || [ "$(rank "$now")" -le "$(rank "$before")" ] || {
        cat err
        echo "$name: '$before' in the list" | tee -a worse
    }
}

# survey_all: lines of survey's words.
survey_all() {
    : >surveyed
    while read -r words; do
        # shellcheck disable=SC2086
        survey $words </dev/null
    done
}

# concluded CONFIGURED-BY: with CLONES_UPDATE=1 writes the list; otherwise fails when a project came out worse
# than it says.
concluded() {
    [ -s surveyed ] || skip "no project could be fetched and configured"
    echo "$(grep -c ' clones' surveyed) of $(wc -l <surveyed) clone"
    if [ -n "${CLONES_UPDATE:-}" ]; then
        {
            echo "# Written by $(basename "$0") on $(date +%F): $(. /etc/os-release && echo "$PRETTY_NAME"), $1, $CC $($CC -dumpversion)."
            echo "# package[:variant] version outcome"
            cat surveyed
        } >"$list"
    elif [ -e worse ]; then
        fail "$(wc -l <worse) came out worse than in the list"
    fi
}
