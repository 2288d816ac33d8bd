# Sourced by lib.sh: how a project is described to CMake, configured and built there. lib_meson.sh has the same
# words for Meson; lib.sh says what they mean.
# shellcheck disable=SC2034 # what those that source this use
lists=CMakeLists.txt
exclusion=pgo_exclude_targets

in_cmake() {
    cat >>"$1/CMakeLists.txt"
}

in_meson() {
    cat >/dev/null
}

start() { # DIRECTORY NAME [LANGUAGE...]
    mkdir -p "$1"
    _where=$1
    _name=$2
    shift 2
    cat >"$_where/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.25)
project($_name ${*:-C})
include(PGO)
EOF
}

module() {
    :
}

target() { # DIRECTORY KIND NAME "SOURCE..." [LIBRARY...]
    _where=$1
    _name=$3
    case $2 in
    program) echo "add_executable($_name $4)" ;;
    late) echo "add_executable($_name EXCLUDE_FROM_ALL $4)" ;;
    static) echo "add_library($_name STATIC $4)" ;;
    shared) echo "add_library($_name SHARED $4)" ;;
    module) echo "add_library($_name MODULE $4)" ;;
    esac >>"$_where/CMakeLists.txt"
    shift 4
    [ $# = 0 ] || echo "target_link_libraries($_name $*)" >>"$_where/CMakeLists.txt"
}

option() { # DIRECTORY TARGET NAME
    cat >>"$1/CMakeLists.txt" <<EOF
option($3 "" OFF)
if($3)
  target_compile_definitions($2 PRIVATE $3)
endif()
EOF
}

compiled_with() { # DIRECTORY TARGET FLAG
    echo "target_compile_options($2 PRIVATE $3)" >>"$1/CMakeLists.txt"
}

quoted() {
    for _word; do
        if [ -n "$_word" ]; then
            printf ' [==[%s]==]' "$_word"
        else
            printf ' ""'
        fi
    done
}

ready_when() { # "KIND WORD..."
    _kind=${1%% *}
    _words=${1#"$_kind"}
    case $_kind in
    line | socket) printf ' READY %s%s' "$(echo "$_kind" | tr '[:lower:]' '[:upper:]')" "$(quoted "${_words# }")" ;;
    command) printf ' READY RUN%s' "$_words" ;;
    *) printf ' READY PORT' ;;
    esac
}

training() { # DIRECTORY NAME [ATTRIBUTE=VALUE...] -- WORD...
    withdraw "$1" "$2"
    _where=$1/CMakeLists.txt
    _also=
    printf 'pgo_add_training(%s' "$2" >>"$_where"
    shift 2
    while [ "$1" != -- ]; do
        case $1 in
        weight=* | repeat=* | timeout=* | depends=*)
            printf ' %s %s' "$(echo "${1%%=*}" | tr '[:lower:]' '[:upper:]')" "${1#*=}"
            ;;
        stop=*) printf ' STOP_SIGNAL %s' "${1#*=}" ;;
        grace=* | ready_timeout=* | server=*)
            printf ' %s %s' "$(echo "${1%%=*}" | tr '[:lower:]' '[:upper:]')" "${1#*=}"
            ;;
        ready=*) ready_when "${1#*=}" ;;
        also=*) _also="$_also COMMAND ${1#*=}" ;;
        parallel) printf ' PARALLEL' ;;
        stdin=*) printf ' STDIN%s' "$(quoted "${1#*=}")" ;;
        input=*) printf ' INPUTS%s' "$(quoted "${1#*=}")" ;;
        env=*) printf ' ENVIRONMENT%s' "$(quoted "${1#*=}")" ;;
        cwd=*) printf ' WORKING_DIRECTORY%s' "$(quoted "${1#*=}")" ;;
        serial) printf ' SERIAL' ;;
        held-out) printf ' HELD_OUT' ;;
        *) fail "no attribute: $1" ;;
        esac >>"$_where"
        shift
    done
    shift
    printf ' COMMAND%s%s)\n' "$(quoted "$@")" "$_also" >>"$_where"
}

withdraw() { # DIRECTORY NAME
    sed -i "/^pgo_add_training($2 /d" "$1/CMakeLists.txt"
}

own_test() { # DIRECTORY NAME WORD...
    _where=$1/CMakeLists.txt
    _name=$2
    shift 2
    printf 'enable_testing()\nadd_test(NAME%s COMMAND%s)\n' "$(quoted "$_name")" "$(quoted "$@")" >>"$_where"
}

exclude() { # DIRECTORY TARGET...
    _where=$1/CMakeLists.txt
    shift
    echo "pgo_exclude_targets($*)" >>"$_where"
}

# The setting as CMake takes it.
setting() {
    case $1 in
    -*) printf '%s\n' "$1" ;;
    type=*) printf '%s\n' "-DCMAKE_BUILD_TYPE=${1#*=}" ;;
    flags=*) printf '%s\n' "-DCMAKE_C_FLAGS=${1#*=}" ;;
    launcher=*) printf '%s\n' "-DCMAKE_C_COMPILER_LAUNCHER=${1#*=}" ;;
    prefix=*) printf '%s\n' "-DCMAKE_INSTALL_PREFIX=${1#*=}" ;;
    dataset=* | min_match=* | min_coverage=* | waive=*)
        printf '%s\n' "-DPGO_$(echo "${1%%=*}" | tr '[:lower:]' '[:upper:]')=${1#*=}"
        ;;
    *=*) printf '%s\n' "-D$1" ;;
    *) printf '%s\n' "$1" ;;
    esac
}

configure() { # SOURCE BUILD [SETTING...]
    _source=$1
    _build=$2
    shift 2
    for _each; do
        shift
        set -- "$@" "$(setting "$_each")"
    done
    cmake -S "$_source" -B "$_build" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_MODULE_PATH="$PGO_ROOT/cmake" "$@" >configure.log 2>&1 || {
        cat configure.log >&2
        fail "cmake -S $_source -B $_build"
    }
}

reconfigure() { # BUILD [SETTING...]
    _build=$1
    shift
    for _each; do
        shift
        set -- "$@" "$(setting "$_each")"
    done
    cmake "$@" "$_build" >configure.log 2>&1 || fail "configuring again: $(cat configure.log)"
}

value() { # STAGE SETTING
    case $2 in
    type) sed -n "s/^CMAKE_BUILD_TYPE:[A-Z]*=//p" "build/pgo/$1/CMakeCache.txt" ;;
    *) sed -n "s/^$2:[A-Z]*=//p" "build/pgo/$1/CMakeCache.txt" ;;
    esac
}

goal() { # BUILD [TARGET]
    cmake --build "$1" ${2:+--target "$2"}
}

commands() { # STAGE
    grep '"command"' "build/pgo/$1/compile_commands.json"
}

# Below a build directory: what the build tool itself writes.
tool_files='/^CMakeFiles\/Progress/d
/^CMakeFiles\/progress\.marks$/d
/\/compiler_depend\./d'
