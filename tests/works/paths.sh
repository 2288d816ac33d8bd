# Directories and files of unusual names: wherever plain CMake configures and builds, all of it works.
. "$(dirname "$0")/../lib.sh"
project proto
trainings proto
cat >>proto/CMakeLists.txt <<'END'
file(WRITE "${CMAKE_BINARY_DIR}/made.c" "static int in(int a) { return a % 3 ? a : -a; }
int made(int a);\nint made(int a) { return in(a) + in(a + 1); }\n")
target_sources(core PRIVATE "${CMAKE_BINARY_DIR}/made.c")
END
# Sources too, except for ';' and '[', at which CMake's own lists break.
for name in "two words" "it's" 'a$b' 'a#b' 'äö' 'a+b@c' '-x'; do
    number=$((${number:-0} + 1))
    printf 'static int in(int a) { return a %% 3 ? a : -a; }\nint odd%s(int a);\nint odd%s(int a) { return in(a) + 1; }\n' \
        $number $number >"proto/$name.c"
    printf 'target_sources(sum PRIVATE [[%s]])\n' "${name#-}.c" | sed 's/\[\[x\.c/[[.\/-x.c/' >>proto/CMakeLists.txt
done

# plain DIRECTORY: whether CMake alone works there; what it prints goes to the log of the test.
plain() {
    cp -R proto "$1/plain"
    sed -i -e '/include(PGO)/d' -e '/pgo_/d' "$1/plain/CMakeLists.txt"
    cmake -S "$1/plain" -B "$1/plain build" >plain.log 2>&1 && cmake --build "$1/plain build" >>plain.log 2>&1
}

long=$(printf 'long%.0s' $(seq 1 50))
for name in " a  b'c(d)&e!{build}{{x~^=+,@y@*?\` " 'a$b$HOME ${x}' '100%p%m%2F' '#äö日本' 'a>b<c>' 'open[ it' 'shut] it' \
    'a]==]b' '-D x' "$long" 'a:b' 'a"b'; do
    top="$work/$name"
    mkdir -p "$top"
    rm -rf out err
    cp -R proto "$top/src"
    if cmake -S "$top/src" -B "$top/build" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_MODULE_PATH="$PGO_ROOT/cmake" >configure.log 2>&1 &&
        "$PGO" -C "$top/build" use >out 2>err; then
        has out " 10 of 10 translation units" "(100.0 %)" "build/pgo/use/sum"
        hasnt err warning
        run 0 "$PGO" -C "$top/build" use --train "third='$(printf %s "$top" | sed "s/'/'\\\\''/g")/build/mul' 7"
        same "$(trained)" third
        case $name in
        *[#\<\>]*) has configure.log "CMake allows no custom targets" "'$top/build' use" ;;
        *)
            run 0 cmake --build "$top/build" --target help
            has out pgo-use
            ;;
        esac
        echo "works: $name"
        worked=$((${worked:-0} + 1))
    elif plain "$top"; then
        cat configure.log
        fail "plain CMake works in '$name'"
    else
        echo "CMake itself does not work: $name"
    fi
    rm -rf "$top"
done
[ "${worked:-0}" -ge 7 ] || fail "only ${worked:-0} names were tried"
