# The ways to have the subproject: by the wrap files in templates/, as an archive and as a repository; and
# by find_program() alone, since the wraps provide the program. Nothing is compiled before it is wanted.
. "$(dirname "$0")/lib.sh"
need git tar sha256sum
release pgo-0.1.0
tar czf pgo-0.1.0.tar.gz pgo-0.1.0
hash=$(sha256sum pgo-0.1.0.tar.gz | cut -d ' ' -f 1)
mv pgo-0.1.0 repository
git -C repository init -q
git -C repository add .
git -C repository -c user.name=t -c user.email=t@t commit -qm all
git -C repository tag v0.1.0

# with_program DIRECTORY: the project asks for the program, and not for the subproject.
with_program() {
    echo "run_target('status', command: [find_program('pgo'), '-C', meson.global_build_root(), 'status'])" \
        >>"$1/meson.build"
}

# with_header DIRECTORY: a program of the project includes pgo.h, which dependency() finds.
with_header() {
    edit "$1/sum.c" '1s/^/#include <pgo.h>\n/' 's/return 0;/pgo_flush(); return 0;/'
    edit "$1/meson.build" "s/^sum = .*core/&, dependencies: dependency('pgo')/"
}

# project_by WRAP EDIT: in `src`, edited by one of these functions; configured in `build`.
project_by() {
    rm -rf src build
    small src
    mkdir src/subprojects
    sed -e "s|https://example.org|file://$(echo "$work" | sed 's/ /%20/g')|" \
        -e 's|/pgo\.git|/repository|' -e "s|= 0*$|= $hash|" \
        "$PGO_ROOT/templates/subprojects/$1.wrap" >src/subprojects/pgo.wrap
    $2 src
    setup src build
    run 0 ninja -C build
    [ -z "$(find build/subprojects -name '*.o')" ] || fail "$1: the driver was compiled with the project"
}

project_by pgo with_program
project_by pgo with_targets
run 0 ninja -C build pgo-use
has out "found their profile (100.0 %)"
# pgo.h, by dependency() alone.
project_by pgo with_header
project_by pgo-git with_program
run 0 ninja -C build status
has out "dataset"
