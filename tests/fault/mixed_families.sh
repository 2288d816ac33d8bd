# C by one family and C++ by another: configuring works, the pgo targets explain.
. "$(dirname "$0")/../lib.sh"
need gcc clang++
project src
trainings src
in_cmake src <<'END'
enable_language(CXX)
END
in_meson src <<'END'
add_languages('cpp', native: false)
END
echo 'int other(int a) { return a; }' >src/other.cpp
target src static other other.cpp
CC=gcc CXX=clang++ configure src build
run 1 "$PGO" -C build use
one_error
has err "C is compiled by '" ", C++ by '" "hint: "
goal build >/dev/null || fail "the project's own build failed"
