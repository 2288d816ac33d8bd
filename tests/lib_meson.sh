# Sourced by lib.sh: how a project is described to Meson, configured and built there. lib_cmake.sh has the same
# words for CMake; lib.sh says what they mean. MESON: which Meson, by default that on PATH.
# shellcheck disable=SC2034 # what those that source this use
lists=meson.build
exclusion="override_options: ['b_pgo=off']"
MESON=${MESON:-meson}
need "$MESON" ninja

in_cmake() {
    cat >/dev/null
}

in_meson() {
    cat >>"$1/meson.build"
}

start() { # DIRECTORY NAME [LANGUAGE...]
    mkdir -p "$1"
    _where=$1
    _name=$2
    shift 2
    _languages=$(echo "${*:-C}" | tr '[:upper:]' '[:lower:]' | sed "s/cxx/cpp/; s/ /', '/g")
    echo "project('$_name', '$_languages', meson_version: '>=1.0.0')" >"$_where/meson.build"
}

module() { # DIRECTORY
    mkdir -p "$1/subprojects"
    ln -s "$PGO_ROOT" "$1/subprojects/pgo"
    with_targets "$1"
}

# Words as strings, after commas.
quoted() {
    for _word; do
        printf ", '%s'" "$(printf '%s' "$_word" | sed "s/\\\\/\\\\\\\\/g; s/'/\\\\'/g")"
    done
}

joined() {
    echo "$*" | sed 's/ /, /g'
}

target() { # DIRECTORY KIND NAME "SOURCE..." [LIBRARY...]
    _where=$1
    _kind=$2
    _name=$3
    # shellcheck disable=SC2086
    _sources=$(quoted $4)
    shift 4
    _uses=${1:+, link_with: [$(joined "$@")]}
    case $_kind in
    program) echo "$_name = executable('$_name'$_sources$_uses)" ;;
    late) echo "$_name = executable('$_name'$_sources$_uses, build_by_default: false)" ;;
    static) echo "$_name = static_library('$_name'$_sources$_uses)" ;;
    shared) echo "$_name = shared_library('$_name'$_sources$_uses)" ;;
    module) echo "$_name = shared_module('$_name'$_sources$_uses)" ;;
    esac >>"$_where/meson.build"
}

# more DIRECTORY TARGET ARGUMENT: to what declares the target, which is one line.
more() {
    edit "$1/meson.build" "s|^$2 = \(.*\))\$|$2 = \1, $3)|"
}

option() { # DIRECTORY TARGET NAME
    echo "option('$3', type: 'boolean', value: false)" >>"$1/meson_options.txt"
    more "$1" "$2" "c_args: get_option('$3') ? ['-D$3'] : []"
}

compiled_with() { # DIRECTORY TARGET FLAG
    more "$1" "$2" "c_args: '$3'"
}

# A directory as Meson wants it, which has to be absolute.
directory() {
    case $1 in
    '{build}'*) printf 'meson.project_build_root()' ;;
    *) printf 'meson.project_source_root()' ;;
    esac
    _rest=${1#?source\}}
    _rest=${_rest#?build\}}
    [ -z "${_rest#/}" ] || printf " / %s" "$(quoted "${_rest#/}" | cut -c 3-)"
}

program() { # DIRECTORY WORD
    if grep -q "^$2 = " "$1/meson.build"; then
        echo "$2"
    else
        echo "find_program($(quoted "${2#?source\}/}" | cut -c 3-))"
    fi
}

training() { # DIRECTORY NAME [ATTRIBUTE=VALUE...] -- WORD...
    withdraw "$1" "$2"
    _where=$1
    _name=$2
    _env=
    _inputs=
    _also=
    _rest=
    shift 2
    while [ "$1" != -- ]; do
        _value=$(quoted "${1#*=}" | cut -c 3-)
        case $1 in
        weight=* | repeat=* | stdin=*)
            _env="$_env, 'PGO_$(echo "${1%%=*}" | tr '[:lower:]' '[:upper:]')': $_value"
            ;;
        server=* | ready=* | stop=* | grace=* | ready_timeout=*)
            _env="$_env, 'PGO_$(echo "${1%%=*}" | tr '[:lower:]' '[:upper:]')': $_value"
            ;;
        also=*) _also="$_also${_also:+\\n}${1#*=}" ;;
        parallel) _env="$_env, 'PGO_PARALLEL': '1'" ;;
        input=*) _inputs="$_inputs${_inputs:+\\n}${1#*=}" ;;
        env=*)
            _value=${1#*=}
            _env="$_env, '${_value%%=*}': $(quoted "${_value#*=}" | cut -c 3-)"
            ;;
        timeout=*) _rest="$_rest, timeout: ${1#*=}" ;;
        depends=*) _rest="$_rest, depends: ${1#*=}" ;;
        cwd=*) _rest="$_rest, workdir: $(directory "${1#*=}")" ;;
        serial) _env="$_env, 'PGO_SERIAL': '1'" ;;
        held-out) _env="$_env, 'PGO_HELD_OUT': '1'" ;;
        *) fail "no attribute: $1" ;;
        esac
        shift
    done
    shift
    [ -z "$_inputs" ] || _env="$_env, 'PGO_INPUTS': '$_inputs'"
    [ -z "$_also" ] || _env="$_env, 'PGO_ALSO': '$_also'"
    [ -z "$_env" ] || _rest="$_rest, env: {${_env#, }}"
    _first=$(program "$_where" "$1")
    shift
    _args=$(quoted "$@" | cut -c 3-)
    printf '%s\n' "benchmark('$_name', $_first, args: [$_args], suite: 'pgo'$_rest)" >>"$_where/meson.build"
}

withdraw() { # DIRECTORY NAME
    sed -i "/^benchmark('$2', /d" "$1/meson.build"
}

own_test() { # DIRECTORY NAME WORD...
    _where=$1
    _name=$2
    _first=$(program "$_where" "$3")
    shift 3
    printf '%s\n' "test('$_name', $_first, args: [$(quoted "$@" | cut -c 3-)])" >>"$_where/meson.build"
}

exclude() { # DIRECTORY TARGET...
    _where=$1
    shift
    for _name; do
        more "$_where" "$_name" "$exclusion"
    done
}

# The setting as Meson takes it.
setting() {
    case $1 in
    -*) printf '%s\n' "$1" ;;
    type=*) printf '%s\n' "-Dbuildtype=${1#*=}" ;;
    flags=*) printf '%s\n' "-Dc_args=${1#*=}" ;;
    dataset=* | min_match=* | min_coverage=* | waive=*) printf '%s\n' "-Dpgo:$1" ;;
    *=ON) printf '%s\n' "-D${1%ON}true" ;;
    *=OFF) printf '%s\n' "-D${1%OFF}false" ;;
    *=*) printf '%s\n' "-D$1" ;;
    *) printf '%s\n' "$1" ;;
    esac
}

configure() { # SOURCE BUILD [SETTING...]
    if [ -d "$2/meson-private" ]; then
        shift
        reconfigure "$@"
        return
    fi
    _source=$1
    _build=$2
    _compiler=$CC
    [ ! -x "$CC" ] || _compiler="'$CC'" # Meson reads it as a shell does
    shift 2
    for _each; do
        shift
        case $_each in
        launcher=?*) _compiler="'${_each#*=}' $_compiler" ;;
        launcher=) ;;
        *) set -- "$@" "$(setting "$_each")" ;;
        esac
    done
    CC=$_compiler "$MESON" setup -Dbuildtype=release "$@" -- "$_build" "$_source" >configure.log 2>&1 || {
        cat configure.log >&2
        fail "meson setup $_build $_source"
    }
}

reconfigure() { # BUILD [SETTING...]
    _build=$1
    shift
    for _each; do
        shift
        set -- "$@" "$(setting "$_each")"
    done
    if [ $# -gt 0 ]; then
        "$MESON" configure "$@" -- "$_build" >configure.log 2>&1
    else
        ninja -C "$_build" build.ninja >configure.log 2>&1
    fi || fail "configuring again: $(cat configure.log)"
}

value() { # STAGE SETTING
    tr '{' '\n' <"build/pgo/$1/meson-info/intro-buildoptions.json" |
        sed -n "s/^\"name\": \"$(setting "$2=" | sed 's/^-D//; s/=.*//')\", \"value\": \"*\([^\",]*\).*/\1/p" |
        sed 's/^true$/ON/; s/^false$/OFF/'
}

goal() { # BUILD [TARGET]
    ninja -C "$1" ${2:+"$2"}
}

commands() { # STAGE
    ninja -C "build/pgo/$1" -t compdb | grep '"command".* -c '
}

# Below a build directory: what the build tool itself writes.
tool_files='/^meson-logs\//d'
