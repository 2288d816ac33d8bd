# Directories and files of unusual names: wherever the build system alone configures and builds, all of it works.
. "$(dirname "$0")/../lib.sh"
project proto
printf 'static int in(int a) { return a %% 3 ? a : -a; }\nint made(int a);\nint made(int a) { return in(a) + in(a + 1); }\n' \
    >proto/made.in
in_cmake proto <<'END'
configure_file(made.in made.c COPYONLY)
target_sources(core PRIVATE "${CMAKE_BINARY_DIR}/made.c")
END
# Sources too, except for ';' and '[', at which CMake's own lists break.
for name in "two words" "it's" 'a$b' 'a#b' 'äö' 'a+b@c' '-x'; do
    number=$((${number:-0} + 1))
    printf 'static int in(int a) { return a %% 3 ? a : -a; }\nint odd%s(int a);\nint odd%s(int a) { return in(a) + 1; }\n' \
        $number $number >"proto/$name.c"
    [ "$name" != -x ] || name=./-x
    odd="${odd:-}$(quoted "$name.c")"
done
in_cmake proto <<END
target_sources(sum PRIVATE $odd)
END
if [ "$SYSTEM" = meson ]; then
    start proto small
    cat >>proto/meson.build <<END
made = configure_file(input: 'made.in', output: 'made.c', copy: true)
core = static_library('core', 'core.c', made)
sum = executable('sum', 'sum.c'$odd, link_with: core)
mul = executable('mul', 'mul.c', link_with: core)
END
fi
cp proto/$lists plain
trainings proto

# plain DIRECTORY: whether the build system alone works there; what it prints goes to the log of the test.
plain() {
    cp -R proto "$1/plain"
    sed '/include(PGO)/d' plain >"$1/plain/$lists"
    (configure "$1/plain" "$1/plain build" && goal "$1/plain build") >plain.log 2>&1
}

long=$(printf 'long%.0s' $(seq 1 50))
for name in " a  b'c(d)&e!{build}{{x~^=+,@y@*?\` " 'a$b$HOME ${x}' '100%p%m%2F' '#äö日本' 'a>b<c>' 'open[ it' 'shut] it' \
    'a]==]b' '-D x' "$long" 'a:b' 'a"b'; do
    top="$work/$name"
    mkdir -p "$top"
    rm -rf out err
    cp -R proto "$top/src"
    if (configure "$top/src" "$top/build") >tried.log 2>&1 &&
        "$PGO" -C "$top/build" use >out 2>err; then
        has out " 10 of 10 translation units" "(100.0 %)" "build/pgo/use/sum"
        hasnt err warning
        run 0 "$PGO" -C "$top/build" use --train "third='$(printf %s "$top" | sed "s/'/'\\\\''/g")/build/mul' 7"
        same "$(trained)" third
        case $SYSTEM,$name in
        meson,*) ;;
        *[#\<\>]*) has configure.log "CMake allows no custom targets" "'$top/build' use" ;;
        *)
            run 0 goal "$top/build" help
            has out pgo-use
            ;;
        esac
        echo "works: $name"
        worked=$((${worked:-0} + 1))
    elif plain "$top"; then
        cat tried.log
        fail "$SYSTEM alone works in '$name'"
    else
        echo "$SYSTEM itself does not work: $name"
    fi
    rm -rf "$top"
done
[ "${worked:-0}" -ge 7 ] || fail "only ${worked:-0} names were tried"
