# Profiles of front-end instrumentation among those of IR instrumentation: which file is of which kind.
FAMILY=clang
. "$(dirname "$0")/../lib.sh"
need clang
rm -rf src build
project src
clang -fprofile-instr-generate -o other src/core.c src/sum.c
printf '"%s/other" 10\n"$1/sum" 10\n' "$work" >src/both.sh
training src both -- sh '{source}/both.sh' '{build}'
configure src build
run 1 "$PGO" -C build use
one_error
has err "profiles of two kinds cannot be merged" ".profraw' (training 'both') is of IR instrumentation" \
    "of front-end instrumentation" "hint: " "-fprofile-instr-generate"
echo '"$1/sum" 10' >src/both.sh
run 0 "$PGO" -C build use
