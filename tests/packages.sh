# Sourced by the scripts that set up a machine: installs Debian packages for what is missing.
#   need_packages COMMAND-OR-HEADER:PACKAGE...
# As root or with passwordless sudo it installs without asking, after saying what; otherwise it says
# what to install and ends with status 1. A word with a slash is a header below /usr/include, and one
# that begins with a slash a file; either may be a pattern.
need_packages() {
    missing=
    for pair; do
        what=${pair%%:*}
        package=${pair#*:}
        case $what in
        /*) is_there "$what" || missing="$missing $package" ;;
        */*) is_there "/usr/include/${what#*/}" || missing="$missing $package" ;;
        *) command -v "$what" >/dev/null 2>&1 || missing="$missing $package" ;;
        esac
    done
    [ -z "$missing" ] || install_packages "$missing"
}

# is_there PATTERN: a file that matches it.
is_there() {
    # shellcheck disable=SC2086
    for file in $1; do
        [ ! -e "$file" ] || return 0
    done
    return 1
}

# install_packages "PACKAGE..."
install_packages() {
    missing=$1
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "Please install:$missing (names of Debian packages)" >&2
        exit 1
    fi
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        echo "Please install what is missing: apt-get install$missing" >&2
        exit 1
    fi
    echo "Installing:$missing"
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# Clang's profile runtime is in a package of its own, which a Clang may have been installed without.
need_clang_runtime() {
    echo 'int main(void) { return 0; }' |
        clang -fprofile-generate -x c - -o /dev/null 2>/dev/null && return 0
    major=$(clang -dumpversion)
    install_packages " libclang-rt-${major%%.*}-dev"
}
