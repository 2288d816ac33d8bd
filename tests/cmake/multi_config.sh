# A generator that is not supported yet: configuring and the user's own build work, the pgo targets
# explain.
. "$(dirname "$0")/../lib.sh"
unset CMAKE_GENERATOR
project src
trainings src
run 0 cmake -G "Ninja Multi-Config" -S src -B build -DCMAKE_MODULE_PATH="$PGO_ROOT/cmake"
run 0 cmake --build build --config Release --target sum
run 1 "$PGO" -C build use
one_error
has err "generator 'Ninja Multi-Config'" "is not supported" "hint: "
