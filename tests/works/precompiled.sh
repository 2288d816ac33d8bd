# target_precompile_headers in C and C++, of a library and reused by a program, also silenced by -w:
# the headers are taken, and all functions find their profile.
. "$(dirname "$0")/../lib.sh"
mkdir src
mkdir src/pch # where Meson wants it
cat >src/all.h <<'END'
#pragma once
#include <stdlib.h>
static inline int way(int a) { return a % 3 ? a : -a; }
#define FROM_HEADER 1
END
cp src/all.h src/pch/all.h
for suffix in c cpp; do
    cat >src/part.$suffix <<'END'
#ifndef FROM_HEADER
#error the header was not taken
#endif
static int hidden(int a) { return a % 5 ? way(a) : a; }
static int (*const ways[])(int) = {way, hidden};
int part(int a) { return abs(ways[a % 2](a)); }
END
    cat >src/main.$suffix <<'END'
int part(int);
int main(int argc, char **argv)
{
    int sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += part(i) + way(i);
    return sum == argc && argv;
}
END
done
start src precompiled C CXX
in_meson src <<'END'
foreach suffix : ['c', 'cpp']
  pch = {suffix + '_pch': 'pch/all.h'}
  lib = static_library('part_' + suffix, 'part.' + suffix, kwargs: pch)
  program = executable('main_' + suffix, 'main.' + suffix, link_with: lib, kwargs: pch)
  benchmark(suffix, program, suite: 'pgo')
endforeach
END
in_cmake src <<'END'
foreach(suffix c cpp)
  add_library(part_${suffix} STATIC part.${suffix})
  target_precompile_headers(part_${suffix} PRIVATE all.h)
  add_executable(main_${suffix} main.${suffix})
  target_precompile_headers(main_${suffix} REUSE_FROM part_${suffix})
  target_link_libraries(main_${suffix} part_${suffix})
endforeach()
pgo_add_training(c COMMAND main_c)
pgo_add_training(cpp COMMAND main_cpp)
END
for flags in "" -w; do
    rm -rf build
    case $SYSTEM in
    cmake) configure src build "flags=$flags" "-DCMAKE_CXX_FLAGS=$flags" ;;
    meson) configure src build "flags=$flags" "-Dcpp_args=$flags" ;;
    esac
    works
    has out "8 of 8 functions in 4 of 4 translation units"
    hasnt build/pgo/log/use.log "invalid-pch" "not used because"
    hasnt err warning:
done
