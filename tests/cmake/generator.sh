# A generator that is not supported: configuring and the user's own build work, the pgo command explains.
# A tree of one configuration knows no other.
# shellcheck disable=SC2119
. "$(dirname "$0")/../lib.sh"
ready
edit build/CMakeCache.txt 's/^CMAKE_GENERATOR:INTERNAL=.*/CMAKE_GENERATOR:INTERNAL=Xcode/'
driver 1 use
one_error
has err "the generator 'Xcode' of '$work/build' is not supported" "hint: configure with -G Ninja, -G 'Ninja Multi-Config' or"
ready
driver 2 use --config Debug
one_error
has err "has no configuration 'Debug'" "hint: it has 'Release'"
driver 0 instrument --config Release
