# A project that is compiled with a sanitizer, or with profile flags of its own: refused before anything is
# built, naming a target.
. "$(dirname "$0")/../lib.sh"
for compiler in gcc clang; do
    family $compiler
    rm -rf src build
    project src
    trainings src
    compiled_with src mul -fsanitize=undefined
    configure src build
    driver 1 use
    one_error
    has err "target 'mul' is compiled with -fsanitize=undefined" "hint: nothing was built" "$exclusion"
    [ -z "$(find build/pgo/instrument -name '*.o')" ] || fail "something was built"

    edit src/$lists 's/-fsanitize=undefined/--coverage/'
    reconfigure build
    driver 1 use
    one_error
    has err "target 'mul' is compiled with --coverage: pgo gives profile flags itself" "$exclusion"
    [ -z "$(find build/pgo/instrument -name '*.o')" ] || fail "something was built"
    edit src/$lists 's/--coverage/-fsanitize=undefined/'

    # What is taken back does not count; nor what merely hardens, which GCC does not have.
    edit src/$lists 's/-fsanitize=undefined/-fno-sanitize=all/'
    case $compiler in
    gcc) reconfigure build flags=-fsanitize=undefined ;;
    clang) reconfigure build flags=-fsanitize=safe-stack ;;
    esac
    case $compiler in
    gcc)
        driver 1 use
        has err "target '" "' is compiled with -fsanitize=undefined"
        hasnt err "target 'mul'"
        reconfigure build flags=-fsanitize=undefined\ -fno-sanitize=undefined
        ;;
    esac
    works
done
